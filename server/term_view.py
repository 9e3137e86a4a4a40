"""The page of one term of the ontology."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import OWL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from kg.namespaces import shorten
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links

FORMATS: Final = (
    ("ttl", "Turtle"),
    ("jsonld", "JSON-LD"),
    ("rdf", "RDF/XML"),
    ("nt", "N-Triples"),
)
# The rows of the page: heading, direction in which the ontology states it, property.
_ROWS: Final = (
    ("Kind", "of", RDF + "type"),
    ("Above it", "of", RDFS + "subClassOf"),
    ("Below it", "to", RDFS + "subClassOf"),
    ("Above it", "of", RDFS + "subPropertyOf"),
    ("Below it", "to", RDFS + "subPropertyOf"),
    ("Domain", "of", RDFS + "domain"),
    ("Range", "of", RDFS + "range"),
    ("Inverse", "of", OWL + "inverseOf"),
    ("Inverse", "to", OWL + "inverseOf"),
    ("Disjoint with", "of", OWL + "disjointWith"),
    ("Disjoint with", "to", OWL + "disjointWith"),
    ("Properties of it", "to", RDFS + "domain"),
    ("Properties that lead to it", "to", RDFS + "range"),
    ("Values", "to", RDF + "type"),
)
_USES: Final = {
    "members": ("thing of this class", "things of this class"),
    "statements": ("statement with this property", "statements with this property"),
    "claims": ("claim with this predicate", "claims with this predicate"),
    "values": ("statement with this value", "statements with this value"),
}


@dataclass(frozen=True, slots=True)
class TermView:
    """What the page of a term shows; ``rows`` are headings with terms, ``uses`` are sentences,
    ``wider`` the IRIs of all classes above it.
    """

    iri: str
    short: str
    label: Cell
    definitions: tuple[Cell, ...]
    examples: tuple[Cell, ...]
    notes: tuple[Cell, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    uses: tuple[str, ...]
    wider: tuple[str, ...]


def term_node(iri: str) -> NamedNode | None:
    """Return ``iri`` as a term of a query, or ``None`` if it is no IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def term_view(
    rows: Sequence[dict[str, Term]], uses: Sequence[dict[str, Term]], iri: str, links: Links
) -> TermView:
    """Return the page from the solutions of ``term.rq`` and ``term-uses.rq``."""
    values: dict[tuple[str, str], dict[Term, list[Term | None]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        key = _text(row["direction"]), _text(row["property"])
        values[key][row["value"]].append(row.get("valueLabel"))

    def cells(direction: str, prop: str) -> tuple[Cell, ...]:
        found = values.get((direction, prop), {})
        return tuple(cell(value, links, best_label(labels)) for value, labels in found.items())

    gathered: dict[str, dict[str | None, Cell]] = {}
    for heading, direction, prop in _ROWS:
        for one in cells(direction, prop):
            gathered.setdefault(heading, {}).setdefault(one.iri, one)
    label = best_label(values.get(("of", RDFS + "label"), {}))
    short = shorten(iri.replace(links.base, BASE, 1))
    return TermView(
        iri,
        short,
        cell(label, links) if label else Cell(short),
        cells("of", SKOS + "definition"),
        cells("of", SKOS + "example"),
        cells("of", SKOS + "scopeNote"),
        tuple((heading, _in_order(found.values())) for heading, found in gathered.items()),
        tuple(_use(row) for row in uses if _text(row["use"]) in _USES),
        tuple(sorted(_text(value) for value in values.get(("all", RDFS + "subClassOf"), ()))),
    )


def _in_order(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda one: (one.text.casefold(), one.iri or "")))


def _use(row: dict[str, Term]) -> str:
    count = int(_text(row["count"]))
    one, many = _USES[_text(row["use"])]
    return f"{count:,} {one if count == 1 else many}"


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
