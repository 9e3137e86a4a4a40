"""The declarations of borrowed terms: all that is used, a word on each, and none of our own."""

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from rdflib import OWL
from rdflib import RDF
from rdflib import RDFS
from rdflib import SKOS
from rdflib import Graph
from rdflib import URIRef

from kg.build.checks.shapes import rdflib_graph
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.namespaces import OWL as OWL_NAMESPACE
from kg.namespaces import POL
from kg.namespaces import RDF as RDF_NAMESPACE
from kg.namespaces import RDFS as RDFS_NAMESPACE
from kg.settings import Settings

BUILT_IN = (RDF_NAMESPACE, RDFS_NAMESPACE, OWL_NAMESPACE, POL)
EXTERNAL: Graph = rdflib_graph(read_sources(Settings()).ontology[1].quads)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
DECLARED = sorted({str(s) for kind in KINDS for s in EXTERNAL.subjects(RDF.type, kind)})


def test_every_borrowed_term_that_is_published_is_declared(dumped_quads: list) -> None:
    used = {
        quad.object.value
        if quad.predicate.value == str(RDF.type) and isinstance(quad.object, NamedNode)
        else quad.predicate.value
        for quad in dumped_quads
    }
    borrowed = {iri for iri in used if not iri.startswith(BUILT_IN)}
    assert len(borrowed) > 30
    assert borrowed - set(DECLARED) == set()


def test_every_borrowed_property_is_declared_for_what_it_is_used_for(dumped_quads: list) -> None:
    objects = {str(s) for s in EXTERNAL.subjects(RDF.type, OWL.ObjectProperty)}
    values = {str(s) for s in EXTERNAL.subjects(RDF.type, OWL.DatatypeProperty)}
    for quad in dumped_quads:
        if quad.predicate.value in objects:
            assert isinstance(quad.object, NamedNode), str(quad)
        elif quad.predicate.value in values:
            assert not isinstance(quad.object, NamedNode), str(quad)


@pytest.mark.parametrize("term", DECLARED)
def test_each_borrowed_term_has_a_label_a_definition_and_an_origin(term: str) -> None:
    node = URIRef(term)
    assert not term.startswith(POL)
    assert len(list(EXTERNAL.objects(node, RDFS.label))) == 1
    assert len(list(EXTERNAL.objects(node, SKOS.definition))) == 1
    assert len(list(EXTERNAL.objects(node, RDFS.isDefinedBy))) == 1
    assert len([kind for kind in KINDS if (node, RDF.type, kind) in EXTERNAL]) == 1


def test_nothing_of_our_own_is_declared_there(sources: Sources) -> None:
    assert [q for q in sources.ontology[1].quads if str(q.subject).startswith(f"<{POL}")] == []


def test_borrowed_terms_do_not_entail_what_their_owners_did_not_say() -> None:
    # Domains, ranges and equivalences of others would pull half a vocabulary into the closure.
    for prop in (RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs):
        assert list(EXTERNAL.subject_objects(prop)) == []


@pytest.fixture(scope="module")
def dumped_quads(dumped: bytes) -> list:
    return list(parse(dumped, format=RdfFormat.N_QUADS))
