"""The closure of the real report is the one that owlrl, which others wrote, finds too."""

import pytest
from owlrl import DeductiveClosure
from owlrl import OWLRL_Semantics
from pyoxigraph import Store
from rdflib import OWL
from rdflib import RDF
from rdflib import RDFS
from rdflib import Graph
from rdflib import URIRef

from kg.build.checks.shapes import rdflib_graph
from kg.build.derive import derive
from kg.build.read import Sources
from kg.build.rules import read_rules

Triples = set[tuple[URIRef, URIRef, object]]


@pytest.fixture(scope="module")
def store(linked_sources: Sources) -> Store:
    """Return what is given, in a store, because that normalises numbers."""
    store = Store()
    store.extend(linked_sources.quads())
    return store


@pytest.fixture(scope="module")
def given(store: Store) -> Graph:
    return rdflib_graph(store)


@pytest.fixture(scope="module")
def ours(linked_sources: Sources, store: Store, given: Graph) -> Graph:
    """Return what is given with what the closure rules add."""
    rules = [rule for rule in read_rules(linked_sources.rules) if rule.kind == "closure"]
    derive(store, rules, linked_sources.graph("derived"))
    return rdflib_graph(store)


@pytest.fixture(scope="module")
def theirs(given: Graph) -> Graph:
    graph = Graph()
    for triple in given:
        graph.add(triple)
    DeductiveClosure(OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False).expand(graph)
    return graph


def about_things(graph: Graph, given: Graph) -> Triples:
    """Return the statements about things by the classes and properties of the ontology.

    Statements about the ontology itself, and that each thing is itself, are not what rules add.
    """
    classes, properties = terms(given)
    return {
        (s, p, o)
        for s, p, o in graph
        if isinstance(s, URIRef)
        and s not in classes
        and s not in properties
        and (p in properties or (p == RDF.type and o in classes))
    }


def terms(given: Graph) -> tuple[frozenset[URIRef], frozenset[URIRef]]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    return (
        frozenset(given.subjects(RDF.type, OWL.Class)),  # type: ignore[arg-type]
        frozenset(p for kind in kinds for p in given.subjects(RDF.type, kind)),  # type: ignore[misc]
    )


def test_the_closure_is_that_of_owlrl(ours: Graph, theirs: Graph, given: Graph) -> None:
    mine, other = about_things(ours, given), about_things(theirs, given)
    assert mine - other == set()
    assert other - mine == set()


def test_the_closure_adds_to_what_is_given(ours: Graph, given: Graph) -> None:
    added = about_things(ours, given) - about_things(given, given)
    _, properties = terms(given)
    assert any(p == RDF.type for _, p, _ in added)
    assert any(p in properties for _, p, _ in added)


def test_the_ontology_has_axioms_of_each_kind_that_the_rules_cover(given: Graph) -> None:
    for predicate in (OWL.inverseOf, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range):
        assert any(given.subject_objects(predicate))
    for kind in (OWL.SymmetricProperty, OWL.TransitiveProperty):
        assert any(given.subjects(RDF.type, kind))
