"""How good the suggester is: each decided pair is asked for again as if it were not decided."""

from collections import defaultdict
from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.linking.graph import Entity
from kg.linking.graph import entities
from kg.linking.sssom import Mapping
from kg.linking.suggest import THRESHOLD
from kg.linking.suggest import Suggester
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS

_FULL = (SCHEMA + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch")


@dataclass(frozen=True, slots=True)
class Quality:
    """How the suggester does in one dataset, leaving one out.

    ``asked`` things of ours were decided there; for ``suggested`` of them a candidate is above the
    threshold, which is linked in ``right`` cases. ``linked`` of them have a link that says
    that both are the same or nearly, of which ``found`` come first.
    """

    graph: str
    entries: int
    asked: int
    suggested: int
    right: int
    linked: int
    found: int

    @property
    def precision(self) -> float | None:
        """The share of the suggestions that are right; ``None`` without any."""
        return self.right / self.suggested if self.suggested else None

    @property
    def recall(self) -> float | None:
        """The share of the links that are found; ``None`` without any."""
        return self.found / self.linked if self.linked else None


def leave_one_out(
    mappings: Sequence[Mapping],
    ours: ReadMapping[str, Entity],
    kinds: ReadMapping[str, set[str]],
    targets: Sequence[Quad],
) -> list[Quality]:
    """Return how the suggester does in each dataset of ``targets`` that was decided about."""
    by_graph: dict[str, list[Quad]] = defaultdict(list)
    for quad in targets:
        by_graph[str(quad.graph_name)[1:-1]].append(quad)
    measured = []
    for graph, quads in sorted(by_graph.items()):
        found = entities(quads)
        sources = _sources(quads, graph)
        asked = {
            one.subject
            for one in mappings
            if one.object in found or (one.sought and one.values.get("object_source") in sources)
        }
        if asked and found:
            measured.append(_measure(graph, sorted(asked), mappings, ours, kinds, found))
    return measured


def _sources(quads: Sequence[Quad], graph: str) -> set[str]:
    return {
        quad.object.value
        for quad in quads
        if quad.subject == NamedNode(graph) and isinstance(quad.object, NamedNode)
    }


def _measure(
    graph: str,
    asked: Sequence[str],
    mappings: Sequence[Mapping],
    ours: ReadMapping[str, Entity],
    kinds: ReadMapping[str, set[str]],
    found: ReadMapping[str, Entity],
) -> Quality:
    # What was refused is not held back: the suggester must see for itself that it is wrong.
    suggester = Suggester(found.values(), [one for one in mappings if one.holds])
    suggested = right = linked = hits = 0
    for iri in asked:
        subject = ours.get(iri)
        if subject is None:
            continue
        links = [
            one for one in mappings if one.subject == iri and one.object in found and one.holds
        ]
        full = {one.object for one in links if one.predicate in _FULL}
        first = next(
            iter(suggester.suggest(subject, kinds.get(iri, set()), subject.near_iris, 1)), None
        )
        if first and first.score >= THRESHOLD:
            suggested += 1
            right += first.target.iri in {one.object for one in links}
        linked += bool(full)
        hits += bool(first and first.score >= THRESHOLD and first.target.iri in full)
    return Quality(graph, len(found), len(asked), suggested, right, linked, hits)
