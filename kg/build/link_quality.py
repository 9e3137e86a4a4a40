"""How good the suggester of links is, as statements of the graph (Data Quality Vocabulary)."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.read import Sources
from kg.linking.coverage import kinds
from kg.linking.graph import NEAR_PROPERTIES
from kg.linking.graph import entities
from kg.linking.quality import Quality
from kg.linking.quality import leave_one_out
from kg.linking.sssom import Mapping
from kg.namespaces import DCTERMS
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import XSD

DQV: Final = "http://www.w3.org/ns/dqv#"
_METRICS: Final = {
    "precision": "Share of the suggested links that are right, each decided one being asked for "
    "again as if it were not decided",
    "recall": "Share of the links that say that two things are the same or nearly, which are "
    "suggested first when asked for again",
}


def quality_quads(sources: Sources, mappings: list[Mapping]) -> list[Quad]:
    """Return the measurements of the suggester on the decided rows of each shipped dataset."""
    if not mappings or not sources.dataset_quads:
        return []
    quads = _near(sources, {mapping.subject for mapping in mappings})
    ours, of = entities(quads), kinds(quads)
    measured = leave_one_out(mappings, ours, of, sources.dataset_quads)
    graph = NamedNode(sources.graph("links"))
    found = [quad for one in measured for quad in _measurements(one, sources.base, graph)]
    if found:
        for name, text in _METRICS.items():
            metric = NamedNode(f"{sources.base}id/suggester-{name}")
            found += [
                Quad(metric, NamedNode(RDF + "type"), NamedNode(DQV + "Metric"), graph),
                _text(metric, RDFS + "label", f"Suggester of links: {name}", graph),
                _text(metric, DCTERMS + "description", f"{text}.", graph),
            ]
    return found


def _near(sources: Sources, linked: set[str]) -> list[Quad]:
    """Return what is said of ``linked`` things and of those next to them, and the ontology; all
    else would fill the memory for nothing.
    """
    near = set(linked)
    for quad in sources.quads():
        if quad.predicate.value in NEAR_PROPERTIES and isinstance(quad.object, NamedNode):
            ends = {str(quad.subject)[1:-1], quad.object.value}
            if ends & linked:
                near |= ends
    return [
        quad
        for quad in sources.quads()
        if (isinstance(quad.subject, NamedNode) and quad.subject.value in near)
        or (isinstance(quad.object, NamedNode) and quad.object.value in near)
        and quad.predicate.value in NEAR_PROPERTIES
        or quad.predicate.value == RDFS + "subClassOf"
    ]


def _measurements(one: Quality, base: str, graph: NamedNode) -> Iterator[Quad]:
    name = one.graph.rsplit("/", 1)[-1]
    for metric, value, text in (
        ("precision", one.precision, f"{one.right} of {one.suggested} suggestions are right"),
        ("recall", one.recall, f"{one.found} of {one.linked} links are found"),
    ):
        if value is None:
            continue
        node = NamedNode(f"{base}id/suggester-{metric}-{name}")
        number = Literal(f"{value:.3f}", datatype=NamedNode(XSD + "decimal"))
        place = f"among {one.entries} entries, {one.asked} things decided"
        yield Quad(node, NamedNode(RDF + "type"), NamedNode(DQV + "QualityMeasurement"), graph)
        yield _text(node, RDFS + "label", f"Suggester’s {metric} in {name}", graph)
        yield _text(node, DCTERMS + "description", f"{text}, {place}.", graph)
        of = NamedNode(f"{base}id/suggester-{metric}")
        yield Quad(node, NamedNode(DQV + "isMeasurementOf"), of, graph)
        yield Quad(node, NamedNode(DQV + "computedOn"), NamedNode(one.graph), graph)
        yield Quad(node, NamedNode(DQV + "value"), number, graph)


def _text(node: NamedNode, predicate: str, text: str, graph: NamedNode) -> Quad:
    return Quad(node, NamedNode(predicate), Literal(text, language="en"), graph)
