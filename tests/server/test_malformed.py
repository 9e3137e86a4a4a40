"""Requests that no proper client sends: refused in a short answer, or read as the standard says."""

# ruff: noqa: E501 (tables of cases)

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from served import Served

from tests.server.processes import resident
from tests.server.raw_http import FRAMES
from tests.server.raw_http import RawReply
from tests.server.raw_http import connect
from tests.server.raw_http import exchange
from tests.server.raw_http import only
from tests.server.raw_http import replies
from tests.server.raw_http import request

Start = Callable[..., Served]
QUERY = "Content-Type: application/sparql-query"
FORM = "Content-Type: application/x-www-form-urlencoded"
CHUNKED = "Transfer-Encoding: chunked"
ASK = b"ASK {}"
YES = b'{"head":{},"boolean":true}'
ASK_PATH = "/sparql?query=ASK%7B%7D"


@pytest.fixture(scope="module")
def served(start_for_module: Start, built: Path) -> Served:
    """Return a server that takes all the requests of this file."""
    return start_for_module("--no-build", "--data", built, "--port", "0")


@pytest.fixture
def address(served: Served) -> str:
    return served.address


def refused(reply: RawReply, status: int) -> None:
    """Assert that ``reply`` is a short problem document of ``status`` that says nothing of the inside."""
    assert reply.status == status, reply
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    problem = json.loads(reply.body)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert len(reply.body) < 5000
    assert not [frame for frame in FRAMES if frame in reply.body]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/sparql?query=", [], b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", [], b"", 400),
        ("GET", "/sparql?query=ASK", [], b"", 400),
        ("GET", "/sparql?query=%00", [], b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D%00", [], b"", 400),
        ("GET", "/sparql?query=ASK%7B%3Ca%00b%3E%20a%20%3Cb%3A%3E%7D", [], b"", 400),
        ("GET", "/sparql?query=%FF", [], b"", 400),
        ("GET", "/sparql?query=%C0%AF", [], b"", 400),
        ("GET", "/sparql?query=%zz", [], b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D&format=nonsense", [], b"", 400),
        ("GET", "/sparql?query=\xff", [], b"", 400),
        ("GET", "/sparql?" + "&".join(["a=b"] * 3000), [], b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri", [], b"", 400),
        ("GET", "/sparql?query=SELECT%20(%22%5CuD800%22%20AS%20%3Fx)%7B%7D", [], b"", 400),
        ("GET", "/sparql?query=SELECT%20(%22%5CU00110000%22%20AS%20%3Fx)%7B%7D", [], b"", 400),
        ("GET", "/sparql?query=SELECT%20(%22%5Cq%22%20AS%20%3Fx)%7B%7D", [], b"", 400),
        ("GET", ASK_PATH, ["Accept: image/png"], b"", 406),
        ("GET", ASK_PATH, ["Accept: ;;;q=q=q,,,/,"], b"", 406),
        ("GET", ASK_PATH, ["Accept: " + "text/x;q=0.5," * 4000], b"", 406),
        ("POST", "/sparql", [QUERY], b"", 400),
        ("POST", "/sparql", [FORM], b"", 400),
        ("POST", "/sparql", [FORM], b"query=%FF", 400),
        ("POST", "/sparql", [FORM], b"a=b", 400),
        ("POST", "/sparql", [QUERY], b"\xef\xbb", 400),
        ("POST", "/sparql", [QUERY], b"\xed\xa0\x80", 400),
        ("POST", "/sparql", [QUERY], b"-" * 1_000_000, 400),
        ("POST", "/sparql", [QUERY], b'"' + b'\\"' * 499_000, 400),
        ("POST", "/sparql", [QUERY], b"SERVICE" + b"-" * 1_000_000, 403),
        ("POST", "/sparql", [], ASK, 415),
        ("POST", "/sparql", ["Content-Type: text/plain"], ASK, 415),
        ("POST", "/sparql", ['Content-Type: ;;;=="\xff'], ASK, 415),
        ("POST", "/sparql", [QUERY + "; charset=utf-16"], ASK, 415),
        ("POST", "/sparql", ["Content-Type: " + "x" * 50_000], ASK, 415),
        ("POST", "/sparql", ["Content-Type: multipart/form-data; boundary=" + "x" * 9999], ASK, 415),
        ("POST", "/sparql", [QUERY, "Content-Encoding: gzip"], gzip.compress(ASK), 400),
        ("POST", "/sparql", [QUERY, "Content-Length: 3"], ASK, 400),
        ("PUT", "/sparql", [QUERY], ASK, 405),
        ("DELETE", "/sparql", [], b"", 405),
        ("TRACE", "/sparql", [], b"", 405),
        ("CONNECT", "/sparql", [], b"", 405),
        ("FROB", "/sparql", [], b"", 405),
        ("GET", "/id/a%00b", [], b"", 404),
        ("GET", "/id/%ff%fe", [], b"", 404),
        ("GET", "/page/national-action-plan?statements=" + "9" * 5000, [], b"", 400),
        ("GET", "/queries/" + "a" * 5000, [], b"", 404),
        ("GET", "//[evil/id", [], b"", 404),
    ],
)  # fmt: skip
def test_what_makes_no_sense_to_the_application(
    address: str, method: str, path: str, headers: list[str], body: bytes, status: int
) -> None:
    refused(only(exchange(address, request(method, path, headers, body))), status)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /healthz\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET http://[evil/id HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (request("GET", "/healthz", version="HTTP/2.0"), 400),
        (request("GET", "/healthz", version="HTTP/9.9"), 400),
        (request("get", "/healthz"), 400),
        (request("GET", "/healthz", ["X: a\0b"]), 400),
        (request("GET", "/healthz", ["X: a\nInjected: b"]), 400),
        (request("GET", "/healthz", ["X: a\rInjected: b"]), 400),
        (request("GET", "/healthz", ["no colon"]), 400),
        (request("GET", "/healthz", ["X : a"]), 400),
        (request("POST", "/sparql", [QUERY, "Content-Length: -1"], ASK), 400),
        (request("POST", "/sparql", [QUERY, "Content-Length: +6"], ASK), 400),
        (request("POST", "/sparql", [QUERY, "Content-Length: 6x"], ASK), 400),
        (request("POST", "/sparql", [QUERY, "Content-Length: 6", "Content-Length: 7"], ASK), 400),
        (request("POST", "/sparql", [QUERY, "Content-Length: " + "9" * 5000], ASK), 400),
        (request("POST", "/sparql", [QUERY, "Content-Length: 99999999999"], ASK), 413),
        (request("POST", "/sparql", [QUERY, CHUNKED], b"zz\r\nASK {}\r\n0\r\n\r\n"), 400),
        (request("POST", "/sparql", [QUERY, CHUNKED], b"-6\r\nASK {}\r\n0\r\n\r\n"), 400),
        (request("POST", "/sparql", [QUERY, CHUNKED], b"3\r\nASK {}\r\n0\r\n\r\n"), 400),
        (request("POST", "/sparql", [QUERY, "Transfer-Encoding: gzip, chunked"], ASK), 400),
        (request("POST", "/sparql", [QUERY, "Transfer-Encoding: nonsense"], ASK), 400),
        (request("GET", "/sparql?query=" + "a" * 1_000_000), 431),
        (request("GET", "/healthz", ["X: " + "a" * 1_000_000]), 431),
        (request("GET", "/healthz", [f"X{number}: a" for number in range(10_000)]), 431),
    ],
    ids=range(27),
)
def test_what_is_no_http(address: str, data: bytes, status: int) -> None:
    reply = only(exchange(address, data))
    refused(reply, status)
    assert reply.headers["connection"] == "close"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1"])
def test_two_lengths_smuggle_nothing(address: str, version: str) -> None:
    inner = request("GET", "/healthz")
    headers = [QUERY, CHUNKED] + (["Content-Length: 11"] if version == "HTTP/1.1" else [])
    body = b"6\r\nASK {}\r\n0\r\n\r\n" + inner
    refused(only(exchange(address, request("POST", "/sparql", headers, body, version))), 400)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_query_of_ten_megabytes(address: str, chunked: bool) -> None:
    piece = b"#" * (1 << 16)
    began = time.monotonic()
    if chunked:
        pieces = [b"10000\r\n" + piece + b"\r\n"] * 160
        data = exchange(
            address, request("POST", "/sparql", [QUERY, CHUNKED]), *pieces, b"0\r\n\r\n"
        )
    else:
        data = exchange(address, request("POST", "/sparql", [QUERY], piece * 160))
    refused(only(data), 413)
    assert time.monotonic() - began < 10


def test_a_gzip_bomb_stays_packed(address: str, served: Served) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    assert len(bomb) < 1 << 20
    before = resident(served.process.pid)
    reply = only(
        exchange(address, request("POST", "/sparql", [QUERY, "Content-Encoding: gzip"], bomb))
    )
    refused(reply, 400)
    assert resident(served.process.pid) < before + (50 << 20)


def test_a_body_that_never_comes_harms_nobody(address: str) -> None:
    with connect(address) as client:
        client.sendall(request("POST", "/sparql", [QUERY, "Content-Length: 100"]) + ASK)
        assert only(exchange(address, request("GET", ASK_PATH))).body == YES


@pytest.mark.parametrize(
    ("pieces", "statuses"),
    [
        ([request("GET", ASK_PATH, version="HTTP/1.0", close=False)], [200]),
        ([request("POST", "/sparql", [QUERY, CHUNKED], b"3\r\nASK\r\n3;x=y\r\n {}\r\n0\r\n\r\n")], [200]),
        ([request("POST", "/sparql", [QUERY, "Expect: 100-continue", "Content-Length: 6"]), ASK], [100, 200]),
        ([request("GET", ASK_PATH, close=False) * 20 + request("GET", ASK_PATH)], [200] * 21),
        ([request("GET", ASK_PATH, close=False), request("GET", "/none", close=False), request("GET", ASK_PATH)], [200, 404, 200]),
        ([request("POST", "/sparql", [QUERY], ASK, close=False) + request("GET", ASK_PATH)], [200, 200]),
        ([b"\r\n\r\n" + request("GET", ASK_PATH)], [200]),
    ],
)  # fmt: skip
def test_http_as_it_may_be(address: str, pieces: list[bytes], statuses: list[int]) -> None:
    found = replies(exchange(address, *pieces))
    assert [reply.status for reply in found] == statuses
    assert found[-1].body == YES


def test_a_connection_is_kept(address: str) -> None:
    with connect(address) as client:
        for _ in range(3):
            client.sendall(request("GET", ASK_PATH, close=False))
            data = b""
            while YES not in data:
                data += client.recv(4096)
            assert only(data).status == 200
        client.sendall(request("GET", ASK_PATH, ["Connection: Keep-Alive"], version="HTTP/1.0"))


@pytest.mark.parametrize(
    "path", ["/id/", "/topic/", "/page/", "/queries/", "/data/", "/graph/", "/"]
)
def test_line_breaks_reach_no_header(address: str, path: str) -> None:
    for injected in (
        "x%0d%0aX-Injected:%20y",
        "x%0aX-Injected:%20y",
        "x%E5%98%8A%E5%98%8DX-Injected:y",
    ):
        data = exchange(address, request("GET", path + injected, ["Accept: text/html"]))
        reply = only(data)
        assert 300 <= reply.status < 500
        assert "x-injected" not in reply.headers
        assert b"\nX-Injected" not in data.partition(b"\r\n\r\n")[0]


def test_line_breaks_reach_no_log_line(start: Start, built: Path) -> None:
    served = start("--no-build", "--data", built, "--port", "0")
    fake = "id=0 method=GET path=forged"
    attempts = [
        request("GET", f"/id/x%0a{fake.replace(' ', '%20')}"),
        request("GET", "/sparql?query=%0a" + fake.replace(" ", "%20")),
        request("FORGED%0AX", "/id/x"),
        request("GET", "/id/x%1b%5b31m%E2%80%A8%C2%85"),
        request("GET", "/healthz", [f"User-Agent: x\r\n {fake}", f"X-Forwarded-For: {fake}"]),
    ]
    for attempt in attempts:
        exchange(served.address, attempt)
    _, _, err = served.stop()
    lines = err.split("\n")
    assert lines.pop() == ""
    # Of the tests' servers several serve this folder, which each of them says.
    lines = [line for line in lines if "Another server serves this data folder" not in line]
    assert len(lines) == len(attempts), err
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        assert " INFO id=" in line
        assert not line.startswith(fake)
