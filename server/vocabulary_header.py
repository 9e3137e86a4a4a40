"""What the ontology says of itself: its version, the one before, and what changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import DCTERMS
from kg.namespaces import OWL
from kg.namespaces import SKOS
from server.cells import Cell
from server.cells import cell
from server.links import Links


@dataclass(frozen=True, slots=True)
class VocabularyHeader:
    """Title, description, version with its IRI, the version before, date, licence, changes."""

    title: str
    descriptions: tuple[Cell, ...]
    version: str
    version_iri: str
    prior: str
    issued: Cell | None
    licenses: tuple[Cell, ...]
    changes: tuple[Cell, ...]


def vocabulary_header(rows: Sequence[dict[str, Term]], links: Links) -> VocabularyHeader:
    """Return the header from the solutions of ``ontology.rq``; what is missing is empty."""
    said: dict[str, list[Term]] = defaultdict(list)
    for row in rows:
        said[_text(row["property"])].append(row["value"])

    def first(prop: str) -> str:
        return next((_text(term) for term in said[prop]), "")

    def cells(prop: str) -> tuple[Cell, ...]:
        return tuple(cell(term, links) for term in said[prop])

    return VocabularyHeader(
        title=first(DCTERMS + "title"),
        descriptions=cells(DCTERMS + "description"),
        version=first(OWL + "versionInfo"),
        version_iri=first(OWL + "versionIRI"),
        prior=first(OWL + "priorVersion"),
        issued=next(iter(cells(DCTERMS + "issued")), None),
        licenses=cells(DCTERMS + "license"),
        changes=cells(SKOS + "changeNote"),
    )


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
