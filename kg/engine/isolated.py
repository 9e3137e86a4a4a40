"""The embedded engine with walls: queries run in disposable workers, within limits."""

from pathlib import Path

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.pool import Pool


class IsolatedEngine(EmbeddedEngine):
    """Answers in worker processes; only :meth:`rows`, meant for bounded queries of our own, reads
    in this process.
    """

    def __init__(self, data: Path, limits: Limits, union: bool = True) -> None:
        super().__init__(data)
        self._pool = Pool(limits, union)

    def start(self) -> None:
        """Have a worker ready ahead of the first query."""
        self._pool.start(self._versions.store_path(self.version()))

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the result from a worker; see :class:`~kg.engine.interface.Engine`.

        Raises :class:`~kg.errors.LimitError` besides.
        """
        version = self.version()
        relayed = self._pool.run(self._versions.store_path(version), query, formats, caller)
        return Answer(relayed.form, relayed.media_type, relayed.chunks, version, relayed.size)

    def close(self) -> None:
        """End the workers and let go of the store."""
        self._pool.stop()
        super().close()
