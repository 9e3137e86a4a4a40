"""The top of a page about a thing: its names, kinds and descriptions, and what leads to it."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import DCTERMS
from kg.namespaces import OWL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from kg.namespaces import shorten
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.cells import is_true
from server.cells import name_of
from server.graph_roles import is_derived
from server.links import Links
from server.withdrawn import Withdrawal

if TYPE_CHECKING:
    from server.thing_solutions import ThingSolutions

# Of the statements that lead to a thing no more are counted, so that a hub costs what others cost.
COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class IncomingCount:
    """How many statements with one property lead to a thing, ``None`` if they were not counted;
    ``key`` names the property.
    """

    key: str
    property: Cell
    count: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """Names, kinds and descriptions; ``kinds`` are stated, ``wider_kinds`` follow from them.

    ``coverage`` is the address of the page on how its source text is covered, if it has one.
    ``withdrawal`` says whether the thing was withdrawn, and what stands in its place.
    """

    name: Cell
    other_names: tuple[Cell, ...]
    kinds: tuple[Cell, ...]
    wider_kinds: tuple[Cell, ...]
    descriptions: tuple[Cell, ...]
    incoming: tuple[IncomingCount, ...]
    is_graph: bool
    coverage: str | None
    withdrawal: Withdrawal | None

    @property
    def incoming_total(self) -> int | None:
        """How many statements lead to the thing; ``None`` for a hub, whose are not counted."""
        counts = [one.count for one in self.incoming]
        return None if None in counts else sum(count or 0 for count in counts)


def head(found: "ThingSolutions", iri: str, links: Links) -> Head:
    """Return the head of the page about ``iri`` from the solutions about it."""
    values: dict[str, list[Term]] = defaultdict(list)
    labels: dict[Term, list[Term | None]] = defaultdict(list)
    stated: set[Term] = set()
    for row in found.named:
        prop = _text(row["property"])
        value = row["value"]
        if value not in values[prop]:
            values[prop].append(value)
        labels[value].append(row.get("valueLabel"))
        if not is_derived(_text(row["graph"]), links):
            stated.add(value)

    def shown(value: Term) -> Cell:
        return cell(value, links, best_label(labels[value]))

    names = [
        name
        for term in (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title", SKOS + "altLabel")
        for name in sorted(values[term], key=str)
    ]
    name = best_label(values[RDFS + "label"]) or best_label(names)
    others = [shown(other) for other in dict.fromkeys(names) if name is None or other != name]
    kinds = sorted(values[RDF + "type"], key=_text)
    counted = found.incoming_total is not None
    counts = {_text(prop): (prop, count) for prop, count in found.counts.items()}
    return Head(
        name=cell(name, links) if name else Cell(name_of(iri, links)),
        other_names=tuple(others),
        kinds=tuple(shown(kind) for kind in kinds if kind in stated),
        wider_kinds=tuple(shown(kind) for kind in kinds if kind not in stated),
        descriptions=tuple(
            shown(text)
            for term in (DCTERMS + "description", SKOS + "definition")
            for text in values[term]
        ),
        incoming=tuple(
            IncomingCount(
                property_key(key, links),
                cell(prop, links, found.names.get(prop)),
                count if counted else None,
            )
            for key, (prop, count) in sorted(
                counts.items(), key=lambda one: own_first(one[0], links)
            )
        ),
        is_graph=found.is_graph,
        coverage=links.coverage(iri) if found.covered else None,
        withdrawal=_withdrawal(iri, values, name),
    )


def _withdrawal(
    iri: str, values: Mapping[str, Sequence[Term]], name: Literal | None
) -> Withdrawal | None:
    if not any(map(is_true, values.get(OWL + "deprecated", ()))):
        return None
    replaced = tuple(map(_text, values.get(DCTERMS + "isReplacedBy", ())))
    return Withdrawal(iri, replaced, name.value if name else None)


def property_key(iri: str, links: Links) -> str:
    """Return the name by which a page's address names a property: prefixed, or its IRI in <>."""
    return shorten(BASE + iri.removeprefix(links.base) if iri.startswith(links.base) else iri)


def own_first(iri: str, links: Links) -> tuple[bool, str]:
    """Return a key by which properties are sorted: ours first."""
    return links.local(iri) is None, iri


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
