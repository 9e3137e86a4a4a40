"""Tokens for reading: a share of one's own, and reading where not everybody may."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from served import Served

from kg.tokens import TokenFile
from tests.server.writing import Writer

ASK = f"/sparql?query={quote('ASK {}')}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the texts of tokens by their scope, and the data folder that they are of."""
    data = tmp_path_factory.mktemp("reading") / "data"
    file = TokenFile(data)
    made = {scope: file.create(scope, (), None, (scope,))[0] for scope in ("query", "update")}
    return {**made, "data": str(data)}


@pytest.fixture(scope="module")
def closed(start_for_module: Callable[..., Served], tokens: dict[str, str]) -> Served:
    config = Path(tokens["data"]).parent / "policykg.toml"
    config.write_text('reading = "token"\n', encoding="utf-8")
    options = ["--empty", "--port", "0", "--config", config]
    return start_for_module("--data", tokens["data"], *options)


@pytest.mark.parametrize(
    "path",
    [
        ASK,
        "/sparql",
        "/store?default",
        "/",
        "/list",
        "/queries",
        "/dumps/policykg.nq.gz",
        "/changes",
    ],
)
def test_without_a_token_nothing_is_read(closed: Served, tokens: dict[str, str], path: str) -> None:
    for headers in ({}, bearer("wrong"), {"Cookie": f"token={tokens['query']}"}):
        for method in ("GET", "HEAD"):
            reply = Writer(closed.address, headers).send(method, path)
            assert reply.status == 401, (path, reply.body)
            assert reply.headers["WWW-Authenticate"] == 'Bearer realm="policykg"'
            assert reply.headers["Cache-Control"] == "no-store"
    reply = Writer(closed.address, bearer(tokens["update"])).send("GET", path)
    assert (reply.status, reply.headers["Cache-Control"]) == (403, "no-store")


def test_with_a_token_it_is_and_by_nobody_else_after_that(
    closed: Served, tokens: dict[str, str]
) -> None:
    reader = Writer(closed.address, bearer(tokens["query"]))
    for path in (ASK, "/store?default", "/queries"):
        reply = reader.send("GET", path)
        assert reply.status == 200, (path, reply.body)
        assert "private" in reply.headers["Cache-Control"], path
        assert Writer(closed.address, {}).send("GET", path).status == 401
    assert Writer(closed.address, {}).send("GET", "/healthz").status == 200


def test_scopes_are_kept_apart(closed: Served, tokens: dict[str, str]) -> None:
    text = "INSERT DATA { <a:s> <a:p> 1 }"
    refused = Writer(closed.address, bearer(tokens["query"])).update(text)
    assert (refused.status, refused.json["title"]) == (403, "Not allowed")
    assert Writer(closed.address, bearer(tokens["update"])).update(text).status == 200


def test_a_token_has_a_share_of_its_own(
    start_for_module: Callable[..., Served], tmp_path: Path
) -> None:
    """Whoever has a token is not held up by others at the same address."""
    data = tmp_path / "data"
    text, _ = TokenFile(data).create("reader", (), None, ("query",))
    config = tmp_path / "policykg.toml"
    config.write_text("query_seconds = 5\nclient_queries = 1\n", encoding="utf-8")
    options = ["--empty", "--port", "0", "--config", config]
    served = start_for_module("--data", data, *options, "--write-token", "w" * 20)
    values = " ".join(f"<a:{n}>" for n in range(1000))
    insert = (
        f"INSERT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {values} }} VALUES (?p ?o) {{ (<a:> 1) }} }}"
    )
    assert Writer(served.address, bearer("w" * 20)).update(insert).status == 200
    asked = f"/sparql?query={quote(ENDLESS)}"

    def ask_until_admitted() -> None:
        while Writer(served.address, {}).send("GET", asked).status == 429:
            pass

    greedy = threading.Thread(target=ask_until_admitted)
    greedy.start()
    try:
        path = f"/sparql?query={quote('ASK { ?s ?p ?o }')}"
        statuses = []
        while 429 not in statuses:
            # Another query each time, lest it be answered from what is kept.
            again = f"{path}%20%23{len(statuses)}"
            statuses.append(Writer(served.address, {}).send("GET", again).status)
            assert len(statuses) < 30
            time.sleep(0.1)
        reply = Writer(served.address, bearer(text)).send("GET", path)
        assert reply.status == 200
        assert "private" in reply.headers["Cache-Control"]
    finally:
        greedy.join()
