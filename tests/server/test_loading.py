"""LOAD brings documents from places that the settings name, whole or not at all."""

import threading
from collections.abc import Callable
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import pytest
from served import Served

from kg.engine.load_operations import is_allowed
from kg.engine.load_operations import load_operations
from tests.server.writing import TOKEN
from tests.server.writing import Writer

E = "http://example.org/"
TURTLE = "text/turtle"
DOCUMENTS = {
    "/open/good": (TURTLE, b"""<a:s> <a:p> 'one', '} " ; CLEAR ALL' ."""),
    "/open/blank": (TURTLE, b"[] <http://example.org/p> 'blank', <relative> ."),
    "/open/good.nt": ("application/octet-stream", b'<a:s> <a:p> "lines" .'),
    "/open/jsonld": ("application/ld+json", b'{"@id": "a:s", "a:p": "json"}'),
    "/open/bad": (TURTLE, b"<a:s> <a:p> 1 . <a:s"),
    "/open/page": ("text/html", b"<p>no data</p>"),
    "/open/quads": ("application/n-quads", b"<a:s> <a:p> 1 <a:g> ."),
    "/open/large": ("application/n-triples", b"#" * (1 << 20) + b"\n"),
    "/closed/good": (TURTLE, b"<a:s> <a:p> 'closed' ."),
}  # fmt: skip
REDIRECTS = {
    "/open/within": "/open/good",
    "/open/out": "/closed/good",
    "/open/file": "file:///etc/passwd",
    "/open/round": "/open/round",
}


class Elsewhere(BaseHTTPRequestHandler):
    """Serves the documents, and remembers what was asked."""

    asked: list[str] = []
    ended = threading.Event()

    def do_GET(self) -> None:  # noqa: N802
        self.asked.append(self.path)
        if self.path in REDIRECTS:
            self.send_response(302)
            self.send_header("Location", REDIRECTS[self.path])
            self.end_headers()
        elif self.path == "/open/trickle":
            self.send_response(200)
            self.send_header("Content-Type", TURTLE)
            self.end_headers()
            while not self.ended.wait(0.2):
                self.wfile.write(b"#")
        elif self.path == "/open/cut":
            self.send_response(200)
            self.send_header("Content-Type", TURTLE)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"<a:s> <a:p> 'cut' .\n")
        elif self.path in DOCUMENTS:
            media_type, data = DOCUMENTS[self.path]
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        else:
            self.send_error(404)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.handle_error = lambda *arguments: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Elsewhere.ended.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def served(
    start_for_module: Callable[..., Served],
    elsewhere: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Served:
    folder = tmp_path_factory.mktemp("loading")
    config = folder / "policykg.toml"
    config.write_text(
        f'load_sources = ["{elsewhere}/open/"]\nload_seconds = 2\nupload_mb = 1\n', "utf-8"
    )
    options = ["--empty", "--port", "0", "--write-token", TOKEN, "--config", config]
    return start_for_module("--data", folder / "data", *options)


@pytest.fixture
def writer(served: Served) -> Writer:
    writer = Writer(served.address)
    assert writer.update("CLEAR ALL").status == 200
    Elsewhere.asked.clear()
    return writer


def in_graph(writer: Writer) -> list[str]:
    return writer.values(f"SELECT ?o {{ GRAPH <{E}g> {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/open/good", ["one", '} " ; CLEAR ALL']),
        ("/open/good.nt", ["lines"]),
        ("/open/jsonld", ["json"]),
        ("/open/within", ["one", '} " ; CLEAR ALL']),
    ],
)
def test_an_allowed_document_is_loaded(
    writer: Writer, elsewhere: str, path: str, values: list[str]
) -> None:
    reply = writer.update(f"LOAD <{elsewhere}{path}> INTO GRAPH <{E}g>")
    assert reply.status == 200, reply.body
    assert in_graph(writer) == values


def test_a_load_stands_in_its_place_among_other_operations(writer: Writer, elsewhere: str) -> None:
    reply = writer.update(
        f"PREFIX e: <{E}> PREFIX there: <{elsewhere}/open/> INSERT DATA {{ GRAPH e:g {{ e:s e:p 1 "
        "} } ; CLEAR ALL ; LOAD there:blank INTO GRAPH e:g ; load there:good INTO GRAPH e:g ; "
        "LOAD there:blank ; DELETE WHERE { GRAPH ?g { ?s ?p 'one' } } ; LOAD there:good.nt"
    )
    assert reply.status == 200, reply.body
    assert in_graph(writer) == sorted(['} " ; CLEAR ALL', "blank", f"{elsewhere}/open/relative"])
    both = writer.values("SELECT ?s { { ?s ?p 'blank' } UNION { GRAPH ?g { ?s ?p 'blank' } } }")
    assert len(set(both)) == 2  # each document has blank nodes of its own


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/closed/good", 403, "POLICYKG_LOAD_SOURCES"),
        ("/open/../closed/good", 403, "POLICYKG_LOAD_SOURCES"),
        ("/open/%2e%2e/closed/good", 403, "POLICYKG_LOAD_SOURCES"),
        ("/open/out", 400, "POLICYKG_LOAD_SOURCES"),
        ("/open/file", 400, "POLICYKG_LOAD_SOURCES"),
        ("/open/round", 400, "more than 5 times"),
        ("/open/none", 400, "status 404"),
        ("/open/bad", 400, "Turtle"),
        ("/open/page", 400, "text/html"),
        ("/open/quads", 400, "n-quads"),
        ("/open/large", 400, "POLICYKG_UPLOAD_MB"),
        ("/open/cut", 400, "cannot be loaded"),
        ("/open/trickle", 504, "POLICYKG_LOAD_SECONDS"),
    ],
)
def test_what_cannot_be_loaded_changes_nothing(
    writer: Writer, elsewhere: str, path: str, status: int, told: str
) -> None:
    kept = f"INSERT DATA {{ GRAPH <{E}g> {{ <{E}s> <{E}p> 'kept' }} }}"
    reply = writer.update(f"{kept} ; LOAD <{elsewhere}{path}> INTO GRAPH <{E}g>")
    assert reply.status == status, reply.body
    assert told in reply.json["detail"]
    assert in_graph(writer) == []
    # The standard has silence about the failure, and what stands around it done.
    assert writer.update(f"{kept} ; LOAD SILENT <{elsewhere}{path}>").status == 200
    assert in_graph(writer) == ["kept"]
    assert not [asked for asked in Elsewhere.asked if "closed" in asked]


def test_names_of_places_are_not_taken_for_others() -> None:
    allowed = ["http://a.example/open/", "http://b.example/exactly", "https://c.example"]
    for source in ("http://a.example/open/x", "http://a.example/open/", "http://b.example/exactly"):
        assert is_allowed(source, allowed), source
    for source in (
        *("http://a.example/open", "http://a.example/", "https://a.example/open/x"),
        *("http://a.example/open/../x", "http://a.example/open/%2e%2e/x", "http://a.example/openx"),
        *("http://a.example/open/%252e%252e/x", "http://a.example/open/..%5cx", "file:///open/x"),
        *("http://u@a.example/open/x", "http://a.example/open/ x", "http://b.example/exactly/x"),
        *("http://c.example", "https://c.example.org/", "https://c.example/x", "//a.example/open/"),
        *("http://a.example:80/open/x", "HTTP://a.example/open/x", "http://[/open/", ""),
    ):
        assert not is_allowed(source, allowed), source


def test_only_operations_are_taken_for_loads() -> None:
    update = "INSERT DATA { <a:load> <b:LOAD> 'LOAD <a:>' } # LOAD <a:>\n; CLEAR ALL"
    assert load_operations(update) == []
    (load,) = load_operations("PREFIX e: <http://x/> load silent e:y into graph e:g ; CLEAR ALL")
    assert (load.source, load.graph, load.silent) == ("http://x/y", "e:g", True)
