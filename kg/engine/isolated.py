"""The embedded engine with walls: queries and writes run in processes of their own."""

from collections.abc import Sequence
from pathlib import Path

from kg.engine.cache import AnswerCache
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Version
from kg.engine.interface import Write
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.pool import Pool
from kg.engine.isolation.process import Zygote
from kg.engine.isolation.writing import Writing
from kg.errors import StoreError


class IsolatedEngine(EmbeddedEngine):
    """Answers in worker processes; only :meth:`rows`, meant for bounded queries of our own, reads
    in this process.
    """

    def __init__(
        self, data: Path, limits: Limits, union: bool = True, services: Sequence[str] = ()
    ) -> None:
        super().__init__(data)
        self._zygote = Zygote()
        self._pool = Pool(self._zygote, limits, union, services)
        self._cache = AnswerCache(limits.cache)
        self._writing = Writing(self._zygote, data, limits)

    def start(self) -> None:
        """Have a worker ready ahead of the first query."""
        self._pool.start(self._versions.store_path(self.version()))

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the result from a worker, or from the cache if a worker gave it before.

        See :class:`~kg.engine.interface.Engine`. What comes from the cache takes no place.
        Raises :class:`~kg.errors.LimitError` besides.
        """
        while True:
            version = self.version()
            kept = self._cache.find(version, query, formats)
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
            return self._cache.keep(query, formats, answer)

    def write(self, write: Write, caller: Caller = LOCAL) -> tuple[Version, bool]:
        """Do ``write``; see :meth:`kg.engine.isolation.writing.Writing.write`."""
        return self._writing.write(write, caller)

    def load(self) -> tuple[int, int]:
        """Return how many queries run and how many wait."""
        return self._pool.admission.counts()

    def close(self) -> None:
        """End the workers and let go of the store."""
        self._pool.stop()
        self._zygote.stop()
        super().close()
