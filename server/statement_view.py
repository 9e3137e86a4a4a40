"""The statements about a thing as a page shows them: grouped, with where they come from."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import DCTERMS
from kg.namespaces import POL
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.graph_roles import is_derived
from server.graph_roles import is_outside
from server.links import Links
from server.statement_order import Place

EDTF_PROPERTIES: Final = frozenset(
    (POL + "when", POL + "datedTo", POL + "publishedOn", DCTERMS + "issued", DCTERMS + "created")
)
IDENTITY_PROPERTIES: Final = frozenset(
    (
        SCHEMA + "sameAs",
        SKOS + "exactMatch",
        SKOS + "closeMatch",
        SKOS + "broadMatch",
        SKOS + "narrowMatch",
        SKOS + "relatedMatch",
    )
)


_LAST: Final = Place(float("inf"), 0, "")


@dataclass(frozen=True, slots=True)
class Statement:
    """A value with its marks: derived by ``rule`` from ``claims``, taken from ``sources``."""

    value: Cell
    derived: bool
    outside: bool
    rules: tuple[Cell, ...]
    claims: tuple[Cell, ...]
    sources: tuple[Cell, ...]
    graphs: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """The statements with one property; ``heading`` is the name of the part that they belong to."""

    property: Cell
    statements: tuple[Statement, ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A link to another dataset with the reason for it."""

    relation: Cell
    target: Cell
    justification: Cell | None
    confidence: str | None
    comment: Cell | None
    author: Cell | None
    decided: Cell | None


def statement_groups(
    rows: Sequence[dict[str, Term]], links: Links, places: Mapping[str, Place] | None = None
) -> list[StatementGroup]:
    """Return the statements in the solutions of ``statements.rq``, those that link to other
    datasets left out, in the order of ``places``; then the other properties, those of policykg
    first.
    """
    order = places or {}
    grouped: dict[Term, list[Statement]] = defaultdict(list)
    labels: dict[Term, list[Term | None]] = defaultdict(list)
    for (prop, _), same in _by_statement(rows).items():
        labels[prop] += [row.get("propertyLabel") for row in same]
        if not is_identity(prop, same):
            grouped[prop].append(_statement(prop, same, links))
    groups = [
        StatementGroup(
            cell(prop, links, best_label(labels[prop])), tuple(statements), _heading(prop, order)
        )
        for prop, statements in grouped.items()
    ]
    own = links.iri("ontology", " ").strip()

    def rank(group: StatementGroup) -> tuple[float, float, bool]:
        iri = group.property.iri or ""
        place = order.get(iri, _LAST)
        return place.group, place.order, not iri.startswith(own)

    return sorted(groups, key=rank)


def identities(rows: Sequence[dict[str, Term]], links: Links) -> list[Identity]:
    """Return the links to other datasets in the solutions of ``statements.rq``."""
    found = []
    for (prop, target), same in _by_statement(rows).items():
        if not is_identity(prop, same):
            continue
        row = next((row for row in same if "mapping" in row), same[0])
        confidence = row.get("confidence")
        found.append(
            Identity(
                cell(prop, links, best_label(row.get("propertyLabel") for row in same)),
                cell(target, links),
                _optional(row.get("justification"), links),
                confidence.value if isinstance(confidence, Literal) else None,
                _optional(row.get("comment"), links),
                _optional(row.get("author"), links),
                _optional(row.get("decided"), links),
            )
        )
    return found


def is_identity(prop: Term, rows: Sequence[dict[str, Term]]) -> bool:
    """Return whether the statement links a thing to another dataset."""
    linked = isinstance(prop, NamedNode) and prop.value in IDENTITY_PROPERTIES
    return linked or any("mapping" in row for row in rows)


def _heading(prop: Term, places: Mapping[str, Place]) -> str | None:
    place = places.get(prop.value) if isinstance(prop, NamedNode) else None
    return place.heading if place else None


def _by_statement(
    rows: Sequence[dict[str, Term]],
) -> dict[tuple[Term, Term], list[dict[str, Term]]]:
    statements: dict[tuple[Term, Term], list[dict[str, Term]]] = defaultdict(list)
    for row in rows:
        statements[row["property"], row["value"]].append(row)
    return statements


def _statement(prop: Term, rows: Sequence[dict[str, Term]], links: Links) -> Statement:
    iri = prop.value if isinstance(prop, NamedNode) else ""
    edtf = iri.replace(links.base, BASE, 1) in EDTF_PROPERTIES
    value = cell(rows[0]["value"], links, best_label(row.get("valueLabel") for row in rows), edtf)
    graphs = _cells(rows, "graph", "graphLabel", links)
    sources = _cells(rows, "source", "sourceLabel", links)
    return Statement(
        value,
        derived=all(is_derived(graph.iri or "", links) for graph in graphs),
        outside=bool(sources) or any(is_outside(graph.iri or "") for graph in graphs),
        rules=_cells(rows, "rule", "ruleLabel", links),
        claims=_cells(rows, "claim", "claimLabel", links),
        sources=sources,
        graphs=graphs,
    )


def _cells(
    rows: Sequence[dict[str, Term]], name: str, label: str, links: Links
) -> tuple[Cell, ...]:
    """Return one cell for each value of ``name``, by the best of its labels."""
    labels: dict[Term, list[Term | None]] = defaultdict(list)
    for row in rows:
        if name in row:
            labels[row[name]].append(row.get(label))
    return tuple(cell(term, links, best_label(found)) for term, found in labels.items())


def _optional(term: Term | None, links: Links) -> Cell | None:
    return None if term is None else cell(term, links)
