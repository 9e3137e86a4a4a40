"""What caches may keep: one ETag a representation, fresh after a write, nothing that is private."""

# ruff: noqa: E501 (tables of cases)

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from served import Served

from tests.server.writing import BEARER
from tests.server.writing import TOKEN
from tests.server.writing import Reply
from tests.server.writing import Writer

E = "http://example.org/"
QUERY = "/sparql?query=SELECT%20*%20%7B%3Fs%20a%20%3Fo%7D%20ORDER%20BY%20%3Fs%20%3Fo%20LIMIT%205"
GRAPH = "/sparql?query=CONSTRUCT%20WHERE%20%7B%3Fs%20a%20%3Fo%7D%20LIMIT%201"
ALL = f"/sparql?query=SELECT%20%3Fo%20%7B%3C{E}s%3E%20%3C{E}p%3E%20%3Fo%7D"
NEGOTIATED = {
    QUERY: ("application/sparql-results+json", "application/sparql-results+xml", "text/csv",
        "text/tab-separated-values", "text/html"),
    GRAPH: ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
    "/sparql": ("text/turtle", "application/rdf+xml", "text/html"),
    "/ontology": ("text/html", "text/turtle"),
    "/id/national-action-plan": ("text/html", "text/turtle", "application/ld+json"),
    "/.well-known/void": ("text/turtle", "application/rdf+xml"),
    "/none": ("text/html", "application/json"),
}  # fmt: skip
FIXED = [
    "/", "/queries", "/healthz", "/page/national-action-plan", "/data/national-action-plan.ttl",
    "/data/national-action-plan.jsonld", "/assets/style.css", "/data/ontology.ttl",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(
    start_for_module: Callable[..., Served],
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Return a server on a copy of the built graph, which may be written to."""
    data = tmp_path_factory.mktemp("caching") / "data"
    shutil.copytree(built, data, symlinks=True)
    options = ["--no-build", "--port", "0", "--write-token", TOKEN]
    return start_for_module("--data", data, *options).address


@pytest.fixture
def reader(address: str) -> Writer:
    return Writer(address, {})


@pytest.fixture
def writer(address: str) -> Writer:
    return Writer(address)


def varies_by(reply: Reply) -> set[str]:
    return {name.strip().lower() for name in reply.headers.get("Vary", "").split(",")}


@pytest.mark.parametrize("path", NEGOTIATED)
def test_negotiated_answers_say_so(reader: Writer, path: str) -> None:
    tags = []
    for accept in NEGOTIATED[path]:
        reply = reader.send("GET", path, Accept=accept)
        assert "accept" in varies_by(reply), (accept, reply.headers)
        if reply.status == 200:
            assert reply.headers["Content-Type"].partition(";")[0] == accept
        if "ETag" in reply.headers:
            tags.append(reply.headers["ETag"])
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize("path", [*NEGOTIATED, *FIXED])
def test_head_is_get_without_a_body(reader: Writer, path: str) -> None:
    for accept in NEGOTIATED.get(path, ("*/*",)):
        got = reader.send("GET", path, Accept=accept)
        head = reader.send("HEAD", path, Accept=accept)
        assert (head.status, head.body) == (got.status, b"")
        moving = {"Date", "Age"}
        assert {n: v for n, v in head.headers.items() if n not in moving} == {
            n: v for n, v in got.headers.items() if n not in moving
        }


@pytest.mark.parametrize(
    "path", [*NEGOTIATED, *FIXED, "/store?default", "/none", "/sparql?query=x"]
)
def test_what_has_a_tag_is_told_to_be_the_same(reader: Writer, path: str) -> None:
    for accept in NEGOTIATED.get(path, ("*/*",)):
        got = reader.send("GET", path, Accept=accept)
        tag = got.headers.get("ETag")
        if got.status >= 400:
            assert tag is None
            continue
        if tag is None:
            continue
        for condition in (tag, f'"other", {tag}', f"W/{tag.removeprefix('W/')}"):
            again = reader.send("GET", path, Accept=accept, If_None_Match=condition)
            assert (again.status, again.body) == (304, b""), condition
            assert again.headers["ETag"] == tag
            assert varies_by(again) == varies_by(got)
            assert again.headers.get("Cache-Control") == got.headers.get("Cache-Control")
        for condition in ('"other"', '"', "W/", '",,,', "x" * 5000):
            other = reader.send("GET", path, Accept=accept, If_None_Match=condition)
            assert (other.status, other.body) == (200, got.body), condition


def test_a_read_after_a_write_is_fresh(writer: Writer) -> None:
    paths = [ALL, "/store?graph=http://example.org/g", "/healthz"]
    writer.update(f"INSERT DATA {{ GRAPH <{E}g> {{ <{E}s> <{E}p> 0 }} }}")
    seen: dict[str, list[Reply]] = {path: [] for path in paths}
    for number in range(1, 6):
        for path in paths:
            seen[path].append(writer.send("GET", path))
        assert writer.update(
            f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} INSERT {{ GRAPH ?g {{ ?s ?p {number} }} }} "
            f"WHERE {{ GRAPH ?g {{ ?s ?p ?o . FILTER(?s = <{E}s>) }} }}"
        ).status == 200  # fmt: skip
        for path in paths:
            before = seen[path][-1]
            fresh = writer.send("GET", path, If_None_Match=before.headers.get("ETag", '"none"'))
            assert (fresh.status, fresh.body == before.body) == (200, False), path
            assert "ETag" not in fresh.headers or fresh.headers["ETag"] != before.headers["ETag"]
        assert f'"{number}"'.encode() in writer.send("GET", ALL).body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/none", 404),
        ("GET", "/sparql?query=x", 400),
        ("GET", "/sparql?query=SELECT*%7BSERVICE%3Ca:%3E%7B%7D%7D", 403),
        ("PUT", "/sparql", 405),
        ("POST", "/update", 401),
        ("GET", "/store", 400),
        ("GET", "/store?graph=http://example.org/none", 404),
        ("GET", "/data/none.ttl", 404),
        ("GET", "/page/none", 404),
    ],
)
def test_errors_are_not_kept(reader: Writer, method: str, path: str, status: int) -> None:
    for accept in ("*/*",) if path.startswith("/store") else ("text/html", "*/*"):
        reply = reader.send(method, path, Accept=accept)
        assert reply.status == status
        assert reply.headers["Cache-Control"] == "no-store"
        assert "ETag" not in reply.headers


@pytest.mark.parametrize("path", [*NEGOTIATED, *FIXED, "/store?default"])
def test_what_a_token_asks_is_not_public(reader: Writer, path: str) -> None:
    directives = reader.send("GET", path, **BEARER).headers.get("Cache-Control", "")
    names = {part.strip().partition("=")[0] for part in directives.split(",")}
    assert names & {"private", "no-store"}
    assert not names & {"public", "s-maxage", "must-revalidate"}


@pytest.mark.parametrize("path", [QUERY, "/page/national-action-plan", "/id/national-action-plan"])
def test_odd_headers_change_nothing(reader: Writer, path: str) -> None:
    plain = reader.send("GET", path)
    for header in ("Cookie", "X-Forwarded-Host", "X-Forwarded-Scheme", "X-Original-URL", "Host",
                   "X-HTTP-Method-Override", "X-Forwarded-Prefix", "Forwarded", "Origin"):  # fmt: skip
        odd = reader.send("GET", path, **{header: "evil.example"})
        assert (odd.status, odd.body) == (plain.status, plain.body), header
        assert odd.headers.get("ETag") == plain.headers.get("ETag")
        assert odd.headers.get("Location") == plain.headers.get("Location")
        assert "Set-Cookie" not in odd.headers
