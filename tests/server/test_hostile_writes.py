"""Writes that make no sense, from one who has the token: told in few words, and nothing changes."""

import gzip
import json
from collections.abc import Callable

import pytest
from served import Served

from tests.server.raw_http import FRAMES
from tests.server.writing import TOKEN
from tests.server.writing import Writer

E = "http://example.org/"
PATH = f"/store?graph={E}g"
TURTLE = "text/turtle"
UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
CLEAR = b"CLEAR ALL"


@pytest.fixture(scope="module")
def served(
    start_for_module: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory
) -> Served:
    data = tmp_path_factory.mktemp("writes") / "data"
    served = start_for_module("--empty", "--data", data, "--port", "0", "--write-token", TOKEN)
    assert Writer(served.address).send("PUT", PATH, "<a:> <b:> 1 .", TURTLE).status == 201
    return served


def part(content_type: str, data: bytes, name: str = "x.ttl") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n'
    return (
        head.encode() + f"Content-Type: {content_type}\r\n\r\n".encode() + data + b"\r\n--b--\r\n"
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "statuses"),
    [
        ("PATCH", PATH, b"CLEAR \xff ALL", UPDATE, {400}),
        ("PATCH", PATH, b"CLEAR", UPDATE, {400}),
        ("PATCH", PATH, b"LOAD <file:///etc/passwd>", UPDATE, {403}),
        ("PATCH", PATH, b"DROP ALL ; CREATE GRAPH <b:g>", UPDATE, {403}),
        ("POST", "/update", b"\x00" * 1000, UPDATE, {400}),
        ("POST", "/update", b"CLEAR ALL\x00", UPDATE, {400}),
        ("POST", "/update", gzip.compress(CLEAR), UPDATE, {400}),
        ("POST", "/update", b"update=%FF", FORM, {400}),
        ("POST", "/update", b"a=b&" * 3000, FORM, {400}),
        ("POST", "/update", CLEAR, "text/plain", {415}),
        ("POST", "/update", part(UPDATE, CLEAR), PARTS, {415}),
        ("POST", "/update", b'{"update": "CLEAR ALL"}', "application/json", {415}),
        ("POST", "/update?using-graph-uri=a:", b"WITH <a:> DELETE {} WHERE {}", UPDATE, {400}),
        ("POST", "/update?default-graph-uri=" + "a" * 9000, b"CLEAR", UPDATE, {400}),
        ("PUT", "/update", CLEAR, UPDATE, {405}),
        ("POST", "/sparql", b"_method=DELETE&update=CLEAR+ALL", FORM, {400, 403}),
        ("POST", f"{PATH}&_method=DELETE", b"<a:", TURTLE, {400}),
        ("POST", PATH, part(TURTLE, b"<a:> <b:> 2 . <a:"), PARTS, {400}),
        ("POST", PATH, part("text/html", b"<p>"), PARTS, {415}),
        ("POST", PATH, part(TURTLE, b"<a:> <b:> 2 .")[:-30], PARTS, {400}),
        ("POST", PATH, b"no part at all", PARTS, {400}),
        ("POST", PATH, b"<a:> <b:> 2 .", "multipart/form-data", {400}),
        ("PUT", PATH, "<a:> <b:> 2 .".encode("utf-16"), TURTLE, {400}),
        ("PUT", PATH, gzip.compress(b"<a:> <b:> 2 ."), TURTLE, {400}),
        ("PUT", PATH, b"<a:> <b:> '\\uD800' .", TURTLE, {400}),
        ("PUT", PATH, b"<a:> <b:> <../../x y> .", TURTLE, {400}),
        ("PUT", PATH, b"\x00" * 1000, "application/n-triples", {400}),
        ("PUT", PATH, b"{", "application/ld+json", {400}),
        ("PUT", PATH, b"<a:> <b:> 2 .", "text/turtle; charset=nonsense\xff", {400, 415}),
        ("PUT", "/store?graph=" + "a:" + "b" * 60_000 + "%00", b"<a:> <b:> 2 .", TURTLE, {400}),
        ("PUT", "/store?graph=%FF", b"<a:> <b:> 2 .", TURTLE, {400}),
        ("PUT", "/store?graph=javascript:alert(1)%20", b"<a:> <b:> 2 .", TURTLE, {400}),
        ("DELETE", "/store?graph=" + E + "none", None, None, {404}),
        ("DELETE", "/store", None, None, {400}),
    ],
    ids=range(34),
)  # fmt: skip
def test_writes_that_make_no_sense(
    served: Served,
    method: str,
    path: str,
    body: bytes | None,
    content_type: str | None,
    statuses: set[int],
) -> None:
    writer = Writer(served.address)
    before = writer.send("GET", "/healthz").json["version"]
    reply = writer.send(method, path, body, content_type)
    assert reply.status in statuses, (reply.status, reply.body)
    problem = json.loads(reply.body)
    assert problem["title"]
    assert problem["detail"]
    assert len(reply.body) < 5000
    assert not [frame for frame in FRAMES if frame in reply.body]
    assert writer.send("GET", "/healthz").json["version"] == before
    assert writer.send("GET", PATH, Accept="application/n-triples").body == (
        b'<a:> <b:> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Match": "nonsense"},
        {"If-Match": '"' + "x" * 10_000 + '"'},
        {"If-Match": ",,,"},
        {"If-None-Match": "*"},
    ],
    ids=range(4),
)
def test_conditions_that_do_not_hold(served: Served, headers: dict[str, str]) -> None:
    writer = Writer(served.address, {"Authorization": f"Bearer {TOKEN}", **headers})
    assert writer.send("PUT", PATH, "<a:> <b:> 2 .", TURTLE).status == 412


@pytest.mark.parametrize(
    "override",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-HTTP-Method": "DELETE"},
        {"X-Method-Override": "DELETE"},
    ],
)
def test_no_header_makes_a_read_a_write(served: Served, override: dict[str, str]) -> None:
    writer = Writer(served.address, {"Authorization": f"Bearer {TOKEN}", **override})
    assert writer.send("GET", PATH).status == 200
    assert writer.send("POST", "/sparql", "ASK {}", "application/sparql-query").status == 200
    assert Writer(served.address).send("GET", PATH).status == 200
