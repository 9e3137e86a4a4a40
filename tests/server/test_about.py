"""The dataset's description, its dumps, and the server's health."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse

from kg.engine.embedded import EmbeddedEngine
from kg.engine.versions import VersionStore
from kg.namespaces import BASE
from kg.namespaces import GRAPH
from kg.settings import Settings
from server.app import SECURITY_HEADERS
from server.app import create_app


def test_health(client: FlaskClient, engine: EmbeddedEngine) -> None:
    response = client.get("/healthz")
    version = engine.version()
    assert response.status_code == 200
    assert response.json == {
        "status": "ok",
        "version": version.number,
        "digest": version.digest,
        "quads": version.quads,
    }
    assert dict(response.headers) == {
        "Content-Type": "application/json",
        "Content-Length": str(len(response.data)),
        "Cache-Control": "no-store",
        **SECURITY_HEADERS,
    }


def test_without_a_graph_the_server_is_not_healthy(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path), EmbeddedEngine(tmp_path)).test_client()
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "unavailable", "title": "No graph has been built"}
    assert str(tmp_path) not in response.text
    assert client.get("/sparql?query=ASK{}").status_code == 503


def test_void(client: FlaskClient, engine: EmbeddedEngine, built: Path) -> None:
    response = client.get("/.well-known/void")
    assert response.status_code == 200
    assert dict(response.headers) == {
        "Content-Type": "text/turtle; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Cache-Control": "public, max-age=300",
        "ETag": f'"{engine.version().digest[:32]}-ttl"',
        "Vary": "Accept, Accept-Encoding",
        **SECURITY_HEADERS,
    }
    dump = VersionStore(built).dumps_path(engine.version()) / "description.ttl.gz"
    expected = set(parse(gzip.decompress(dump.read_bytes()), format=RdfFormat.TURTLE))
    found = set(parse(response.data, format=RdfFormat.TURTLE))
    assert expected <= found
    assert len(expected) > 100
    # What the graph cannot say of itself: its versions.
    versions = {f"<{BASE}changes/1>", f"<{BASE}id/dataset>"}
    assert {str(quad.subject) for quad in found - expected} <= versions


def test_void_is_negotiated(client: FlaskClient) -> None:
    response = client.get("/.well-known/void", headers={"Accept": "application/n-quads"})
    assert response.content_type == "application/n-quads"
    graphs = {str(quad.graph_name) for quad in parse(response.data, format=RdfFormat.N_QUADS)}
    assert graphs == {f"<{GRAPH}description>"}
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406


def test_a_dump(client: FlaskClient, engine: EmbeddedEngine, built: Path) -> None:
    path = VersionStore(built).dumps_path(engine.version()) / "policykg.nq.gz"
    with client.get("/dumps/policykg.nq.gz") as response:
        assert response.status_code == 200
        assert response.data == path.read_bytes()
        assert dict(response.headers) == {
            "Content-Type": "application/gzip",
            "Content-Disposition": "attachment; filename=policykg.nq.gz",
            "Content-Length": str(path.stat().st_size),
            "Cache-Control": "public, max-age=300",
            "ETag": f'"{engine.version().digest[:32]}-policykg.nq.gz"',
            "Accept-Ranges": "bytes",
            **SECURITY_HEADERS,
        }
        store = Store()
        store.load(gzip.decompress(response.data), format=RdfFormat.N_QUADS)
    assert len(store) == engine.version().quads


def test_a_dump_that_the_client_has(client: FlaskClient) -> None:
    with client.get("/dumps/policykg.trig.gz") as first:
        tag = first.headers["ETag"]
    with client.get("/dumps/policykg.trig.gz", headers={"If-None-Match": tag}) as response:
        assert (response.status_code, response.data) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.gz",
        "..%2f..%2fformat.json",
        "..%2f1%2fpolicykg.nq.gz",
        "%2e%2e",
        "..",
        "policykg.nq.gz%00",
        "%2fetc%2fpasswd",
        "..%5cformat.json",
    ],
)
def test_no_name_leads_out_of_the_folder(client: FlaskClient, name: str) -> None:
    response = client.get(f"/dumps/{name}")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_an_unknown_dump_names_those_there_are(client: FlaskClient, built: Path) -> None:
    names = sorted(path.name for path in (built / "dumps" / "1").glob("*.gz"))
    assert client.get("/dumps/nothing.gz").json == {
        "title": "Not found",
        "status": 404,
        "detail": "There is no dump nothing.gz",
        "remedy": f"There are: {', '.join(names)}.",
    }
