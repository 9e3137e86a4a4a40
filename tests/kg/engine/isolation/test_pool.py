"""Queries in workers: within their limits, in fair shares, and whole or not at all."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.errors import ClientGone
from kg.errors import NotAcceptable
from kg.errors import QuerySyntaxError
from kg.errors import QueryTimeout
from kg.errors import QueryTooLarge
from kg.errors import ResultTooLarge
from kg.errors import ServiceBusy
from kg.errors import TooManyQueries

JSON = Formats("application/sparql-results+json", "text/turtle")
CSV = Formats("text/csv", "application/n-triples")
LIMITS = Limits(query_seconds=2, workers=2, queue_seconds=1, client_query_seconds=0)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ASK = "ASK {}"


@pytest.fixture
def isolated(built: Path) -> Iterator[IsolatedEngine]:
    with closing(IsolatedEngine(built, LIMITS)) as engine:
        yield engine


def with_limits(built: Path, **limits: float) -> IsolatedEngine:
    return IsolatedEngine(built, replace(LIMITS, **limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        (ASK, JSON),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 10", JSON),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", CSV),
        ("CONSTRUCT WHERE { ?s ?p ?o }", CSV),
    ],
)
def test_answers_are_those_of_the_engine(
    built: Path, engine: EmbeddedEngine, query: str, formats: Formats
) -> None:
    plain = engine.answer(Query(query), formats)
    # A busy machine takes long to sort a whole graph.
    with closing(with_limits(built, query_seconds=60)) as isolated:
        ours = isolated.answer(Query(query), formats)
        body = ours.body
    assert (ours.form, ours.media_type, ours.version) == (
        plain.form,
        plain.media_type,
        plain.version,
    )
    assert sorted(body.splitlines()) == sorted(plain.body.splitlines())
    assert ours.size in (len(body), None)


def test_bound_values_reach_the_worker(isolated: IsolatedEngine, engine: EmbeddedEngine) -> None:
    found = engine.rows(Query("SELECT ?s ?o { ?s ?p ?o FILTER (ISLITERAL(?o)) } LIMIT 20"))
    for row in found:
        query = Query("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o", bindings={"o": row["o"]})
        assert isolated.answer(query, CSV).body == engine.answer(query, CSV).body


def test_errors_come_back_whole(isolated: IsolatedEngine) -> None:
    with pytest.raises(QuerySyntaxError) as syntax:
        isolated.answer(Query("SELECT *\n{ ?s"), JSON)
    assert (syntax.value.line, syntax.value.column) == (2, 5)
    with pytest.raises(NotAcceptable) as unacceptable:
        isolated.answer(Query(ASK), Formats(None, "text/turtle"))
    assert "text/csv" in unacceptable.value.offered


def test_an_endless_query_ends_in_time(isolated: IsolatedEngine) -> None:
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match="longer than 2 seconds"):
        isolated.answer(Query(ENDLESS), JSON)
    assert time.monotonic() - began < LIMITS.query_seconds + 2
    assert isolated.answer(Query(ASK), JSON).body == b'{"head":{},"boolean":true}'


def test_an_endless_answer_breaks_off(isolated: IsolatedEngine) -> None:
    answer = isolated.answer(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }"), CSV)
    assert answer.size is None
    with pytest.raises(QueryTimeout):
        for _ in answer.chunks:
            pass


def test_memory_is_bounded(built: Path) -> None:
    with closing(with_limits(built, query_memory=64 << 20, query_seconds=30)) as engine:
        grow = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
        with pytest.raises(QueryTooLarge, match="64 MB"):
            engine.answer(Query(grow), JSON)
        assert engine.answer(Query(ASK), JSON).size == 26


def test_answers_are_bounded(built: Path) -> None:
    with closing(with_limits(built, result=100_000)) as engine:
        with pytest.raises(ResultTooLarge, match="100000 bytes"):
            engine.answer(Query("SELECT * { ?s ?p ?o }"), JSON)
        assert engine.answer(Query(ASK), JSON).size == 26


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize(
    "nested",
    ["SELECT * {a}{b}", "ASK {{ FILTER ({c}1{d}) }}", "ASK {{ FILTER ({e}true) }}"],
)
def test_nesting_kills_nobody(built: Path, nested: str, depth: int) -> None:
    query = nested.format(a="{" * depth, b="}" * depth, c="(" * depth, d=")" * depth, e="!" * depth)
    with closing(with_limits(built, query_seconds=60)) as isolated:
        assert isolated.answer(Query(query), JSON).body


def test_a_client_that_leaves_frees_its_worker(isolated: IsolatedEngine) -> None:
    began = time.monotonic()
    leaves = Caller("x", lambda: time.monotonic() - began > 0.3)
    with pytest.raises(ClientGone):
        isolated.answer(Query(ENDLESS), JSON, leaves)
    assert time.monotonic() - began < 1
    assert isolated.load() == (0, 0)


def test_an_answer_that_nobody_reads_on_frees_its_worker(isolated: IsolatedEngine) -> None:
    answer = isolated.answer(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }"), CSV)
    chunks = iter(answer.chunks)
    next(chunks)
    assert isolated.load() == (1, 0)
    chunks.close()  # type: ignore[attr-defined]
    assert isolated.load() == (0, 0)


def endless(engine: IsolatedEngine, client: str, ended: list[str]) -> threading.Thread:
    def ask() -> None:
        try:
            engine.answer(Query(ENDLESS), JSON, Caller(client))
        except (QueryTimeout, ServiceBusy) as error:
            ended.append(type(error).__name__)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def wait_for(engine: IsolatedEngine, load: tuple[int, int]) -> None:
    until = time.monotonic() + 5
    while engine.load() != load:
        assert time.monotonic() < until, engine.load()
        time.sleep(0.01)


def test_one_client_never_has_the_last_worker(isolated: IsolatedEngine) -> None:
    ended: list[str] = []
    threads = [endless(isolated, "greedy", ended) for _ in range(3)]
    wait_for(isolated, (1, 2))
    began = time.monotonic()
    assert isolated.answer(Query(ASK), JSON, Caller("modest")).size == 26
    assert time.monotonic() - began < 1
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["QueryTimeout", "ServiceBusy", "ServiceBusy"]


def test_one_client_has_so_many_queries_under_way(built: Path) -> None:
    with closing(with_limits(built, client_queries=2)) as engine:
        ended: list[str] = []
        threads = [endless(engine, "greedy", ended) for _ in range(2)]
        wait_for(engine, (1, 1))
        with pytest.raises(TooManyQueries, match="POLICYKG_CLIENT_QUERIES") as error:
            engine.answer(Query(ASK), JSON, Caller("greedy"))
        assert error.value.retry_after
        for thread in threads:
            thread.join()


def test_the_queue_is_bounded(built: Path) -> None:
    with closing(with_limits(built, queue_length=1, workers=1)) as engine:
        ended: list[str] = []
        threads = [endless(engine, "a", ended)]
        wait_for(engine, (1, 0))
        threads.append(endless(engine, "b", ended))
        wait_for(engine, (1, 1))
        with pytest.raises(ServiceBusy, match="POLICYKG_QUEUE_LENGTH"):
            engine.answer(Query(ASK), JSON, Caller("c"))
        for thread in threads:
            thread.join()


def test_seconds_of_a_client_are_bounded(built: Path) -> None:
    with closing(with_limits(built, client_query_seconds=1)) as engine:
        with pytest.raises(QueryTimeout):
            engine.answer(Query(ENDLESS), JSON, Caller("greedy"))
        with pytest.raises(TooManyQueries, match="POLICYKG_CLIENT_QUERY_SECONDS") as error:
            engine.answer(Query(ASK), JSON, Caller("greedy"))
        assert error.value.retry_after
        assert error.value.retry_after > 30
        assert engine.answer(Query(ASK), JSON, Caller("modest")).size == 26


def test_nothing_leaks(isolated: IsolatedEngine) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    def ask(query: str) -> Answer:
        return isolated.answer(Query(query), CSV)

    ask(ASK)
    before = descriptors()
    for _ in range(20):
        assert ask("SELECT * { ?s ?p ?o }").body
        ask(ASK)
        with pytest.raises(QuerySyntaxError):
            ask("ASK {")
    assert descriptors() <= before + 1


def test_a_worker_whose_large_answer_failed_serves_others_on(built: Path) -> None:
    """It is given back when it says so, and not killed under whoever has it by then."""
    with closing(with_limits(built, result=1 << 20)) as isolated:
        with pytest.raises(ResultTooLarge):
            assert isolated.answer(Query("SELECT * { ?s ?p ?o . ?a ?b ?c }"), CSV).body
        assert all(worker._process >= 0 for _, worker in isolated._pool.workers._idle)
        assert isolated.answer(Query(ASK), JSON).body == b'{"head":{},"boolean":true}'
