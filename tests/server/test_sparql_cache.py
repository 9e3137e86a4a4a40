"""Answers that a client holds already, and answers that travel compressed."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.committing import VersionWriter
from kg.engine.interface import Answer
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.settings import Settings
from server.app import SECURITY_HEADERS
from server.app import create_app
from server.service import EXTENSION
from server.service import Service

FRESH = "public, max-age=0, must-revalidate"
LABELS = "SELECT ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?o LIMIT 100"
DESCRIBE = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } ORDER BY ?s ?o LIMIT 5"


def ask(client: FlaskClient, query: str = LABELS, **headers: str):  # type: ignore[no-untyped-def]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", query_string={"query": query}, headers=named)


def test_an_answer_has_a_strong_tag_of_its_own(client: FlaskClient, app: Flask) -> None:
    service: Service = app.extensions[EXTENSION]
    tags = [
        ask(client).headers["ETag"],
        ask(client, Accept="text/csv").headers["ETag"],
        ask(client, LABELS + " OFFSET 1").headers["ETag"],
        client.get(
            "/sparql", query_string={"query": LABELS, "default-graph-uri": "urn:none"}
        ).headers["ETag"],
        ask(client, DESCRIBE).headers["ETag"],
        ask(client, DESCRIBE, Accept="application/n-triples").headers["ETag"],
        ask(client, Accept_Encoding="gzip").headers["ETag"],
    ]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith(f'"{service.engine.version().digest[:32]}-') for tag in tags)


def test_one_representation_has_one_tag_however_it_was_asked_for(client: FlaskClient) -> None:
    plain = ask(client)
    for other in (
        ask(client, Accept="*/*"),
        ask(client, Accept="application/sparql-results+json"),
        ask(client, Accept="application/json, text/turtle;q=0.5"),
        client.get("/sparql", query_string={"query": LABELS, "format": "json"}),
        client.head("/sparql", query_string={"query": LABELS}),
    ):
        assert other.headers["ETag"] == plain.headers["ETag"]
        assert other.headers["Content-Length"] == plain.headers["Content-Length"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_holds_is_not_computed_again(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    tag = ask(client).headers["ETag"]

    def answer(*arguments: object) -> Answer:
        raise AssertionError("the query was run")

    service: Service = app.extensions[EXTENSION]
    monkeypatch.setattr(service.engine, "answer", answer)
    headers = {"If-None-Match": f'"other", W/{tag}'}
    response = client.open(
        "/sparql", method=method, query_string={"query": LABELS}, headers=headers
    )
    assert (response.status_code, response.data) == (304, b"")
    assert dict(response.headers) == {
        "ETag": tag,
        "Cache-Control": FRESH,
        "Vary": "Accept, Accept-Encoding",
        **SECURITY_HEADERS,
    }


@pytest.mark.parametrize("held", ['"other"', "*", '"'])
def test_what_the_client_does_not_hold_is_sent(client: FlaskClient, held: str) -> None:
    response = ask(client, If_None_Match=held)
    assert (response.status_code, response.data) == (200, ask(client).data)


def test_a_tag_of_another_format_does_not_match(client: FlaskClient) -> None:
    tag = ask(client).headers["ETag"]
    assert ask(client, Accept="text/csv", If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?now) {}", "CONSTRUCT { [] a ?o } WHERE { ?s a ?o } LIMIT 1"]
)
def test_what_changes_each_time_has_no_tag(client: FlaskClient, query: str) -> None:
    response = ask(client, query)
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_a_post_has_no_tag(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": LABELS})
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_errors_have_no_tag_and_are_not_kept(client: FlaskClient) -> None:
    response = ask(client, "SELECT")
    assert response.status_code == 400
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_with_credentials_only_the_client_itself_keeps_the_answer(client: FlaskClient) -> None:
    response = ask(client, Authorization="Bearer x")
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP", "deflate, gzip"])
def test_a_longer_answer_is_compressed_for_who_takes_it(client: FlaskClient, accepted: str) -> None:
    plain, packed = ask(client), ask(client, Accept_Encoding=accepted)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert len(packed.data) < len(plain.data)
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    held = ask(client, Accept_Encoding=accepted, If_None_Match=packed.headers["ETag"])
    assert (held.status_code, held.headers["ETag"]) == (304, packed.headers["ETag"])


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_others_get_it_as_it_is(client: FlaskClient, accepted: str) -> None:
    response = ask(client, Accept_Encoding=accepted)
    assert "Content-Encoding" not in response.headers
    assert response.data == ask(client).data


def test_a_short_answer_is_not_compressed(client: FlaskClient) -> None:
    response = ask(client, "ASK {}", Accept_Encoding="gzip")
    assert "Content-Encoding" not in response.headers


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[tuple[FlaskClient, Path]]:
    write(tmp_path, "first")
    settings = Settings(data=tmp_path, public_url="https://kg.example.org")
    with closing(IsolatedEngine(tmp_path, Limits.of(settings))) as engine:
        yield create_app(settings, engine).test_client(), tmp_path


def write(data: Path, value: str) -> None:
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(value))
    VersionWriter(data).change(lambda store, last: store.add(quad) or {})


def test_a_read_after_a_write_is_fresh(writable: tuple[FlaskClient, Path]) -> None:
    client, data = writable
    query = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
    first = ask(client, query, Accept="text/csv")
    tag = first.headers["ETag"]
    assert ask(client, query, Accept="text/csv", If_None_Match=tag).status_code == 304
    write(data, "second")
    second = ask(client, query, Accept="text/csv", If_None_Match=tag)
    assert (second.status_code, second.data) == (200, b"o\r\nfirst\r\nsecond\r\n")
    assert second.headers["ETag"] != tag
    assert ask(client, query, Accept="text/csv").data == second.data
