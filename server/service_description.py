"""What the SPARQL endpoint can do, in RDF (SPARQL 1.1 Service Description)."""

from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.namespaces import RDF

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
)


def service_description(endpoint: str) -> list[Quad]:
    """Return the statements about the service at the address ``endpoint``.

    The service and its dataset have IRIs, as everything else that is published here.
    """
    service, dataset = NamedNode(endpoint), NamedNode(endpoint + "#dataset")
    graph = NamedNode(endpoint + "#default-graph")
    a = NamedNode(RDF + "type")
    return [
        Quad(service, a, NamedNode(SD + "Service")),
        Quad(service, NamedNode(SD + "endpoint"), service),
        Quad(service, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query")),
        Quad(service, NamedNode(SD + "feature"), NamedNode(SD + "UnionDefaultGraph")),
        *(
            Quad(service, NamedNode(SD + "resultFormat"), NamedNode(_FORMATS + name))
            for name in _RESULTS
        ),
        Quad(service, NamedNode(SD + "defaultDataset"), dataset),
        Quad(dataset, a, NamedNode(SD + "Dataset")),
        Quad(dataset, NamedNode(SD + "defaultGraph"), graph),
        Quad(graph, a, NamedNode(SD + "Graph")),
    ]
