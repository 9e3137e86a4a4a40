"""What a build changed: the patch of a version, and the things and claims in it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.patch import read_patch
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links

READ: Final = 20_000  # changes that a page looks at; the patch has all of them
SHOWN: Final = 200  # things of a kind that a page shows
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABELS: Final = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "https://w3id.org/policykg/ontology#statement",
)


@dataclass(slots=True)
class _Change:
    added: list[Quad] = field(default_factory=list)
    removed: list[Quad] = field(default_factory=list)

    def labels(self) -> list[Term]:
        """Return the labels among what changed."""
        quads = [*self.added, *self.removed]
        return [quad.object for quad in quads if quad.predicate.value in _LABELS]


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """A thing with what is said of it anew and no longer, as property and value."""

    thing: Cell
    added: tuple[tuple[Cell, Cell], ...]
    removed: tuple[tuple[Cell, Cell], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The things that a build added, took away and changed; ``whole`` if these are all."""

    added: tuple[ChangedThing, ...]
    removed: tuple[ChangedThing, ...]
    changed: tuple[ChangedThing, ...]
    whole: bool

    @property
    def groups(self) -> tuple[tuple[str, tuple[ChangedThing, ...]], ...]:
        """The three groups with their headings."""
        return (("Added", self.added), ("Removed", self.removed), ("Changed", self.changed))


def changes_in(patch: Path, links: Links, engine: Engine) -> Changes:
    """Return what the file ``patch`` changed, but for what is derived and described by itself.

    Things that kept their label go by the one they have now. Raises ``OSError`` if there is no such
    file.
    """
    quads = list(read_patch(patch, READ + 1))
    by_subject: dict[str, _Change] = defaultdict(_Change)
    for is_new, quad in quads[:READ]:
        if isinstance(quad.subject, NamedNode) and not _made(quad, links.base):
            change = by_subject[quad.subject.value]
            (change.added if is_new else change.removed).append(quad)
    groups: dict[str, list[str]] = {"added": [], "removed": [], "changed": []}
    for iri in sorted(by_subject):
        groups[_group(by_subject[iri])].append(iri)
    labels = _labels(engine, [iri for group in groups.values() for iri in group[:SHOWN]])
    added, removed, changed = (
        tuple(_thing(iri, by_subject[iri], labels[iri], links) for iri in group[:SHOWN])
        for group in groups.values()
    )
    whole = len(quads) <= READ and all(len(group) <= SHOWN for group in groups.values())
    return Changes(added, removed, changed, whole)


def _labels(engine: Engine, iris: Iterable[str]) -> dict[str, list[Term]]:
    """Return the labels that things have now, by one query."""
    # SPARQL has no variable for a list; terms are written by the engine's library.
    listed = " ".join(str(NamedNode(iri)) for iri in iris)
    properties = " ".join(str(NamedNode(iri)) for iri in _LABELS)
    asked = (
        f"SELECT ?thing ?label {{ VALUES ?thing {{ {listed} }} "
        f"VALUES ?property {{ {properties} }} ?thing ?property ?label }}"
    )
    found: dict[str, list[Term]] = defaultdict(list)
    for row in engine.rows(Query(asked)) if listed else []:
        found[str(getattr(row["thing"], "value", ""))].append(row["label"])
    return found


def _made(quad: Quad, base: str) -> bool:
    """Whether the statement follows from others, and says nothing that a reader wants to know."""
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    name = graph.removeprefix(f"{base}graph/")
    return name == "description" or name == "derived" or name.startswith("derived/")


def _group(change: _Change) -> str:
    if not change.removed and _types(change.added):
        return "added"
    return "removed" if not change.added and _types(change.removed) else "changed"


def _types(quads: Iterable[Quad]) -> bool:
    return any(quad.predicate.value == _TYPE for quad in quads)


def _thing(iri: str, change: _Change, labels: list[Term], links: Links) -> ChangedThing:
    return ChangedThing(
        cell(NamedNode(iri), links, best_label(labels or change.labels())),
        _pairs(change.added, links),
        _pairs(change.removed, links),
    )


def _pairs(quads: Iterable[Quad], links: Links) -> tuple[tuple[Cell, Cell], ...]:
    ordered = sorted(quads, key=lambda quad: (quad.predicate.value, str(quad.object)))
    return tuple((cell(quad.predicate, links), cell(quad.object, links)) for quad in ordered)
