"""Queries made to take all there is: each ends in time, with a telling status or a whole answer."""

# ruff: noqa: E501 (tables of cases)

import http.client
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from served import Served

from tests.server.processes import burning
from tests.server.processes import memory
from tests.server.processes import processes_of
from tests.server.writing import TOKEN
from tests.server.writing import Reply
from tests.server.writing import Writer

SECONDS = 2
SMALL = 4  # levels of nesting that even closures over the whole graph take no second for
JSON = "application/sparql-results+json, text/turtle;q=0.9"
TELLING = {413, 429, 503, 504}
DEPTH = 100_000
TEN = " ".join(map(str, range(10)))
E = "http://example.org/"


def values(count: int) -> str:
    """Return a product of ``count`` tables of ten values."""
    return " ".join(f"VALUES ?v{number} {{ {TEN} }}" for number in range(count))


def doubled(times: int) -> str:
    """Return binds that double a string ``times`` times."""
    binds = [f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(times)]
    return f'BIND("ab" AS ?s0) {" ".join(binds)}'


def replaced(times: int) -> str:
    """Return an expression of nested REPLACE, each of which makes the text ten times as long."""
    text = '"aaaaaaaaaa"'
    for _ in range(times):
        text = f'REPLACE({text}, "a", "aaaaaaaaaa")'
    return text


def squared(times: int) -> str:
    """Return binds that square a number ``times`` times."""
    binds = [f"BIND(?n{n} * ?n{n} AS ?n{n + 1})" for n in range(times)]
    return f"BIND(9 AS ?n0) {' '.join(binds)}"


def inside(times: int, keyword: str) -> str:
    """Return patterns each of which is within the one before."""
    opened = "".join(f"?a{n} ?p{n} ?a{n + 1} {keyword} {{ " for n in range(times))
    return opened + "?x ?y ?z" + " }" * times


def ladder(rungs: int) -> str:
    """Return optional patterns without a common variable."""
    return " ".join(f"OPTIONAL {{ ?a{n} ?p{n} ?b{n} }}" for n in range(rungs))


def unions(count: int) -> str:
    """Return a chain of ``count`` unions of two, which stands for two to the power of that."""
    return " ".join(f"{{ BIND(1 AS ?u{n}) }} UNION {{ BIND(2 AS ?u{n}) }}" for n in range(count))


# What makes a query large, by a number, with the number that makes it too large.
FAMILIES: dict[str, tuple[Callable[[int], str], int, int]] = {
    "product of values": (lambda n: f"SELECT * {{ {values(n)} }}", 2, 12),
    "counted product": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ {values(n)} }}", 2, 12),
    "cross product": (lambda n: "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"?a{k} a ?b{k} ." for k in range(n)) + " }", 1, 6),
    "order": (lambda n: f"SELECT * {{ {values(n)} }} ORDER BY ?v1 DESC(?v0)", 2, 12),
    "distinct": (lambda n: f"SELECT DISTINCT * {{ {values(n)} }}", 2, 12),
    "group": (lambda n: "SELECT ?v0 (SUM(?v1) AS ?n) (COUNT(DISTINCT ?v1) AS ?m) "
        f"{{ {values(n)} }} GROUP BY {' '.join(f'?v{k}' for k in range(n))}", 2, 12),
    "group_concat": (lambda n: f"SELECT (GROUP_CONCAT(?v0) AS ?t) {{ {values(n)} }}", 2, 12),
    "strings doubled": (lambda n: f"SELECT (STRLEN(?s{n}) AS ?n) {{ {doubled(n)} }}", 5, 60),
    "nested replace": (lambda n: f"SELECT (STRLEN({replaced(n)}) AS ?n) {{}}", 2, 30),
    "big integers": (lambda n: f"SELECT ?n{n} {{ {squared(n)} }}", 3, 5_000),
    "path": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join(['(!<a:>|^!<a:>)'] * n)} ?b }}", 1, 8),
    "closures": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ {'?a' if n > 1 else f'<{E}s>'} {'(' * n}!<a:>{'+)' * n} ?b . "
        + " ".join(f"?b{k} !<a:>* ?c{k} ." for k in range(n - 1)) + " }", 1, 20),
    "regular expression": (lambda n: f'ASK {{ FILTER(REGEX("{"a" * n * 1000}", "^(a+)+(a*)*$")) }}', 1, 90),
    "huge regular expression": (lambda n: f'ASK {{ FILTER(REGEX("a", "^(a{{1,{n}}}){{1,{n}}}$")) }}', 3, 9_999),
    "not exists": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ {inside(n, 'FILTER NOT EXISTS')} }}", 1, 6),
    "minus": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ {inside(n, 'MINUS')} }}", 0, 6),
    "optional ladder": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c {ladder(n)} }}", 0, 10),
    "unions": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ {unions(n)} }}", 3, 40),
    "unions that join": (lambda n: "SELECT (COUNT(*) AS ?n) { " + " ".join(
        ["{ ?s ?p ?o } UNION { ?o ?p ?s }"] * n) + " }", 1, 40),
    "construct": (lambda n: "CONSTRUCT { ?a ?q ?z } { " + " . ".join(
        ["?a ?p ?c", "?b ?q ?d", "?x ?y ?z"][:n]) + " }", 1, 3),
    "describe": (lambda n: "DESCRIBE * { ?a a ?b " + ". ?c ?d ?e . ?f ?g ?h" * (n - 1) + " } "
        + ("LIMIT 10" if n == 1 else ""), 1, 3),
    "deep offset": (lambda n: f"SELECT * {{ {values(n)} }} LIMIT 1 OFFSET {10**n - 1}", 2, 15),
    "random": (lambda n: f"SELECT (SUM(RAND()) AS ?n) (COUNT(UUID()) AS ?m) {{ {values(n)} }}", 2, 12),
    "random order": (lambda n: f"SELECT * {{ {values(n)} }} ORDER BY RAND() STRUUID()", 2, 12),
    "hash": (lambda n: f"SELECT (COUNT(DISTINCT SHA512(CONCAT(STR(?v0), STR(?v1)))) AS ?n) {{ {values(n)} }}", 2, 12),
    "values": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {'1 ' * n} }} VALUES ?w {{ {'2 ' * n} }} }}", 10, 200_000),
    "subqueries": (lambda n: "SELECT (COUNT(*) AS ?n) { " + " ".join(
        f"{{ SELECT ?a{k} {{ ?a{k} ?b{k} ?c{k} }} }}" for k in range(n)) + " }", 1, 8),
    "exists for each": (lambda n: f"SELECT (COUNT(*) AS ?n) {{ {values(n)} FILTER EXISTS {{ ?s ?p ?v0 }} }}", 2, 12),
    "substring": (lambda n: f"SELECT (SUM(STRLEN(SUBSTR(?s{n}, 2))) AS ?l) {{ {doubled(n)} {values(8 if n > 9 else 1)} }}", 5, 20),
}  # fmt: skip


@pytest.fixture(scope="module")
def served(
    start_for_module: Callable[..., Served],
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Served:
    """Return a server on the built graph with queries of two seconds."""
    config = tmp_path_factory.mktemp("heavy") / "policykg.toml"
    config.write_text(
        f"query_seconds = {SECONDS}\nclient_query_seconds = 0\nqueue_seconds = 60\n",
        encoding="utf-8",
    )
    return start_for_module("--no-build", "--data", built, "--port", "0", "--config", config)


@pytest.fixture
def client(served: Served) -> Writer:
    return Writer(served.address, {"Accept": JSON})


def ask(client: Writer, query: str) -> Reply:
    return client.send("POST", "/sparql", query, "application/sparql-query")


def whole_or_telling(reply: Reply) -> None:
    """Assert that ``reply`` is a whole answer or tells which limit was reached."""
    if reply.status == 200:
        if reply.headers["Content-Type"] == "application/sparql-results+json":
            assert reply.json
        return
    assert reply.status in TELLING, (reply.status, reply.body[:500])
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert "POLICYKG_" in reply.json["detail"]


@pytest.mark.parametrize("family", FAMILIES)
def test_small_forms_work(client: Writer, family: str) -> None:
    make, small, _ = FAMILIES[family]
    reply = ask(client, make(small))
    assert reply.status == 200, (reply.status, reply.body[:500])


@pytest.mark.parametrize("family", FAMILIES)
def test_large_forms_end(client: Writer, served: Served, family: str) -> None:
    make, _, large = FAMILIES[family]
    began = time.monotonic()
    # An answer that had begun is broken off where all can see it.
    with suppress(http.client.IncompleteRead):
        whole_or_telling(ask(client, make(large)))
    assert time.monotonic() - began < SECONDS + 5
    assert ask(client, "ASK {}").json == {"head": {}, "boolean": True}


def test_small_forms_are_right(client: Writer) -> None:
    def number(family: str, count: int) -> str:
        row = ask(client, FAMILIES[family][0](count)).json["results"]["bindings"][0]
        return str(next(iter(row.values()))["value"])

    assert number("counted product", 4) == "10000"
    assert number("strings doubled", 10) == "2048"
    assert number("nested replace", 3) == "10000"
    assert number("big integers", 3) == str(9**8)
    assert number("unions", 10) == "1024"
    assert len(ask(client, FAMILIES["product of values"][0](3)).json["results"]["bindings"]) == 1000
    assert ask(client, FAMILIES["regular expression"][0](1)).json["boolean"] is True


# Queries nested or chained to any depth.
NESTED: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: f"ASK {{ FILTER ({'(' * n}1{')' * n}) }}",
    "braces": lambda n: f"ASK {'{' * n}{'}' * n}",
    "negations": lambda n: f"ASK {{ FILTER ({'!' * n}true) }}",
    "minus signs": lambda n: f"ASK {{ FILTER (1 = {'-(' * n}1{')' * n}) }}",
    "sums": lambda n: f"ASK {{ FILTER ({'1+' * n}1) }}",
    "conjunctions": lambda n: f"ASK {{ FILTER ({'true&&' * n}true) }}",
    "disjunctions": lambda n: f"ASK {{ FILTER ({'false||' * n}true) }}",
    "collections": lambda n: f"ASK {{ ?s ?p {'(' * n}{')' * n} }}",
    "long collection": lambda n: f"ASK {{ ?s ?p ({'1 ' * n}) }}",
    "blank nodes": lambda n: f"ASK {{ ?s ?p {'[ ?p ' * n}1{']' * n} }}",
    "path sequence": lambda n: f"ASK {{ ?s {'<a:>/' * n}<a:> ?o }}",
    "path alternatives": lambda n: f"ASK {{ ?s {'<a:>|' * n}<a:> ?o }}",
    "path groups": lambda n: f"ASK {{ ?s {'(' * n}<a:>{')' * n} ?o }}",
    "path inverses": lambda n: f"ASK {{ ?s {'^(' * n}<a:>{')' * n} ?o }}",
    "path closures": lambda n: f"ASK {{ ?s {'(' * n}<a:>{')*' * n} ?o }}",
    "triple terms": lambda n: f"ASK {{ ?s ?p {'<<( ?a <b:> ' * n}1{' )>>' * n} }}",
    "unions": lambda n: f"ASK {{ {'{} UNION ' * n}{{}} }}",
    "binds": lambda n: "ASK { " + " ".join(f"BIND(1 AS ?v{k})" for k in range(n)) + " }",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL { ' * n}{'}' * n} }}",
    "chain of optionals": lambda n: f"ASK {{ {'OPTIONAL {} ' * n} }}",
    "minus": lambda n: f"ASK {{ {'MINUS { ' * n}{'}' * n} }}",
    "graphs": lambda n: f"ASK {{ {'GRAPH ?g { ' * n}{'}' * n} }}",
    "subselects": lambda n: f"ASK {{ {'{SELECT*{' * n}{'}}' * n} }}",
    "function calls": lambda n: f"ASK {{ FILTER ({'STR(' * n}1{')' * n} = 1) }}",
    "conditions": lambda n: f"ASK {{ FILTER ({'IF(true,' * n}true{',1)' * n}) }}",
    "exists": lambda n: f"ASK {{ {'FILTER EXISTS{' * n}{'}' * n} }}",
    "lists of values": lambda n: f"ASK {{ FILTER (1 IN ({'2,' * n}1)) }}",
    "triples": lambda n: f"ASK {{ {'?s ?p ?o .' * n} }}",
    "objects": lambda n: f"ASK {{ ?s ?p {'?o,' * n}?o }}",
    "filters": lambda n: f"ASK {{ {'FILTER(1)' * n} }}",
    "prefixes": lambda n: "".join(f"PREFIX p{k}:<a:>" for k in range(n)) + "ASK {}",
    "only opened": lambda n: f"ASK {{ FILTER {'(' * n}",
}  # fmt: skip


@pytest.mark.parametrize("kind", NESTED)
def test_nesting_kills_nobody(client: Writer, kind: str) -> None:
    for depth in (SMALL, 1_000, DEPTH):
        query = NESTED[kind](depth)[: 1 << 20]
        began = time.monotonic()
        reply = ask(client, query)
        assert time.monotonic() - began < SECONDS + 5
        if reply.status == 400:
            assert reply.json["title"] in ("Query does not parse", "Query nests too deeply")
        else:
            whole_or_telling(reply)
        if depth == SMALL and kind != "only opened":
            assert reply.status == 200, (reply.status, reply.body)
    assert ask(client, "ASK {}").json["boolean"] is True


def test_a_query_over_the_limit_is_refused(client: Writer) -> None:
    reply = ask(client, f"ASK {{ VALUES ?v {{ {'1 ' * 2_500_000} }} }}")
    assert reply.status == 413


def test_thirty_two_at_once_leave_nothing_behind(served: Served, client: Writer) -> None:
    before = memory(served.process.pid)
    peak = 0
    queries = [make(large) for make, _, large in FAMILIES.values()] * 2

    def one(query: str) -> None:
        with suppress(http.client.IncompleteRead, ConnectionError):
            whole_or_telling(ask(client, query))

    with ThreadPoolExecutor(32) as threads:
        asked = [threads.submit(one, query) for query in queries[:48]]
        while not all(query.done() for query in asked):
            peak = max(peak, memory(served.process.pid))
            time.sleep(0.1)
        for query in asked:
            query.result()
    assert peak - before < 1_500 << 20
    time.sleep(5)
    assert burning(served.process.pid) < 0.2
    assert memory(served.process.pid) - before < 300 << 20
    # The server and what starts workers, those of queries, and those of pages.
    assert len(processes_of(served.process.pid)) <= 2 + 4 + 2


@pytest.mark.parametrize("depth", [1, 12])
def test_a_server_that_is_made_to_ask_itself(
    start_for_module: Callable[..., Served], built: Path, tmp_path: Path, depth: int
) -> None:
    """Each SERVICE takes a place, and with as many as there are places none can go on."""
    config = tmp_path / "policykg.toml"
    config.write_text(
        'services = ["http://127.0.0.1:*"]\nworkers = 3\nservice_seconds = 4\n'
        "client_queries = 100\nclient_query_seconds = 0\nqueue_seconds = 2\n",
        encoding="utf-8",
    )
    options = ["--no-build", "--data", built, "--port", "0", "--config", config]
    served = start_for_module(*options)
    itself = Writer(served.address, {"Accept": JSON})
    began = time.monotonic()
    reply = ask(itself, asking_itself(served.address, depth))
    assert time.monotonic() - began < 4 + 5
    if depth == 1:
        assert reply.json["results"]["bindings"][0]["n"]["value"] == "1"
    else:
        # What is told is what came back from itself, or that it took too long.
        assert reply.status in {403, *TELLING}, reply.body
    time.sleep(2)
    assert ask(itself, "ASK {}").json["boolean"] is True
    assert burning(served.process.pid) < 0.2


def asking_itself(address: str, depth: int) -> str:
    """Return a query that has the server ask itself, and that one again, so many times."""
    pattern = "BIND(1 AS ?n)"
    for _ in range(depth):
        pattern = f"SERVICE <{address}/sparql> {{ {pattern} }}"
    return f"SELECT * {{ {pattern} }}"


UPDATES = {
    "product": f"INSERT {{ GRAPH <{E}g> {{ [] <{E}p> ?v0 }} }} WHERE {{ {values(12)} }}",
    "doubled": f"INSERT {{ <{E}s> <{E}p> ?s60 }} WHERE {{ {doubled(60)} }}",
    "deep": f"INSERT DATA {{ <{E}s> <{E}p> {'(' * DEPTH}{')' * DEPTH} }}",
    "many": ";".join(["CLEAR ALL"] * 50_000),
    "braces": f"DELETE WHERE {'{' * DEPTH}{'}' * DEPTH}",
    "closures": f"DELETE {{ ?a ?p ?b }} WHERE {{ ?a (!<a:>*)* ?b . {values(12)} ?c ?p ?d }}",
}


def test_heavy_updates_end_and_change_nothing(start: Callable[..., Served], tmp_path: Path) -> None:
    config = tmp_path / "policykg.toml"
    config.write_text("update_seconds = 4\nquery_seconds = 2\nquery_memory_mb = 256\n")
    options = ["--empty", "--port", "0", "--write-token", TOKEN, "--config", config]
    served = start("--data", tmp_path / "data", *options)
    writer = Writer(served.address)
    assert writer.update(f"INSERT DATA {{ <{E}s> <{E}p> 1 }}").status == 200
    for name, update in UPDATES.items():
        began = time.monotonic()
        reply = writer.update(update)
        assert time.monotonic() - began < 4 + 5, name
        assert reply.status in {200, 400, 503, 504}, (name, reply.status, reply.body[:300])
        if reply.status != 200:
            assert writer.values("SELECT ?o { ?s ?p ?o }")[0] == "1", name
        assert writer.update(f"INSERT DATA {{ <{E}s> <{E}p> 1 }}").status == 200
    assert burning(served.process.pid) < 0.2
