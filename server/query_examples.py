"""The questions of the catalogue as RDF: queries that run as they are (SHACL, sh:SPARQLExecutable),
in the way of the SIB's collections of SPARQL examples.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.catalogue import CatalogueQuery
from kg.catalogue import bind
from kg.namespaces import DCTERMS
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import SHACL
from server.query_list import body_of
from server.runnable_query import runnable_query
from server.service import Service

_TYPES: Final = ("SPARQLExecutable", "SPARQLSelectExecutable")


def query_examples(service: Service) -> list[Quad]:
    """Return the statements on all questions, each with its example values filled in."""
    quads: list[Quad] = []
    for query in service.catalogue.values():
        quads += _quads(service, query)
    return quads


def example_text(query: CatalogueQuery) -> str:
    """Return the query of a question with the example values in place of its parameters."""
    values = {parameter.name: parameter.example for parameter in query.parameters}
    return runnable_query(body_of(query), bind(query, values), keep=True)


def _quads(service: Service, query: CatalogueQuery) -> Iterator[Quad]:
    subject = NamedNode(f"{service.address}/queries/{query.name}")

    def says(prop: str, *values: NamedNode | Literal) -> Iterator[Quad]:
        for value in values:
            yield Quad(subject, NamedNode(prop), value)

    yield from says(RDF + "type", *(NamedNode(SHACL + name) for name in _TYPES))
    yield from says(RDFS + "label", Literal(query.title, language="en"))
    yield from says(RDFS + "comment", Literal(query.description, language="en"))
    yield from says(DCTERMS + "type", Literal(query.family, language="en"))
    yield from says(SCHEMA + "keywords", *(Literal(tag, language="en") for tag in query.tags))
    yield from says(SCHEMA + "target", NamedNode(f"{service.address}/sparql"))
    yield from says(SHACL + "select", Literal(example_text(query)))
