"""What a source hedges, advises, denies, asks, foresees, passes on or limits is no plain fact."""

import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from rdflib import RDF
from rdflib import Graph
from rdflib import Namespace
from rdflib import URIRef
from rdflib.term import Node

from kg.build.checks.shapes import rdflib_graph

POL = Namespace("https://w3id.org/policykg/ontology#")
PROV = Namespace("http://www.w3.org/ns/prov#")


@pytest.fixture(scope="module")
def graph(dumped: bytes) -> Graph:
    """Return all graphs of the dump as one."""
    return rdflib_graph(parse(dumped, format=RdfFormat.N_QUADS))


def weaknesses(graph: Graph, claim: Node) -> list[str]:
    """Return why the content of ``claim`` is not to be read as a fact; for certain ones nothing."""
    found = []
    for prop, plain in (
        (POL.certainty, POL.certain),
        (POL.modality, POL.actual),
        (POL.bound, POL.exactValue),
    ):
        found += [str(value) for value in graph.objects(claim, prop) if value != plain]
    if [str(value) for value in graph.objects(claim, POL.negated)] != ["false"]:
        found.append("negated")
    found += [
        str(prop)
        for prop in (POL.hedge, POL.attributedTo, POL.withRespectTo)
        if graph.value(claim, prop, any=True)
    ]
    found += [
        str(kind)
        for kind in (POL.Recommendation, POL.OpenQuestion, POL.Forecast)
        if (claim, RDF.type, kind) in graph
    ]
    return found


def content(graph: Graph, claim: Node) -> tuple[Node, Node, Node]:
    obj = graph.value(claim, POL.object) or graph.value(claim, POL.value)
    subject, predicate = graph.value(claim, POL.subject), graph.value(claim, POL.predicate)
    assert subject is not None
    assert predicate is not None
    assert obj is not None
    return subject, predicate, obj


def inverses(graph: Graph, predicate: Node) -> set[Node]:
    owl = URIRef("http://www.w3.org/2002/07/owl#inverseOf")
    return {*graph.objects(predicate, owl), *graph.subjects(owl, predicate)}


@pytest.fixture(scope="module")
def certain(graph: Graph) -> set[tuple[Node, Node, Node]]:
    """Return the contents of the claims that may be read as facts."""
    claims = set(graph.subjects(POL.statement))
    return {content(graph, claim) for claim in claims if not weaknesses(graph, claim)}


def test_no_weak_claim_is_a_statement_in_any_graph(
    graph: Graph, certain: set[tuple[Node, Node, Node]]
) -> None:
    weak = [claim for claim in graph.subjects(POL.statement) if weaknesses(graph, claim)]
    assert len(weak) > 30
    stated = [
        str(claim)
        for claim in weak
        if content(graph, claim) in graph and content(graph, claim) not in certain
    ]
    assert stated == []


def test_no_weak_claim_is_a_statement_the_other_way_round(
    graph: Graph, certain: set[tuple[Node, Node, Node]]
) -> None:
    stated = []
    for claim in graph.subjects(POL.statement):
        subject, predicate, obj = content(graph, claim)
        if weaknesses(graph, claim) and (subject, predicate, obj) not in certain:
            stated += [
                str(claim)
                for inverse in inverses(graph, predicate)
                if (obj, inverse, subject) in graph
            ]
    assert stated == []


def test_every_certain_claim_is_a_statement(
    graph: Graph, certain: set[tuple[Node, Node, Node]]
) -> None:
    assert len(certain) > 100
    assert [triple for triple in certain if triple not in graph] == []


def test_many_kinds_of_weakness_occur_in_the_real_report(graph: Graph) -> None:
    found = {w for claim in graph.subjects(POL.statement) for w in weaknesses(graph, claim)}
    names = [
        "possible",
        "unclear",
        "needed",
        "predicted",
        "scheduled",
        "prospective",
        "hedge",
        "attributedTo",
        "withRespectTo",
        "lowerBound",
    ]
    assert {str(POL[name]) for name in names} <= found


def test_every_record_of_a_derivation_rests_on_certain_claims_only(graph: Graph) -> None:
    records = set(graph.subjects(RDF.type, POL.Derivation))
    assert records
    for record in records:
        claims = list(graph.objects(record, PROV.wasDerivedFrom))
        assert claims
        assert [weaknesses(graph, claim) for claim in claims] == [[] for _ in claims]
        obj = graph.value(record, POL.derivedObject) or graph.value(record, POL.derivedValue)
        triple = (
            graph.value(record, POL.derivedSubject),
            graph.value(record, POL.derivedPredicate),
            obj,
        )
        assert {content(graph, claim) for claim in claims} == {triple}
        assert triple in graph
