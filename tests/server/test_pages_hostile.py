"""Pages that hostile requests ask for: nothing of the request but text, and no way out."""

# ruff: noqa: E501 (tables of cases)

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from urllib.parse import urlsplit

import pytest
from served import Served

from tests.server.html_page import parse
from tests.server.raw_http import exchange
from tests.server.raw_http import only
from tests.server.raw_http import request
from tests.server.writing import TOKEN
from tests.server.writing import Writer

EVIL = "evil.example"
MARKUP = "\"'><script>alert(1)</script><svg onload=alert(2)>"
HTML = "Accept: text/html"
PAGES = [
    "/", "/sparql", "/sparql?query=ASK%7B%7D", "/queries", "/queries/claims-count", "/ontology",
    "/ontology/Claim", "/page/national-action-plan", "/page/topic/terrorism", "/page/graph/derived",
    "/coverage", "/changes",
]  # fmt: skip
ECHOES = [
    "/sparql?query={0}", "/sparql?format=html&query=ASK%7B%7D%20{0}", "/sparql?format={0}",
    "/sparql?default-graph-uri={0}&query=ASK%7B%7D", "/queries/{0}", "/queries/claims-on-topic?topic={0}",
    "/queries/claims-count?{0}={0}", "/page/{0}", "/page/topic/{0}", "/page/graph/{0}", "/id/{0}",
    "/topic/{0}", "/graph/{0}", "/ontology/{0}", "/data/{0}.ttl", "/data/x.{0}", "/dumps/{0}", "/{0}",
    "/page/national-action-plan?statements={0}", "/page/national-action-plan?{0}", "/store?graph={0}",
    "/assets/{0}",
]  # fmt: skip
POLICY = {"default-src": "'none'", "base-uri": "'none'", "object-src": "'none'",
          "frame-ancestors": "'none'", "form-action": "'self'"}  # fmt: skip


@pytest.fixture(scope="module")
def address(start_for_module: Callable[..., Served], built: Path) -> str:
    return start_for_module("--no-build", "--port", "0", "--data", built).address


def guarded(headers: dict[str, str]) -> None:
    """Assert that the headers close a page to scripts of others, frames and sniffing."""
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";")
    )
    assert POLICY.items() <= policy.items()
    assert "unsafe" not in headers["content-security-policy"]
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert headers["content-type"] in ("text/html; charset=utf-8", "application/problem+json")
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_host_and_forwarded_enter_no_page(address: str, path: str) -> None:
    plain = only(exchange(address, request("GET", path, [HTML])))
    assert plain.status in (200, 404)
    guarded(plain.headers)
    forged = [
        HTML, f"X-Forwarded-Host: {EVIL}", f"X-Forwarded-Server: {EVIL}", f"X-Host: {EVIL}",
        "X-Forwarded-Proto: javascript", "X-Forwarded-Port: 6666", f"X-Forwarded-Prefix: //{EVIL}",
        f"Forwarded: host={EVIL};proto=https", f"X-Original-URL: /{EVIL}", f"X-Forwarded-For: {EVIL}",
        f"Origin: http://{EVIL}", f"Referer: http://{EVIL}/", f"X-Script-Name: /{EVIL}",
    ]  # fmt: skip
    for host in (EVIL, f"{EVIL}:80", 'localhost"><script>', "a b", "", "[::1"):
        data = request("GET", path, forged).replace(b"Host: localhost", f"Host: {host}".encode())
        reply = only(exchange(address, data))
        assert (reply.status, reply.body) == (plain.status, plain.body), host
        assert EVIL not in str(reply.headers)


@pytest.mark.parametrize(
    "path",
    [
        f"//{EVIL}", f"//{EVIL}/..", f"/\\{EVIL}", f"/%5c%5c{EVIL}", f"/id//{EVIL}", f"/id/%2f%2f{EVIL}",
        f"/id/..//{EVIL}", f"/page//{EVIL}", f"/topic//{EVIL}", f"/graph//{EVIL}", f"/queries//{EVIL}",
        f"/data//{EVIL}.ttl", f"/assets//{EVIL}", f"/ontology//{EVIL}", f"/id/http://{EVIL}",
        f"/id/https:%2f%2f{EVIL}", f"/sparql/?next=//{EVIL}", f"/?url=http://{EVIL}",
        f"http://{EVIL}/id/national-action-plan", "/id/national-action-plan", "/topic/terrorism",
        "/id/national-action-plan/", "/sparql//", "/queries/", "/ontology/", "/.well-known/void",
    ],
)  # fmt: skip
def test_no_redirect_leads_away(address: str, path: str) -> None:
    for accept in ("text/html", "text/turtle"):
        data = request("GET", path, [f"Accept: {accept}", f"X-Forwarded-Host: {EVIL}"])
        reply = only(exchange(address, data.replace(b"Host: localhost", f"Host: {EVIL}".encode())))
        assert reply.status in (200, 303, 404, 406), reply.status
        location = reply.headers.get("location", "/")
        assert (urlsplit(location).scheme, urlsplit(location).netloc) == ("", "")
        assert re.match(r"/[^/\\]|/$", location)


@pytest.mark.parametrize("path", ECHOES)
def test_what_is_asked_stays_text(address: str, path: str) -> None:
    for asked in (MARKUP, "javascript:alert(1)", "data:text/html,<script>alert(1)</script>"):
        target = path.format(quote(asked, safe=""))
        for accept in (
            HTML,
            "Accept: application/xhtml+xml",
            "Accept: image/svg+xml, */*",
            "Accept: */*",
        ):
            reply = only(exchange(address, request("GET", target, [accept])))
            assert 200 <= reply.status < 500, (target, reply.status)
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["content-security-policy"].startswith("default-src 'none'")
            if reply.headers.get("content-type", "").startswith("text/html"):
                guarded(reply.headers)
                shown = parse(reply.body.decode())
                # Data for search engines is none that a browser runs.
                kinds = {script.attributes.get("type") for script in shown.code()}
                assert kinds <= {"application/ld+json"}
                assert not [a for a in shown.all("a") if a.attributes.get("href", "").partition(":")[0].lower()
                            in ("javascript", "data", "vbscript", "file")]  # fmt: skip
                assert b"<svg onload" not in reply.body
            else:
                assert "html" not in reply.headers.get("content-type", "")


def test_what_is_stored_runs_in_no_format(start: Callable[..., Served], tmp_path: Path) -> None:
    served = start("--empty", "--port", "0", "--data", tmp_path / "data", "--write-token", TOKEN)
    writer = Writer(served.address)
    text = MARKUP.replace('"', '\\"')
    data = (
        f'<http://example.org/s> <http://example.org/p> "{text}", <javascript:alert(1)>, '
        "<data:text/html,x>, <vbscript:x>, <file:///etc/passwd> ; a <http://example.org/T> ."
    )
    assert (
        writer.send("PUT", "/store?graph=http://example.org/g", data, "text/turtle").status == 201
    )
    query = quote("SELECT * { ?s ?p ?o }")
    graph = quote("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    for path in (
        f"/sparql?query={query}",
        f"/sparql?query={graph}",
        "/store?graph=http://example.org/g",
    ):
        for accept in ("application/sparql-results+xml", "application/rdf+xml", "application/ld+json",
                       "text/turtle", "application/sparql-results+json", "text/csv", "text/html"):  # fmt: skip
            reply = writer.send("GET", path, Accept=accept)
            if reply.status == 406:
                continue
            assert reply.status == 200
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
            kind = reply.headers["Content-Type"].partition(";")[0]
            if kind.endswith("xml"):
                assert b"<script" not in reply.body
            if kind.endswith("xml") or kind == "text/html":
                assert b"<svg" not in reply.body
            if kind == "text/html":
                assert parse(reply.body.decode()).code() == []
                links = [a.attributes.get("href", "") for a in parse(reply.body.decode()).all("a")]
                assert not [
                    a for a in links if re.match(r"\s*(javascript|data|vbscript|file):", a, re.I)
                ]
