"""The suggester is measured on what was decided, and the measures stand in the graph."""

from link_rows import iri
from link_rows import link
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.link_quality import quality_quads
from kg.build.links import read_links
from kg.build.read import Sources
from kg.linking.graph import Entity
from kg.linking.quality import leave_one_out

GRAPH = NamedNode("https://w3id.org/policykg/graph/dataset/x")


def name(key: str, text: str) -> Quad:
    return Quad(
        NamedNode(iri(key)), NamedNode(iri("skos:prefLabel")), Literal(text, language="en"), GRAPH
    )


def test_right_wrong_and_missed_are_counted() -> None:
    targets = [name("x:1", "Trade"), name("x:2", "Insurgency"), name("x:3", "Learning")]
    ours = {
        iri(key): Entity(iri(key), names=[text])
        for key, text in (("topic:a", "Trade"), ("topic:b", "Insurgency"), ("topic:c", "Education"))
    }
    kinds = {one: {"Topic"} for one in ours}
    decided = [
        link("topic:a", "skos:exactMatch", "x:1"),
        link("topic:b", "skos:exactMatch", "x:2", "Not"),
        link("topic:c", "skos:closeMatch", "x:3"),
    ]
    [found] = leave_one_out(decided, ours, kinds, targets)
    assert (found.entries, found.asked, found.suggested, found.right) == (3, 3, 2, 1)
    assert (found.linked, found.found) == (2, 1)
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_the_measures_of_the_real_graph_are_good_and_in_it(sources: Sources) -> None:
    mappings, _ = read_links(sources)
    quads = quality_quads(sources, mappings)
    values = {
        quad.subject.value.rsplit("/", 1)[-1]: float(quad.object.value)
        for quad in quads
        if quad.predicate.value.endswith("dqv#value")
    }
    assert values["suggester-precision-eurovoc-extract"] >= 0.85
    assert values["suggester-recall-eurovoc-extract"] >= 0.9
    assert all(0 <= value <= 1 for value in values.values())
