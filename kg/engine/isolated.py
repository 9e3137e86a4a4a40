"""The embedded engine with walls: queries and writes run in processes of their own."""

from collections.abc import Sequence
from pathlib import Path

from kg.engine.cache import AnswerCache
from kg.engine.embedded import EmbeddedEngine
from kg.engine.figures import EngineFigures
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.engine.interface import Write
from kg.engine.isolation.dispatch import Dispatch
from kg.engine.isolation.dispatch import Loop
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.page_rows import PageRows
from kg.engine.isolation.pool import Pool
from kg.engine.isolation.process import Zygote
from kg.engine.isolation.writing import Writing
from kg.errors import StoreError


class IsolatedEngine(EmbeddedEngine):
    """Answers in worker processes; those of pages are others than those of queries."""

    def __init__(
        self,
        data: Path,
        limits: Limits,
        union: bool = True,
        services: Sequence[str] = (),
        load_sources: Sequence[str] = (),
    ) -> None:
        super().__init__(data)
        self._zygote = Zygote()
        self._pool = Pool(self._zygote, limits, union, services)
        self._pages = PageRows(self._zygote, limits)
        self.cache = AnswerCache(limits.cache)
        self._writing = Writing(self._zygote, data, limits, load_sources)

    def start(self) -> None:
        """Have a worker ready ahead of the first query."""
        store = self._versions.store_path(self.version())
        self._pool.start(store)
        self._pages.prepare(store)

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the result from a worker, or from the cache if a worker gave it before.

        See :class:`~kg.engine.interface.Engine`. What comes from the cache takes no place.
        Raises :class:`~kg.errors.LimitError` besides.
        """
        while True:
            version = self.version()
            kept = self.cache.find(version, query, formats)
            if kept is not None:
                return kept
            try:
                relayed = self._pool.run(self._versions.store_path(version), query, formats, caller)
            except StoreError:
                # A version can retire between being looked up and being opened.
                if self.version() == version:
                    raise
                continue
            answer = Answer(relayed.form, relayed.media_type, relayed.chunks, version, relayed.size)
            return self.cache.keep(query, formats, answer)

    def rows(self, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query; see :class:`~kg.engine.interface.Engine`.

        Raises :class:`~kg.errors.LimitError` besides.
        """
        while True:
            version = self.version()
            try:
                return self._pages.rows(self._versions.store_path(version), query)
            except StoreError:
                if self.version() == version:
                    raise

    def write(self, write: Write, caller: Caller = LOCAL) -> tuple[Version, bool]:
        """Do ``write``; see :meth:`kg.engine.isolation.writing.Writing.write`."""
        return self._writing.write(write, caller)

    def dispatch(self, loop: Loop) -> Dispatch:
        """Return what runs queries by the events of ``loop``, in the same workers."""
        return Dispatch(self._pool, loop)

    def store_path(self, version: Version) -> Path:
        """Return the folder of the store of ``version``."""
        return self._versions.store_path(version)

    def load(self) -> tuple[int, int]:
        """Return how many queries run and how many wait."""
        return self._pool.admission.counts()

    def figures(self) -> EngineFigures:
        """Return how busy the workers are and how full the cache is."""
        pools = self._pool.figures("queries"), self._pages.figures()
        return EngineFigures(pools, (self.cache.figures(),))

    def close(self) -> None:
        """End the workers and let go of the store."""
        self._pool.stop()
        self._pages.stop()
        self._zygote.stop()
        super().close()
