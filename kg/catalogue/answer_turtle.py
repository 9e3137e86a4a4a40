"""The answer to a question as RDF: each row a thing, each column a property.

The way is that of the W3C's “Generating RDF from Tabular Data on the Web”, minimal mode; a row goes
by the address of its line in the CSV (RFC 7111), so that there are no blank nodes.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat

from kg.catalogue import CatalogueQuery
from kg.engine.serialization import write
from kg.namespaces import RDF
from kg.namespaces import RDFS


def answer_turtle(
    query: CatalogueQuery, bindings: Sequence[Mapping[str, Any]], address: str, base: str
) -> bytes:
    """Return ``bindings``, solutions in the SPARQL results JSON format, as Turtle.

    ``address`` is that of the answer as CSV, ``base`` the base IRI of the graph.
    """
    return write(list(_quads(query, bindings, address)), RdfFormat.TURTLE, base)


def _quads(
    query: CatalogueQuery, bindings: Sequence[Mapping[str, Any]], address: str
) -> Iterator[Quad]:
    start = address.partition("?")[0].removesuffix(".csv")
    described = {column.name: column.description for column in query.columns}
    described |= {parameter.name: parameter.description for parameter in query.parameters}
    for name, description in described.items():
        node = NamedNode(f"{start}#{name}")
        yield Quad(node, NamedNode(RDF + "type"), NamedNode(RDF + "Property"))
        yield Quad(node, NamedNode(RDFS + "label"), Literal(name))
        yield Quad(node, NamedNode(RDFS + "comment"), Literal(description, language="en"))
    for number, row in enumerate(bindings, 2):  # line 1 of the CSV has the names of the columns
        subject = NamedNode(f"{address}#row={number}")
        for name, found in row.items():
            yield Quad(subject, NamedNode(f"{start}#{name}"), _term(found))


def _term(found: Mapping[str, Any]) -> NamedNode | BlankNode | Literal:
    value = str(found["value"])
    if found["type"] == "uri":
        return NamedNode(value)
    if found["type"] == "bnode":
        return BlankNode(value)
    if "xml:lang" in found:
        return Literal(value, language=found["xml:lang"])
    datatype = found.get("datatype")
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)
