"""The engine over a service that speaks the SPARQL 1.1 Protocol and the Graph Store Protocol."""

import threading
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import QueryResultsFormat
from pyoxigraph import QuerySolutions
from pyoxigraph import parse_query_results

from kg.engine.cache import AnswerCache
from kg.engine.evaluation import solution_rows
from kg.engine.figures import EngineFigures
from kg.engine.figures import PoolFigures
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.engine.interface import Write
from kg.engine.isolation.admission import Admission
from kg.engine.isolation.limits import Limits
from kg.engine.remote.query_fields import request_fields
from kg.engine.remote.replies import JSON
from kg.engine.remote.replies import accept_header
from kg.engine.remote.replies import checked
from kg.engine.remote.replies import form_of
from kg.engine.remote.replies import held_back
from kg.engine.remote.replies import strange
from kg.engine.remote.state import STAGED
from kg.engine.remote.state import asking
from kg.engine.remote.state import state_graph
from kg.engine.remote.transport import Reply
from kg.engine.remote.transport import Request
from kg.engine.remote.transport import Transport
from kg.engine.remote.writing import RemoteWriting
from kg.errors import EngineDown
from kg.errors import EngineFailed
from kg.errors import QueryRefused
from kg.errors import StoreMissing
from kg.settings import Settings

_FRESH_SECONDS: Final = 1.0  # for which a version is believed before it is asked for again
_ROWS_BYTES: Final = 64 << 20
# Not by DISTINCT, for which Virtuoso looks at everything, and for seconds.
_GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_FORM: Final = "application/x-www-form-urlencoded"
# Graphs in which Virtuoso keeps things about itself.
_OF_THE_SERVICE: Final = (
    "http://localuriqaserver/",
    "http://www.openlinksw.com/",
    "http://www.w3.org/ns/ldp#",
    "http://www.w3.org/2002/07/owl#",
)


class RemoteEngine:
    """Answers from a service elsewhere, whose data is said to be of one version at a time.

    Several threads may use one engine.
    """

    def __init__(self, settings: Settings, limits: Limits) -> None:
        user, password = settings.engine_user, settings.engine_password
        self._settings = settings
        self._limits = limits
        self._reads = Transport(settings.query_url, user, password)
        self._cache = AnswerCache(limits.cache)
        self._admission = Admission(limits)
        self._lock = threading.Lock()
        self._known: tuple[float, Version, tuple[str, ...]] | None = None
        self._writing = RemoteWriting(settings, limits, self.version, self._renew)

    def start(self) -> None:
        """Look which version the service holds."""
        self.version()

    def version(self) -> Version:
        """Return the version that the service says its data is of.

        While the service cannot be reached it is the last one known, so that kept answers can be
        given. Raises :class:`~kg.errors.StoreMissing`, :class:`~kg.errors.EngineDown`.
        """
        return self._current()[1]

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the result as the service sends it, or from the cache.

        See :class:`~kg.engine.interface.Engine`; raises :class:`~kg.errors.EngineFailed`,
        :class:`~kg.errors.EngineDown` and the errors of the limits besides.
        """
        _, version, graphs = self._current()
        kept = self._cache.find(version, query, formats)
        if kept is not None:
            return kept
        self._admission.enter(caller.client, caller.abandoned)
        entered = time.monotonic()

        def leave() -> None:
            self._admission.leave(caller.client, time.monotonic() - entered)

        try:
            reply = self._ask(query, graphs, accept_header(query.text, formats), caller.abandoned)
            form, media_type = form_of(reply, formats)
            answer = held_back(reply, self._limits.result, leave)
        except BaseException:
            leave()
            raise
        chunks, size = answer
        return self._cache.keep(query, formats, Answer(form, media_type, chunks, version, size))

    def rows(self, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query; see :class:`~kg.engine.interface.Engine`."""
        return self._rows(query, self._current()[2])

    def has_graph(self, iri: str) -> bool:
        """Return whether there is a statement in the graph; most services know no empty ones."""
        return bool(self.rows(Query(f"SELECT ?s {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} LIMIT 1")))

    def write(self, write: Write, caller: Caller = LOCAL) -> tuple[Version, bool]:
        """Do ``write``; see :meth:`kg.engine.remote.writing.RemoteWriting.write`."""
        return self._writing.write(write, self.has_graph)

    def select(self, text: str) -> list[dict[str, str]]:
        """Return the rows of the query ``text``, each value as text, from the service's graphs as
        they are, whether a version is in service or not.
        """
        rows = self._rows(Query(text), ())
        return [{name: getattr(t, "value", str(t)) for name, t in row.items()} for row in rows]

    def load(self) -> tuple[int, int]:
        """Return how many queries run and how many wait."""
        return self._admission.counts()

    def figures(self) -> EngineFigures:
        """Return how busy the way to the service is, and how full the cache is."""
        running, waiting = self._admission.counts()
        pool = PoolFigures("queries", self._limits.workers, running, waiting)
        return EngineFigures((pool,), (self._cache.figures(),))

    def close(self) -> None:
        """Close the connections."""
        self._reads.close()
        self._writing.close()

    def _current(self) -> tuple[float, Version, tuple[str, ...]]:
        known = self._known
        now = time.monotonic()
        if known and now - known[0] < _FRESH_SECONDS:
            return known
        with self._lock:
            if self._known and self._known is not known:
                return self._known  # another thread has asked meanwhile
            try:
                version = self._ask_version()
            except (EngineDown, EngineFailed):
                if known is None:
                    raise
                self._known = (now, *known[1:])
                return self._known
            same = known is not None and known[1] == version
            graphs = known[2] if known is not None and same else self._ask_graphs()
            self._known = (time.monotonic(), version, graphs)
            return self._known

    def _renew(self) -> Version:
        """Ask for the version again, after a write, and return it."""
        with self._lock:
            self._known = None
        return self.version()

    def _ask_version(self) -> Version:
        rows = self._rows(Query(asking(self._settings.base_iri)), ())
        if not rows:
            raise StoreMissing(
                "The engine holds no published graph",
                remedy="Run `policykg load` with the same settings.",
            )
        values = {name: getattr(term, "value", "") for name, term in rows[0].items()}
        return Version(int(values["number"]), values["digest"], int(values["quads"]))

    def _ask_graphs(self) -> tuple[str, ...]:
        if self._settings.remote_union == "engine":
            return ()
        found = [getattr(row["g"], "value", "") for row in self._rows(Query(_GRAPHS), ())]
        own = self._settings.base_iri
        hidden = (state_graph(own), STAGED, *_OF_THE_SERVICE)
        return tuple(sorted(iri for iri in found if not iri.startswith(hidden)))

    def _rows(self, query: Query, graphs: tuple[str, ...]) -> list[dict[str, Term]]:
        reply = self._ask(query, graphs, JSON, lambda: False)
        if reply.media_type not in (JSON, "application/json"):
            raise strange(reply)
        body = reply.body(_ROWS_BYTES + 1)
        if len(body) > _ROWS_BYTES:
            raise EngineFailed("The engine sent more than a page can show")
        try:
            results = parse_query_results(body, QueryResultsFormat.JSON)
            if not isinstance(results, QuerySolutions):
                raise QueryRefused("Only a SELECT query has rows")
            return solution_rows(results)
        except (SyntaxError, ValueError) as error:
            raise EngineFailed(f"The engine's answer cannot be read: {error}") from None

    def _ask(
        self, query: Query, graphs: tuple[str, ...], accept: str, abandoned: Callable[[], bool]
    ) -> Reply:
        fields, shift = request_fields(query, graphs, self._settings)
        headers = {"Content-Type": _FORM, "Accept": accept}
        body = urlencode(fields).encode()
        seconds = self._limits.query_seconds
        request = Request("POST", body, headers, True, seconds, abandoned=abandoned)
        return checked(self._reads.send(request), shift)
