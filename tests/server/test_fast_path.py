"""Plain queries are answered in the event loop, and nobody can tell but by the time it takes."""

import http.client
import re
import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from served import Served

from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.settings import Settings
from server.listening import listen
from server.plain_request import PlainRequests
from server.plain_request import may_be_plain
from server.web_server import WebServer
from tests.server.raw_http import connect
from tests.server.raw_http import exchange
from tests.server.raw_http import only
from tests.server.raw_http import replies
from tests.server.raw_http import request

LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s ?l"
SHORT = f"{LABELS} LIMIT 3"
LONGER = f"{LABELS} LIMIT 60"
SPOOLED = f"{LABELS} LIMIT 700"
GRAPH = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } ORDER BY ?s ?o LIMIT 5"
LARGE = "SELECT * { ?s ?p ?o } LIMIT 8000"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BREAKS = "SELECT * { ?a a ?b . ?c ?d ?e }"
# A header that makes a request one for the application, and means nothing there.
ODD = "X-Odd: 1"


def path(query: str, **parameters: str) -> str:
    named = "".join(f"&{name}={quote(value)}" for name, value in parameters.items())
    return f"/sparql?query={quote(query)}{named}"


@pytest.fixture(scope="module")
def served(
    start_for_module: Callable[..., Served],
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Served:
    config = tmp_path_factory.mktemp("fast") / "policykg.toml"
    config.write_text(
        "query_seconds = 4\nclient_query_seconds = 0\nresult_mb = 8\n", encoding="utf-8"
    )
    return start_for_module("--no-build", "--data", built, "--port", "0", "--config", config)


def without_date(data: bytes) -> bytes:
    return re.sub(rb"\r\nDate: [^\r]*", b"", data)


def dechunked(data: bytes) -> bytes:
    """Return ``data`` without the marks of its chunks, which are as long as it happens."""
    head, end, _ = data.partition(b"\r\n\r\n")
    return head + end + only(data).body if b"\r\nTransfer-Encoding: chunked" in head else data


CASES = [
    (path(SHORT), []),
    (path(LONGER), []),
    (path(LONGER), ["Accept-Encoding: gzip, deflate"]),
    (path(SPOOLED), ["Accept-Encoding: gzip"]),
    (path(SPOOLED), []),
    (path(SHORT), ["Accept-Encoding: identity"]),
    (path(SHORT), ["Accept: text/csv"]),
    (path(SHORT), ["accept:application/sparql-results+xml;q=0.5, text/csv;q=0.1"]),
    (path(SHORT), ["Accept: application/json", "User-Agent: x/1 (y; z)", "Origin: http://o"]),
    (path(SHORT), ["Accept: */*", "Connection: keep-alive"]),
    (path(SHORT), ["Accept: text/html"]),
    (path(SHORT), ["Accept: image/png"]),
    (path(SHORT, format="csv"), []),
    (path(SHORT, format="tsv"), ["Accept: text/csv"]),
    (path(SHORT, format="none"), []),
    (path(SHORT, format=""), []),
    (path(SHORT, other="1"), []),
    (path(SHORT) + "&query=ASK%7B%7D", []),
    (path("ASK{}") + "#fragment", []),
    (path("ASK { BIND('ä€😀' AS ?x) }"), []),
    ("/sparql?query=ASK+%7B%7D", []),
    ("/sparql?query=ASK%20%7B%7D%FF", []),
    ("/sparql?query=ASK%7B%7D%00", []),
    ("/sparql?query=ASK{}", []),
    ("/sparql?query=", []),
    ("/sparql?query=%20", []),
    ("/sparql?", []),
    ("/sparql?a;b", []),
    (path(GRAPH), []),
    (path(GRAPH), ["Accept: application/n-triples"]),
    (path(GRAPH), ["Accept: text/csv"]),
    (path("CONSTRUCT { [] a ?o } WHERE { ?s a ?o } LIMIT 0"), []),
    (path("ASK { FILTER(NOW() > 0) }"), []),
    (path("SELECT *\n{ ?s"), []),
    (path("SELECT *\n{ ?s"), ["Accept: text/html"]),
    (path("INSERT DATA {}"), []),
    (path("ASK { SERVICE <http://127.0.0.1:1/> {} }"), []),
    (path("ASK {}" + " " * 5000), []),
    (path(LARGE), []),
    (path(LARGE), ["Accept-Encoding: gzip"]),
    (path(LARGE, format="xml"), []),
]


@pytest.mark.parametrize(("asked", "headers"), CASES)
def test_the_answer_is_the_application_s_byte_for_byte(
    served: Served, asked: str, headers: list[str]
) -> None:
    closes = not any("keep-alive" in header for header in headers)

    def ask(*more: str) -> bytes:
        data = request("GET", asked, [*headers, *more], close=closes)
        if closes:
            return dechunked(without_date(exchange(served.address, data)))
        last = request("GET", "/none")
        return without_date(exchange(served.address, data + last))

    by_application = ask(ODD)
    assert ask() == by_application
    assert ask() == by_application  # as kept
    if match := re.search(rb"\r\nEtag: ([^\r]*)", by_application):
        for held in (
            match[1].decode(),
            f"W/{match[1].decode()}",
            '"other"',
            "*",
            f'"a", {match[1].decode()}',
        ):  # noqa: E501 fmt: skip
            condition = f"If-None-Match: {held}"
            assert ask(condition) == ask(condition, ODD)


def test_a_query_that_takes_too_long_is_explained_by_the_application(served: Served) -> None:
    plain, odd = (
        exchange(served.address, request("GET", path(ENDLESS), headers)) for headers in ([], [ODD])
    )
    assert without_date(plain) == without_date(odd)
    assert only(plain).status == 504


@pytest.mark.parametrize("query", [SHORT, LONGER, LARGE])
def test_an_answer_to_http_1_0_and_to_head_is_the_application_s(served: Served, query: str) -> None:
    old = only(exchange(served.address, request("GET", path(query), version="HTTP/1.0")))
    assert (old.status, int(old.headers["content-length"])) == (200, len(old.body))
    head = only(exchange(served.address, request("HEAD", path(query))))
    assert (head.status, head.body) == (200, b"")


def test_a_large_answer_that_fails_is_broken_off(served: Served) -> None:
    connection = http.client.HTTPConnection(served.address.removeprefix("http://"), timeout=30)
    with closing(connection):
        connection.request("GET", path(BREAKS), headers={"Accept": "text/csv"})
        response = connection.getresponse()
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead):
            response.read()


def test_a_slow_reader_gets_all_of_a_large_answer(served: Served) -> None:
    whole = only(exchange(served.address, request("GET", path(LARGE), [ODD]))).body
    data = bytearray()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(("127.0.0.1", int(served.address.rpartition(":")[2])))
        client.sendall(request("GET", path(LARGE)))
        time.sleep(0.5)
        while part := client.recv(1 << 16):
            data += part
            if len(data) % 7 == 0:
                time.sleep(0.001)
    assert only(bytes(data)).body == whole


def test_requests_may_be_sent_ahead(served: Served) -> None:
    asked = [path(f"SELECT (?s AS ?a{n}) {{ ?s ?p ?o }} LIMIT 1", format="csv") for n in range(6)]
    with connect(served.address) as client:
        for number, one in enumerate(asked):
            client.sendall(request("GET", one, [ODD] if number == 3 else [], close=False))
            time.sleep(0.0 if number % 2 else 0.02)
        client.sendall(request("GET", "/none"))
        received = bytearray()
        while data := client.recv(1 << 16):
            received += data
    found = replies(bytes(received))
    assert [reply.status for reply in found] == [200] * 6 + [404]
    assert [reply.body.partition(b"\r\n")[0] for reply in found[:6]] == [
        f"a{n}".encode() for n in range(6)
    ]


def test_a_client_that_leaves_frees_its_worker(served: Served) -> None:
    """One address may have eight queries under way, so that the tenth would be refused."""
    for number in range(10):
        with connect(served.address) as client:
            client.sendall(request("GET", path(f"{ENDLESS} # {number}")))
            time.sleep(0.05)
    reply = only(exchange(served.address, request("GET", path("ASK {}"))))
    assert reply.status == 200


@pytest.fixture
def alone(built: Path) -> Iterator[str]:
    """Yield the address of a server whose application says only that it was asked."""
    with serving(Settings(data=built, port=0)) as address:
        yield address


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Yield the address of a server with these settings, and with next to no application."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "4")])
        return [b"app\n"]

    listener = listen(settings)
    ended = threading.Event()
    with (
        closing(IsolatedEngine(settings.data, Limits.of(settings))) as engine,
        ExitStack() as stack,
    ):

        def run() -> None:
            server = WebServer(app, settings, listener, engine)
            while not ended.is_set():
                server.go_round(0.05)
            server.finish()

        thread = threading.Thread(target=run)
        thread.start()
        stack.callback(thread.join)
        stack.callback(ended.set)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("asked", "headers", "is_plain"),
    [
        (path(SHORT), [], True),
        (path(LONGER), ["Accept-Encoding: gzip", "Accept: text/csv"], True),
        (path(LARGE), [], True),
        (path(SHORT, format="csv"), [], True),
        (path(SHORT), [ODD], False),
        (path(SHORT), ["Authorization: Bearer x"], False),
        (path(SHORT), ["X-Forwarded-For: 192.0.2.1"], False),
        (path(SHORT), ["Content-Length: 0"], False),
        (path(SHORT), ["Accept: text/csv", "Accept: text/html"], False),
        (path("SELECT *\n{ ?s"), [], False),  # the worker says so, the application explains
        ("/sparql?default-graph-uri=urn:g&query=ASK%7B%7D", [], False),
        ("//sparql?query=ASK%7B%7D", [], False),
        ("/sparql/?query=ASK%7B%7D", [], False),
        ("/%73parql?query=ASK%7B%7D", [], False),
    ],
)
def test_what_is_plain_is_not_the_application_s(
    alone: str, asked: str, headers: list[str], is_plain: bool
) -> None:
    data = exchange(alone, request("GET", asked, headers))
    assert (replies(data)[0].body == b"app\n") == (not is_plain)


@pytest.mark.parametrize(
    "different", [{"reading": "token"}, {"trusted_proxy": "127.0.0.1"}, {"trusted_proxy": "*"}]
)
def test_where_the_application_must_look_at_the_client_nothing_is_plain(
    built: Path, different: dict[str, Any]
) -> None:
    with serving(Settings(data=built, port=0, **different)) as address:
        assert only(exchange(address, request("GET", path(SHORT)))).body == b"app\n"


HOST = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    "data",
    [
        HOST + b"\r\n",
        HOST + b"Accept:\r\n\r\n",
        HOST + b"If-None-Match: \"x\"\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_plain(data: bytes) -> None:
    assert may_be_plain(data)
    asked = PlainRequests("http://e/sparql").read(data)
    assert asked is not None
    assert (asked.query.text, asked.query.base_iri) == ("ASK{}", "http://e/sparql")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HOST,
        HOST + b"\r\n" + HOST + b"\r\n",
        HOST + b"\r\nx",
        HOST + b"\n\r\n",
        HOST + b" folded\r\n\r\n",
        HOST + b"Host: b\r\n\r\n",
        HOST + b"Accept : text/csv\r\n\r\n",
        HOST + b"Accept: text/csv\x00\r\n\r\n",
        HOST + b"Accept: text/\xe4\r\n\r\n",
        HOST + b"Accept: text/csv\n\r\n\r\n",
        HOST + b"Expect: 100-continue\r\n\r\n",
        HOST + b"Transfer-Encoding: chunked\r\n\r\n",
        HOST + b"Connection: upgrade\r\n\r\n",
        HOST + b"If-Match: \"x\"\r\n\r\n",
        HOST.replace(b"Host: a", b"Host:") + b"\r\n",
        HOST.replace(b"Host: a\r\n", b"") + b"\r\n",
        HOST.replace(b"1.1", b"1.0") + b"\r\n",
        HOST.replace(b"1.1", b"1.1 ") + b"\r\n",
        HOST.replace(b"GET", b"get") + b"\r\n",
        HOST.replace(b"ASK", b"ASK \x01") + b"\r\n",
        HOST.replace(b"ASK", b"ASK%5Cu0053") + b"\r\n",
        HOST.replace(b"ASK", b"%20" * 3000) + b"\r\n",
    ],
)  # fmt: skip
def test_what_is_not_plain(data: bytes) -> None:
    assert not (may_be_plain(data) and PlainRequests("http://e/sparql").read(data))
