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
from server.page_language import marked
from server.term_labels import translated_label

FORMATS: Final = (
    ("ttl", "Turtle"),
    ("jsonld", "JSON-LD"),
    ("rdf", "RDF/XML"),
    ("nt", "N-Triples"),
)
# The rows of the page: heading, direction in which the ontology states it, property.
_ROWS: Final = (
    (marked("Kind"), "of", RDF + "type"),
    (marked("Above it"), "of", RDFS + "subClassOf"),
    (marked("Below it"), "to", RDFS + "subClassOf"),
    (marked("Above it"), "of", RDFS + "subPropertyOf"),
    (marked("Below it"), "to", RDFS + "subPropertyOf"),
    (marked("Domain"), "of", RDFS + "domain"),
    (marked("Range"), "of", RDFS + "range"),
    (marked("Inverse"), "of", OWL + "inverseOf"),
    (marked("Inverse"), "to", OWL + "inverseOf"),
    (marked("Disjoint with"), "of", OWL + "disjointWith"),
    (marked("Disjoint with"), "to", OWL + "disjointWith"),
    (marked("Properties of it"), "to", RDFS + "domain"),
    (marked("Properties that lead to it"), "to", RDFS + "range"),
    (marked("Values"), "to", RDF + "type"),
)
COUNTED: Final = 10_000  # uses; of a term in a large graph no more are counted
# How often a term is used, as a sentence in the singular and in the plural.
_USES: Final = {
    "members": ("%(num)s thing of this class", "%(num)s things of this class"),
    "statements": ("%(num)s statement with this property", "%(num)s statements with this property"),
    "claims": ("%(num)s claim with this predicate", "%(num)s claims with this predicate"),
    "values": ("%(num)s statement with this value", "%(num)s statements with this value"),
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
    """Return the page from the solutions of ``term.rq`` and the counts of ``term-use.rq``."""
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
    label = translated_label(iri) or best_label(values.get(("of", RDFS + "label"), {}))
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
    number = f"more than {COUNTED:,}" if count > COUNTED else f"{count:,}"
    return (one if count == 1 else many) % {"num": number}


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
