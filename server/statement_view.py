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
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.graph_roles import is_derived
from server.graph_roles import is_outside
from server.links import Links
from server.statement_order import Place

Solution = dict[str, Term]

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
# What the top of a page shows, or its claims do.
ELSEWHERE: Final = frozenset(
    (
        *(RDF + "type", RDFS + "label", DCTERMS + "description", SKOS + "definition"),
        *(SKOS + "prefLabel", POL + "asserts", POL + "states", POL + "evidenceFor"),
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


def statement_groups(
    rows: Sequence[Solution],
    links: Links,
    names: Mapping[Term, Literal],
    places: Mapping[str, Place] | None = None,
) -> list[StatementGroup]:
    """Return the statements in the solutions of ``thing.rq`` or ``statements.rq``, with those of
    their records, in the order of ``places``; then the other properties, those of policykg first.

    Left out are the links to other datasets, and what other parts of the page show. Properties go
    by ``names``.
    """
    order = places or {}
    grouped: dict[Term, list[tuple[Term, Statement]]] = defaultdict(list)
    for (prop, value), same in by_statement(rows).items():
        if not is_identity(prop, same):
            grouped[prop].append((value, _statement(prop, same, links)))
    groups = [
        StatementGroup(
            cell(prop, links, names.get(prop)),
            tuple(one for _, one in sorted(statements, key=lambda pair: _text(pair[0]))),
            _heading(prop, order),
        )
        for prop, statements in grouped.items()
    ]
    own = links.iri("ontology", " ").strip()

    def rank(group: StatementGroup) -> tuple[float, float, bool, str]:
        iri = group.property.iri or ""
        place = order.get(iri, _LAST)
        return place.group, place.order, not iri.startswith(own), iri

    return sorted(groups, key=rank)


def is_identity(prop: Term, rows: Sequence[Solution]) -> bool:
    """Return whether the statement links a thing to another dataset."""
    linked = isinstance(prop, NamedNode) and prop.value in IDENTITY_PROPERTIES
    return linked or any("mapping" in row for row in rows)


def _heading(prop: Term, places: Mapping[str, Place]) -> str | None:
    place = places.get(prop.value) if isinstance(prop, NamedNode) else None
    return place.heading if place else None


def by_statement(rows: Sequence[Solution]) -> dict[tuple[Term, Term], list[Solution]]:
    """Return the solutions by property and value, without those that other parts of a page show
    and records of what is not among the statements.
    """
    statements: dict[tuple[Term, Term], list[Solution]] = {}
    for row in rows:
        prop = row["property"]
        if "graph" in row and not (isinstance(prop, NamedNode) and prop.value in ELSEWHERE):
            statements.setdefault((prop, row["value"]), []).append(row)
    for row in rows:
        if "graph" not in row and (row["property"], row["value"]) in statements:
            statements[row["property"], row["value"]].append(row)
    return statements


def _statement(prop: Term, rows: Sequence[Solution], links: Links) -> Statement:
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
        claims=_cells(rows, "basis", "basisLabel", links),
        sources=sources,
        graphs=graphs,
    )


def _cells(rows: Sequence[Solution], name: str, label: str, links: Links) -> tuple[Cell, ...]:
    """Return one cell for each value of ``name``, by the best of its labels."""
    labels: dict[Term, list[Term | None]] = {}
    for row in rows:
        if name in row:
            labels.setdefault(row[name], []).append(row.get(label))
    return tuple(cell(term, links, best_label(found)) for term, found in labels.items())


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
