"""No request makes the server open a connection, or read a file, that no setting allows."""

# ruff: noqa: E501 (tables of cases)

import json
import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from served import Served

from tests.server.writing import TOKEN
from tests.server.writing import Writer

E = "http://example.org/"
SECRET = "a secret of the operator"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


class Trap:
    """A listener on loopback that remembers who came."""

    def __init__(self) -> None:
        self.visits: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self._open = True
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while self._open:
            with suppress(TimeoutError):
                visitor, _ = self._listener.accept()
                with visitor:
                    self.visits.append(b"somebody")

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._listener.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file that must not be read."""
    folder = tmp_path_factory.mktemp("fetching")
    (folder / "secret.ttl").write_text(f'<{E}s> <{E}p> "{SECRET}" .\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def writer(start_for_module: Callable[..., Served], folder: Path) -> Writer:
    options = ["--empty", "--port", "0", "--write-token", TOKEN]
    return Writer(start_for_module("--data", folder / "data", *options).address)


@pytest.fixture(autouse=True)
def nobody_came(trap: Trap) -> Iterator[None]:
    """Fail the test in which the trap was visited."""
    before = len(trap.visits)
    yield
    assert len(trap.visits) == before


def test_the_trap_works(trap: Trap) -> None:
    socket.create_connection(("127.0.0.1", trap.port)).close()
    for _ in range(50):
        if trap.visits:
            break
        threading.Event().wait(0.1)
    assert trap.visits.pop()


SERVICES = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT<{0}>{{}} }}",
    "SELECT * {{ BIND(<{0}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{0}> }} SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(IRI(CONCAT('ht', 'tp://127.0.0.1:{1}/')) AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ OPTIONAL {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ GRAPH ?g {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ MINUS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE # a comment\n <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE#'\n<{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERV\\U00000049CE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE \\u003C{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 1SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <{0}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "PREFIX SERVICE: <{0}> SELECT * {{ SERVICE SERVICE: {{ ?s ?p ?o }} }}",
    "BASE <{0}> SELECT * {{ SERVICE <sparql> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p '\\'' . SERVICE <{0}> {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s ?p '''x'y\\''''. SERVICE <{0}> {{ ?a ?b ?c }} }}",
    'SELECT * {{ ?s ?p "#" . SERVICE <{0}> {{ ?a ?b ?c }} }}',
    "SELECT * {{ FILTER(1 <2) SERVICE <{0}> {{ ?a ?b ?c }} FILTER(2> 1) }}",
    "SELECT * {{ ?s <a:#b> ?o . SERVICE <{0}> {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s ex:\\#b ?o . SERVICE <{0}> {{ ?a ?b ?c }} }}",
]
SPELLINGS = [
    "http://127.0.0.1:{0}/",
    "http://localhost:{0}/",
    "http://LOCALHOST.:{0}/",
    "http://127.1:{0}/",
    "http://0:{0}/",
    "http://0.0.0.0:{0}/",
    "http://2130706433:{0}/",
    "http://0x7f000001:{0}/",
    "http://0177.0.0.1:{0}/",
    "http://[::1]:{0}/",
    "http://[::ffff:127.0.0.1]:{0}/",
    "http://user:password@127.0.0.1:{0}/",
    "http://example.org@127.0.0.1:{0}/",
    "https://127.0.0.1:{0}/",
    "HTTP://127.0.0.1:{0}/",
    "//127.0.0.1:{0}/",
    "file:///etc/passwd",
    "file://localhost:{0}/",
    "ftp://127.0.0.1:{0}/",
    "gopher://127.0.0.1:{0}/",
]


@pytest.mark.parametrize("query", SERVICES)
def test_service_is_refused(writer: Writer, trap: Trap, query: str) -> None:
    text = query.format(f"http://127.0.0.1:{trap.port}/", trap.port)
    for reply in (
        writer.send("POST", "/sparql", text, QUERY),
        writer.send("GET", f"/sparql?query={quote(text)}"),
        writer.send("POST", "/sparql", f"query={quote(text)}", "application/x-www-form-urlencoded"),
    ):
        assert reply.status in (400, 403), (reply.status, reply.body)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_loopback_is_asked(writer: Writer, trap: Trap, spelling: str) -> None:
    endpoint = spelling.format(trap.port)
    for query in ("SELECT * { SERVICE <%s> {} }", "SELECT * { SERVICE SILENT <%s> {} }"):
        reply = writer.send("POST", "/sparql", query % endpoint, QUERY)
        assert (reply.status, reply.json["title"]) == (403, "Query refused")
    for update in ("LOAD <%s>", "LOAD <%s> INTO GRAPH <a:>", "INSERT {} WHERE { SERVICE <%s> {} }"):
        reply = writer.update(update % endpoint)
        assert (reply.status, reply.json["title"]) == (403, "Query refused")
    assert writer.update(f"LOAD SILENT <{endpoint}>").status == 200
    asked = quote(endpoint, safe="")
    for path in (
        f"/sparql?query=SELECT%20*%7B%3Fs%20%3Fp%20%3Fo%7D&default-graph-uri={asked}",
        f"/sparql?query=SELECT%20*%20FROM%20%3C{asked}%3E%20%7B%3Fs%20%3Fp%20%3Fo%7D",
        f"/sparql?query=SELECT%20*%20FROM%20NAMED%20%3C{asked}%3E%20%7BGRAPH%20%3Fg%7B%7D%7D",
        f"/sparql?query=DESCRIBE%20%3C{asked}%3E",
        f"/store?graph={asked}",
        f"/id/{asked}",
        f"/page/{asked}",
        f"/graph/{asked}",
        f"/sparql?url={asked}&query-uri={asked}&import={asked}",
    ):
        reply = writer.send("GET", path, Accept="application/sparql-results+json, text/turtle")
        assert reply.status in (200, 400, 403, 404), (path, reply.body)
        assert b"root:" not in reply.body


def test_no_update_fetches(writer: Writer, trap: Trap, folder: Path) -> None:
    address = f"http://127.0.0.1:{trap.port}/"
    for source in (address, (folder / "secret.ttl").as_uri(), "file:///etc/passwd"):
        for text in (
            f"LOAD <{source}>",
            f"load # a comment\n <{source}>",
            f"\\u004cOAD <{source}>",
            f"LOAD <{source}> INTO GRAPH <a:>",
            f"INSERT DATA {{}} ; LOAD <{source}>",
            f"PREFIX e: <{source}> LOAD e:",
            f"BASE <{source}> LOAD <>",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{source}> {{ ?s ?p ?o }} }}",
            f"DELETE {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{source}> {{ ?s ?p ?o }} }}",
        ):
            reply = writer.update(text)
            assert reply.status in (400, 403), (text, reply.status, reply.body)
        for text in (
            f"LOAD SILENT <{source}>",
            f"LOAD SILENT <{source}> INTO GRAPH <a:>",
            f"INSERT {{ ?s ?p ?o }} USING <{source}> WHERE {{ ?s ?p ?o }}",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{source}> {{ ?s ?p ?o }} }}",
            f"COPY SILENT <{source}> TO <a:>",
        ):
            assert writer.update(text).status == 200, text
    assert writer.values("SELECT ?o { ?s ?p ?o }") == []


def rdf_xml(head: str, text: str) -> str:
    """Return RDF/XML with a document type ``head`` that says ``text``."""
    return (
        f'{head}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="{E}">'
        f'<rdf:Description rdf:about="{E}s"><e:p>{text}</e:p></rdf:Description></rdf:RDF>'
    )


def test_no_upload_fetches(writer: Writer, trap: Trap, folder: Path) -> None:
    xml, jsonld = "application/rdf+xml", "application/ld+json"
    for source in (f"http://127.0.0.1:{trap.port}/x", (folder / "secret.ttl").as_uri()):
        uploads = [
            (xml, rdf_xml(f'<!DOCTYPE r [<!ENTITY x SYSTEM "{source}">]>', "&x;")),
            (xml, rdf_xml(f'<!DOCTYPE r [<!ENTITY x PUBLIC "-//x//y" "{source}">]>', "&x;")),
            (xml, rdf_xml(f'<!DOCTYPE r [<!ENTITY % x SYSTEM "{source}"> %x;]>', "a")),
            (xml, rdf_xml(f'<!DOCTYPE r SYSTEM "{source}">', "a")),
            (xml, rdf_xml(f'<?xml-stylesheet href="{source}"?>', "a")),
            (xml, rdf_xml("", f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{source}"/>')),
            (jsonld, json.dumps({"@context": source, "@id": E, f"{E}p": 1})),
            (jsonld, json.dumps({"@context": [{}, source], "@id": E, f"{E}p": 1})),
            (jsonld, json.dumps({"@context": {"@import": source}, "@id": E, f"{E}p": 1})),
            (jsonld, json.dumps({"@context": {"p": {"@id": E, "@context": source}}, "p": {"p": 1}})),
            ("text/turtle", f"<{E}o> a <http://www.w3.org/2002/07/owl#Ontology> ; "
                f"<http://www.w3.org/2002/07/owl#imports> <{source}> ."),
            ("text/turtle", f"@base <{source}> . <> <{E}p> <x> ."),
        ]  # fmt: skip
        for content_type, data in uploads:
            for method in ("PUT", "POST"):
                reply = writer.send(method, f"/store?graph={E}g", data, content_type)
                assert reply.status in (200, 201, 400), (data, reply.body)
            reply = writer.send("GET", f"/store?graph={E}g", Accept="application/n-triples")
            assert SECRET.encode() not in reply.body
    writer.send("DELETE", f"/store?graph={E}g")


@pytest.mark.parametrize(
    "name",
    ["Host", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "X-Original-URL", "X-Rewrite-URL",
     "Referer", "Origin", "From", "Link", "Content-Location", "Callback"],
)  # fmt: skip
def test_no_header_is_followed(writer: Writer, trap: Trap, name: str) -> None:
    value = f"127.0.0.1:{trap.port}"
    if name not in ("Host", "X-Forwarded-Host", "X-Forwarded-For"):
        value = f"http://{value}/"
    for path in ("/", "/sparql", "/sparql?query=ASK%7B%7D", "/queries", "/.well-known/void"):
        reply = writer.send("GET", path, **{name: value})
        assert reply.status < 500
        assert value.encode() not in reply.body
        assert value not in str(reply.headers)


OUTSIDE = [
    "/../../etc/passwd", "/assets/../app.py", "/assets/..%2fapp.py", "/assets/%2e%2e/app.py",
    "/assets/..%5capp.py", "/assets//etc/passwd", "/assets/%00", "/dumps/../tokens.json",
    "/dumps/..%2ftokens.json", "/dumps/%2e%2e%2fjournal.jsonl", "/dumps/....//tokens.json",
    "/data/../../../etc/passwd.ttl", "/data/..%2f..%2fetc%2fpasswd.ttl", "/queries/../app.csv",
    "/queries/..%2f..%2fapp.csv", "/id/..%2f..%2fetc%2fpasswd", "/ontology/..%2f..%2fapp.py",
    "/.git/config", "/.git/HEAD", "/.env", "/pyproject.toml", "/policykg.toml", "/tokens.json",
    "/journal.jsonl", "/format.json", "/current", "/versions/1/version.json",
    "/versions/1/store/CURRENT", "/dumps/", "/assets/", "/server/app.py", "/.writer",
    "//etc/passwd", "/file:///etc/passwd", "/proc/self/environ", "/static/app.py",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_file_is_served_that_is_not_meant_to_be(writer: Writer, folder: Path, path: str) -> None:
    (folder / "data" / "tokens.json").touch()
    (folder / "data" / ".env").write_text(SECRET, encoding="utf-8")
    reply = writer.send("GET", path)
    assert reply.status in (400, 404), (path, reply.status)
    for text in (SECRET.encode(), b"root:", b"import ", b"MANIFEST", b"[build-system]"):
        assert text not in reply.body
