"""Things as data: redirects by Accept, representations, and what happens to unknown names."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse

from kg.engine.embedded import EmbeddedEngine
from kg.engine.serialization import write
from kg.engine.versions import VersionStore
from kg.namespaces import GRAPH
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import SKOS
from kg.namespaces import TOPIC
from kg.settings import Settings
from server.app import SECURITY_HEADERS
from server.app import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NAP = ID + "national-action-plan"
TRIPLE_FORMATS = {
    "ttl": ("text/turtle; charset=utf-8", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
}
QUAD_FORMATS = {
    "trig": ("application/trig", RdfFormat.TRIG),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
}


@pytest.fixture(scope="module")
def store(built: Path, engine: EmbeddedEngine) -> Store:
    return Store.read_only(str(VersionStore(built).store_path(engine.version())))


@pytest.fixture(scope="module")
def topic(store: Store) -> str:
    """Return the slug of a topic."""
    concepts = store.quads_for_pattern(None, None, NamedNode(SKOS + "Concept"))
    slugs = {quad.subject.value.removeprefix(TOPIC) for quad in concepts}
    return min(slug for slug in slugs if "/" not in slug)


def described(store: Store, iri: str) -> set[Quad]:
    """Return the statements with ``iri`` as subject or object."""
    node = NamedNode(iri)
    return {
        *store.quads_for_pattern(node, None, None),
        *store.quads_for_pattern(None, None, node),
    }


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        (None, "/data/national-action-plan.ttl"),
        ("*/*", "/data/national-action-plan.ttl"),
        (BROWSER, "/page/national-action-plan"),
        ("text/html", "/page/national-action-plan"),
        ("text/turtle", "/data/national-action-plan.ttl"),
        ("application/rdf+xml", "/data/national-action-plan.rdf"),
        ("application/ld+json", "/data/national-action-plan.jsonld"),
        ("application/json", "/data/national-action-plan.json"),
        ("application/n-triples", "/data/national-action-plan.nt"),
        ("text/plain", "/data/national-action-plan.nt"),
        ("application/trig", "/data/national-action-plan.trig"),
        ("application/n-quads", "/data/national-action-plan.nq"),
    ],
)
def test_a_thing_leads_on(client: FlaskClient, accept: str | None, location: str) -> None:
    response = client.get("/id/national-action-plan", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.text) == (303, f"See {location}\n")
    assert dict(response.headers) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Location": location,
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        **SECURITY_HEADERS,
    }
    assert client.get(location).status_code == 200


def test_topics_and_graphs_lead_on(client: FlaskClient, topic: str) -> None:
    for path, page, data in (
        (f"/topic/{topic}", f"/page/topic/{topic}", f"/data/topic/{topic}.ttl"),
        (
            "/graph/usip-charting-pakistan/related",
            "/page/graph/usip-charting-pakistan/related",
            "/data/graph/usip-charting-pakistan/related.ttl",
        ),
    ):
        for accept, location in ((BROWSER, page), ("text/turtle", data)):
            response = client.get(path, headers={"Accept": accept})
            assert (response.status_code, response.headers["Location"]) == (303, location)
            assert client.get(location).status_code == 200


def test_nothing_acceptable(client: FlaskClient) -> None:
    response = client.get("/id/national-action-plan", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.json["offered"] == [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
        "application/json",
        "text/html",
    ]


@pytest.mark.parametrize("extension", TRIPLE_FORMATS)
def test_statements_without_graphs(client: FlaskClient, store: Store, extension: str) -> None:
    content_type, rdf_format = TRIPLE_FORMATS[extension]
    response = client.get(f"/data/national-action-plan.{extension}")
    assert (response.status_code, response.content_type) == (200, content_type)
    found = list(parse(response.data, format=rdf_format))
    expected = {quad.triple for quad in described(store, NAP)}
    assert {quad.triple for quad in found} == expected
    assert len(found) == len(expected) > 20


@pytest.mark.parametrize("extension", QUAD_FORMATS)
def test_statements_with_graphs(client: FlaskClient, store: Store, extension: str) -> None:
    content_type, rdf_format = QUAD_FORMATS[extension]
    response = client.get(f"/data/national-action-plan.{extension}")
    assert (response.status_code, response.content_type) == (200, content_type)
    expected = described(store, NAP)
    assert set(parse(response.data, format=rdf_format)) == expected
    assert len({quad.graph_name for quad in expected}) > 1


def test_the_headers_of_a_representation(client: FlaskClient, engine: EmbeddedEngine) -> None:
    response = client.get("/data/national-action-plan.ttl")
    assert dict(response.headers) == {
        "Content-Type": "text/turtle; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "ETag": f'"{engine.version().digest[:32]}-ttl"',
        "Cache-Control": "public, max-age=300",
        "Vary": "Accept-Encoding",
        "Link": '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
        **SECURITY_HEADERS,
    }
    head = client.head("/data/national-action-plan.ttl")
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(response.headers)


def test_turtle_is_readable(client: FlaskClient) -> None:
    lines = client.get("/data/national-action-plan.ttl").text.splitlines()
    prefixes = [line for line in lines if line.startswith("@prefix ")]
    assert prefixes == sorted(prefixes)
    assert f"@prefix pol: <{POL}> ." in prefixes
    assert not any("fabio:" in line for line in lines)
    # The thing itself comes first.
    assert lines[len(prefixes)].startswith("id:national-action-plan ")


def test_the_client_that_has_it_already(client: FlaskClient) -> None:
    tag = client.get("/data/national-action-plan.ttl").headers["ETag"]
    for sent, path, status in (
        (tag, "/data/national-action-plan.ttl", 304),
        (f'"other", {tag}', "/data/national-action-plan.ttl", 304),
        ("*", "/data/national-action-plan.ttl", 304),
        ('"other"', "/data/national-action-plan.ttl", 200),
        (tag, "/data/national-action-plan.nt", 200),
        (tag, "/data/nothing-of-that-name.ttl", 404),
    ):
        response = client.get(path, headers={"If-None-Match": sent})
        assert response.status_code == status, (sent, path)
        if status == 304:
            assert response.data == b""
            assert response.headers["ETag"] == tag
            assert response.headers["Cache-Control"] == "public, max-age=300"


def test_the_time_to_keep_is_a_setting(built: Path, engine: EmbeddedEngine) -> None:
    client = create_app(Settings(data=built, cache_seconds=7), engine).test_client()
    response = client.get("/data/national-action-plan.ttl")
    assert response.headers["Cache-Control"] == "public, max-age=7"


def test_other_kinds(client: FlaskClient, store: Store, topic: str) -> None:
    ontology = set(store.quads_for_pattern(None, None, None, NamedNode(GRAPH + "ontology")))
    related = NamedNode(GRAPH + "usip-charting-pakistan/related")
    for path, expected in (
        (f"/data/topic/{topic}.nq", described(store, TOPIC + topic)),
        ("/data/ontology.nq", ontology),
        ("/data/graph/ontology.nq", ontology),
        ("/data/ontology/Claim.nq", described(store, POL + "Claim")),
        (
            "/data/graph/usip-charting-pakistan/related.nq",
            set(store.quads_for_pattern(None, None, None, related)),
        ),
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert set(parse(response.data, format=RdfFormat.N_QUADS)) == expected
        assert expected


@pytest.mark.parametrize("path", ["/id/national-actoin-plan", "/data/national-actoin-plan.ttl"])
def test_a_name_that_is_mistyped(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    problem = response.json
    assert problem["detail"] == f"The graph says nothing about <{ID}national-actoin-plan>"
    assert problem["remedy"].startswith(f"Did you mean <{NAP}>")


@pytest.mark.parametrize(
    "path",
    [
        "/id/zzzzzzzzzzzzzzzz",
        "/id/a%20b",
        "/id/%3Cscript%3E",
        "/id/" + "x" * 3000,
        "/topic/zzzzzzzzzzzzzzzz",
        "/graph/zz/zz/zz",
        "/data/zzzzzzzzzzzzzzzz.ttl",
        "/data/graph/no/such.ttl",
        "/data/ontology/Zzzzzzzzzzzzzz.ttl",
        "/data/%00.ttl",
    ],
)
def test_unknown_names(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert response.json["detail"].startswith("The graph says nothing about <")
    assert "remedy" not in response.json


def test_an_unknown_extension_lists_the_known(client: FlaskClient) -> None:
    response = client.get("/data/national-action-plan.png")
    assert response.status_code == 404
    assert response.json["remedy"] == "Known: .ttl, .nt, .rdf, .jsonld, .trig, .nq, .json."


@pytest.mark.parametrize("rdf_format", [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.TRIG])
def test_the_same_statements_are_the_same_bytes(store: Store, rdf_format: RdfFormat) -> None:
    quads = sorted(described(store, NAP), key=str)
    written = {write(quads, rdf_format, "https://w3id.org/policykg/") for _ in range(20)}
    assert len(written) == 1
    text = written.pop().decode()
    starts = [text.index(f"{name}") for name in ("dcterms", "pol", "rdfs")]
    assert all(a < b for a, b in pairwise(starts))


def test_json_and_json_ld_of_a_graph_are_the_same(client: FlaskClient) -> None:
    first = client.get("/data/graph/links.json").data
    assert first == client.get("/data/graph/links.jsonld").data
    assert json.loads(first)
