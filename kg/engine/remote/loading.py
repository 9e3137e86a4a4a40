"""Publishing a built version in the service: new graphs first, then all at once into place.

What has been sent is marked with its checksum in the graph that says which version the data is, so
that an interrupted load goes on where it stopped, and graphs that have not changed are not sent.
"""

import hashlib
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import Triple
from pyoxigraph import serialize

from kg.engine.interface import Version
from kg.engine.remote.state import MARK
from kg.engine.remote.state import STAGED
from kg.engine.remote.state import SUBJECT
from kg.engine.remote.state import marking
from kg.engine.remote.state import putting
from kg.engine.remote.state import state_graph
from kg.engine.remote.transport import Request
from kg.engine.remote.transport import Transport
from kg.engine.remote.transport import told
from kg.errors import BadParameter
from kg.errors import EngineFailed
from kg.settings import Settings

_BATCH: Final = 50_000  # statements of one request
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_SECONDS: Final = 600.0
_JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many graphs were sent, how many were there already, and how many were taken away."""

    sent: int
    kept: int
    removed: int


class Loader:
    """Loads versions into the service that ``settings`` name."""

    def __init__(
        self,
        settings: Settings,
        select: Callable[[str], list[dict[str, str]]],
        progress: Callable[[str], None] = lambda said: None,
    ) -> None:
        for name in ("query_url", "update_url", "store_url"):
            if not getattr(settings, name):
                raise BadParameter(
                    "A graph can only be loaded into a remote engine whose addresses are set",
                    where=f"POLICYKG_{name.upper()}",
                    remedy="Set it, and POLICYKG_ENGINE=remote.",
                )
        self._base = settings.base_iri
        self._select = select
        self._progress = progress
        user, password = settings.engine_user, settings.engine_password
        self._updates = Transport([settings.update_url], user, password)
        self._store = Transport([settings.store_url], user, password)

    def load(self, store: Store, version: Version) -> Loaded:
        """Publish ``version``, whose statements are in ``store``.

        Readers see the old version until all of the new one is there. Raises
        :class:`~kg.errors.EngineFailed` if the service does not hold what it was sent.
        """
        marks = self._marks()
        graphs = sorted(g.value for g in store.named_graphs() if isinstance(g, NamedNode))
        changed: dict[str, str] = {}
        for graph in graphs:
            checksum, count = _checksum(_triples(store, graph))
            if marks.get(graph) == checksum:
                continue
            changed[graph] = checksum
            if marks.get(STAGED + graph) != checksum:
                self._progress(f"sending {graph} ({count} statements)")
                self._send(graph, _triples(store, graph), count)
                self._update(marking(self._base, {STAGED + graph: checksum}))
        loaded = {graph for graph in marks if not graph.startswith(STAGED)}
        removed = sorted(loaded - set(graphs))
        self._progress("putting the version into service")
        self._update(self._switch(changed, removed, version))
        return Loaded(len(changed), len(graphs) - len(changed), len(removed))

    def close(self) -> None:
        """Close the connections."""
        self._updates.close()
        self._store.close()

    def _switch(self, changed: Mapping[str, str], removed: Iterable[str], version: Version) -> str:
        """Return one update that puts everything into place."""
        steps = [f"MOVE GRAPH <{STAGED}{graph}> TO GRAPH <{graph}>" for graph in changed]
        steps += [f"DROP SILENT GRAPH <{graph}>" for graph in removed]
        gone = [*removed, *(STAGED + graph for graph in changed)]
        steps.append(marking(self._base, changed, gone))
        steps.append(putting(self._base, version))
        return " ;\n".join(step for step in steps if step)

    def _marks(self) -> dict[str, str]:
        """Return the checksums of the graphs that earlier loads put there or have sent."""
        graph = state_graph(self._base)
        rows = self._select(
            f"SELECT ?graph ?mark {{ GRAPH <{graph}> {{ ?graph <{MARK}> ?mark }} }}"
        )
        return {row["graph"]: row["mark"] for row in rows if row["graph"] != SUBJECT}

    def _send(self, graph: str, triples: Iterable[Triple], count: int) -> None:
        suffix = urlencode({"graph": STAGED + graph})
        method = "PUT"  # which empties it first, so that no half of an earlier attempt is left
        for batch in _batches(triples):
            body = serialize(batch, format=RdfFormat.N_TRIPLES) or b""
            headers = {"Content-Type": "application/n-triples"}
            self._exchange(self._store, Request(method, body, headers, True, _SECONDS, suffix))
            method = "POST"
        asked = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{STAGED}{graph}> {{ ?s ?p ?o }} }}"
        there = int(self._select(asked)[0]["n"])
        if there != count:
            raise EngineFailed(
                f"The engine was sent {count} statements and holds {there}",
                where=graph,
                remedy="Nothing was put into service. Look into the engine's log, and load again.",
            )

    def _update(self, text: str) -> None:
        if text:
            body = urlencode({"update": text}).encode()
            self._exchange(self._updates, Request("POST", body, _FORM, False, _SECONDS))

    def _exchange(self, transport: Transport, request: Request) -> None:
        reply = transport.send(request)
        if reply.status not in (200, 201, 204):
            raise EngineFailed(
                f"The engine answered with status {reply.status}: {told(reply)}",
                remedy="Nothing was put into service. Correct the engine's settings, load again.",
            )
        reply.body(1 << 20)


def _triples(store: Store, graph: str) -> Iterator[Triple]:
    quads: Iterator[Quad] = store.quads_for_pattern(None, None, None, NamedNode(graph))
    return (quad.triple for quad in quads)


def _checksum(triples: Iterable[Triple]) -> tuple[str, int]:
    """Return a checksum that does not depend on the order, in constant memory, and the count."""
    total, count = 0, 0
    for triple in triples:
        total += int.from_bytes(hashlib.sha256(str(triple).encode()).digest())
        count += 1
    return f"{total % (1 << 256):064x}", count


def _batches(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    left = iter(triples)
    first = True
    while (batch := list(islice(left, _BATCH))) or first:
        first = False
        yield batch
