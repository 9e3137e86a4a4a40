"""The shapes are themselves valid SHACL, and each constraint has a message and an address."""

import pytest
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF
from rdflib import SH
from rdflib import Graph
from rdflib import URIRef

from kg.build.read import Sources

# A shape with a number too many, which SHACL-SHACL must refuse.
BAD = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:x:s> a sh:PropertyShape ; sh:path <urn:x:p> ; sh:minCount 1, 2 .
"""


def shapes_of(sources: Sources) -> Graph:
    return Graph().parse(data=sources.shapes.text, format="turtle")


def test_the_shapes_are_valid(sources: Sources) -> None:
    conforms, _, _ = validate(
        Graph(), shacl_graph=shapes_of(sources), meta_shacl=True, inference="none"
    )
    assert conforms


def test_shapes_that_are_not_valid_are_refused() -> None:
    bad = Graph().parse(data=BAD, format="turtle")
    with pytest.raises(ReportableRuntimeError, match="MetaSHACL"):
        validate(Graph(), shacl_graph=bad, meta_shacl=True, inference="none")


def test_every_shape_has_an_address_and_every_property_shape_a_message(sources: Sources) -> None:
    shapes = shapes_of(sources)
    for kind in (SH.NodeShape, SH.PropertyShape):
        found = list(shapes.subjects(RDF.type, kind))
        assert len(found) > 20
        assert all(isinstance(shape, URIRef) for shape in found)
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        assert len(list(shapes.objects(shape, SH.message))) == 1, shape
