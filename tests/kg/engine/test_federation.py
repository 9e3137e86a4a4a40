"""SERVICE asks endpoints that the settings name, and no others, whatever it takes to write them."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.engine.guard import asks_elsewhere
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.errors import QueryRefused

E = "http://example.org/sparql"
JSON = Formats("application/sparql-results+json", "text/turtle")


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE <{E}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ service silent <{E}> {{ ?s ?p ?o }} }}",
        "PREFIX e: <http://example.org/> SELECT * { SERVICE e:sparql { ?s ?p ?o } }",
        "BASE <http://example.org/> SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://127.0.0.1:8080/any> { ?s ?p ?o } }",
    ],
)
def test_allowed_endpoints(query: str) -> None:
    assert asks_elsewhere(query, [E, "http://127.0.0.1:*"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://example.org/sparql/../admin> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://example.org/sparql?x> { ?s ?p ?o } }",
        "SELECT * { SERVICE ?anywhere { ?s ?p ?o } }",
        "SELECT * { VALUES ?e { <http://example.org/sparql> } SERVICE ?e { ?s ?p ?o } }",
        f"SELECT * {{ SERVICE <{E}> {{ SERVICE <http://127.0.0.2/> {{ ?s ?p ?o }} }} }}",
        "SELECT * { SERVICE <http://127.0.0.1:80@example.com/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://127.0.0.1.example.com:80/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <https://127.0.0.1:80/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://[::1]/> { ?s ?p ?o } }",
        "PREFIX e: <http://example.org/> PREFIX e: <http://x/> SELECT * { SERVICE e:sparql {} }",
        "SELECT * { SERVICE e:sparql { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT <http://example.org/sparql> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    ],
)
def test_all_others_are_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        asks_elsewhere(query, [E, "http://127.0.0.1:*"])


class Elsewhere(BaseHTTPRequestHandler):
    """An endpoint that always gives the same row, or sends the client on to another."""

    asked: list[str] = []

    def do_GET(self) -> None:  # noqa: N802
        self.do_POST()

    def do_POST(self) -> None:  # noqa: N802
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append(self.path)
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/answer")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        row = {"x": {"type": "literal", "value": "from elsewhere"}}
        body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [row]}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    Elsewhere.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def query(endpoint: str) -> Query:
    return Query(f"SELECT ?x {{ SERVICE <{endpoint}> {{ ?s ?p ?x }} }}")


def test_an_allowed_endpoint_is_asked(built: Path, elsewhere: str) -> None:
    services = [f"{elsewhere}/answer", f"{elsewhere}/redirect"]
    with closing(IsolatedEngine(built, Limits(), services=services)) as engine:
        body = engine.answer(query(f"{elsewhere}/answer"), JSON).body
        assert json.loads(body)["results"]["bindings"][0]["x"]["value"] == "from elsewhere"
        assert Elsewhere.asked == ["/answer"]
        with pytest.raises(QueryRefused):
            engine.answer(query(f"{elsewhere}/other"), JSON)
        # No redirect is followed, not even to an endpoint that is allowed.
        with pytest.raises(QueryRefused, match="The query cannot be done"):
            engine.answer(query(f"{elsewhere}/redirect"), JSON)
        assert Elsewhere.asked == ["/answer", "/redirect"]


def test_nobody_is_asked_without_a_setting(built: Path, elsewhere: str) -> None:
    with closing(IsolatedEngine(built, Limits())) as engine, pytest.raises(QueryRefused):
        engine.answer(query(elsewhere), JSON)
    assert Elsewhere.asked == []
