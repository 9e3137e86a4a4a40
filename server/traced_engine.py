"""An engine whose answers have spans."""

from kg.engine.figures import EngineFigures
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.engine.interface import Write
from kg.engine.opening import ServedEngine
from server.tracing import Tracing
from server.tracing import digest


class TracedEngine:
    """Does what ``engine`` does; see :class:`~kg.engine.interface.Engine`."""

    def __init__(self, engine: ServedEngine, tracing: Tracing) -> None:
        self._engine = engine
        self._tracing = tracing

    def version(self) -> Version:
        """Return the version in service."""
        return self._engine.version()

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the result; its span ends when it is whole, or large and begins to come."""
        with self._tracing.span("query", query_digest=digest(query.text)) as span:
            answer = self._engine.answer(query, formats, caller)
            span.set_attribute("policykg.version", answer.version.number)
            if answer.size is not None:
                span.set_attribute("policykg.bytes", answer.size)
            return answer

    def rows(self, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of a query of a page."""
        with self._tracing.span("page query", query_digest=digest(query.text)) as span:
            rows = self._engine.rows(query)
            span.set_attribute("policykg.rows", len(rows))
            return rows

    def has_graph(self, iri: str) -> bool:
        """Return whether there is the graph."""
        return self._engine.has_graph(iri)

    def write(self, write: Write, caller: Caller = LOCAL) -> tuple[Version, bool]:
        """Do the write."""
        with self._tracing.span("write", kind=write.kind) as span:
            version, created = self._engine.write(write, caller)
            span.set_attribute("policykg.version", version.number)
            return version, created

    def figures(self) -> EngineFigures:
        """Return how busy the engine is."""
        return self._engine.figures()

    def start(self) -> None:
        """Get ready."""
        self._engine.start()

    def close(self) -> None:
        """Let go of the store."""
        self._engine.close()
