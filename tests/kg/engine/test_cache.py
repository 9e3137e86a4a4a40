"""Answers that are kept: only for the same question, within a limit, and never past a write."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.cache import LARGEST
from kg.engine.cache import AnswerCache
from kg.engine.committing import VersionWriter
from kg.engine.interface import Answer
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Version
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits

JSON = Formats("application/sparql-results+json", "text/turtle")
CSV = Formats("text/csv", "text/turtle")
FIRST = Version(1, "a" * 64, 10)
QUERY = Query("SELECT * { ?s ?p ?o }")


def answer(body: bytes = b"answer", version: Version = FIRST) -> Answer:
    return Answer("bindings", "text/csv", iter((body[:1], body[1:])), version, len(body))


def test_what_is_kept_is_found_again_and_again() -> None:
    cache = AnswerCache(1 << 20)
    assert cache.find(FIRST, QUERY, CSV) is None
    kept = cache.keep(QUERY, CSV, answer())
    assert (kept.body, kept.size) == (b"answer", 6)
    for _ in range(2):
        found = cache.find(FIRST, Query(QUERY.text), CSV)
        assert found is not None
        assert (found.form, found.media_type, found.body, found.version, found.size) == (
            "bindings",
            "text/csv",
            b"answer",
            FIRST,
            6,
        )


@pytest.mark.parametrize(
    ("version", "query", "formats"),
    [
        (Version(2, "b" * 64, 10), QUERY, CSV),
        (FIRST, QUERY, JSON),
        (FIRST, Query(QUERY.text + " "), CSV),
        (FIRST, Query(QUERY.text, default_graphs=("urn:g",)), CSV),
        (FIRST, Query(QUERY.text, named_graphs=("urn:g",)), CSV),
        (FIRST, Query(QUERY.text, base_iri="urn:b"), CSV),
        (FIRST, Query(QUERY.text, bindings={"s": NamedNode("urn:s")}), CSV),
    ],
)
def test_what_differs_in_anything_is_not_found(
    version: Version, query: Query, formats: Formats
) -> None:
    cache = AnswerCache(1 << 20)
    cache.keep(QUERY, CSV, answer())
    assert cache.find(version, query, formats) is None


def test_values_are_told_apart() -> None:
    cache = AnswerCache(1 << 20)
    one, other = (Query(QUERY.text, bindings={"s": Literal(value)}) for value in (1, "1"))
    cache.keep(one, CSV, answer())
    assert cache.find(FIRST, one, CSV) is not None
    assert cache.find(FIRST, other, CSV) is None


def test_the_limit_holds_and_what_was_asked_last_stays() -> None:
    cache = AnswerCache(10_000)
    queries = [Query(f"ASK {{ <urn:{number}> ?p ?o }}") for number in range(20)]
    for query in queries:
        cache.find(FIRST, queries[0], CSV)
        cache.keep(query, CSV, answer(b"x" * 1000))
        assert cache.size <= 10_000
    found = [cache.find(FIRST, query, CSV) is not None for query in queries]
    assert found == [True] + [False] * 16 + [True] * 3


def test_an_answer_that_is_kept_twice_counts_once() -> None:
    cache = AnswerCache(10_000)
    cache.keep(QUERY, CSV, answer())
    size = cache.size
    cache.keep(QUERY, CSV, answer())
    assert cache.size == size > 0


@pytest.mark.parametrize(
    ("limit", "query", "result"),
    [
        (0, QUERY, answer()),
        (1 << 30, QUERY, answer(b"x" * (LARGEST + 1))),
        (1 << 30, QUERY, Answer("bindings", "text/csv", iter((b"x",)), FIRST, None)),
        (1 << 30, Query("SELECT (NOW() AS ?now) {}"), answer()),
    ],
)
def test_what_is_not_kept(limit: int, query: Query, result: Answer) -> None:
    cache = AnswerCache(limit)
    assert cache.keep(query, CSV, result) is result
    assert cache.find(FIRST, query, CSV) is None
    assert cache.size == 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path, "first")
    return tmp_path


@pytest.fixture
def engine(data: Path) -> Iterator[IsolatedEngine]:
    limits = Limits(cache=1 << 20, client_query_seconds=0)
    with closing(IsolatedEngine(data, limits)) as engine:
        yield engine


def write(data: Path, value: str) -> Version:
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(value))
    return VersionWriter(data).change(lambda store, last: store.add(quad) or {})


def test_a_write_is_seen_at_once(engine: IsolatedEngine, data: Path) -> None:
    query = Query("SELECT ?o { ?s ?p ?o } ORDER BY ?o")
    first = [engine.answer(query, CSV).body for _ in range(2)]
    assert first == [b"o\r\nfirst\r\n"] * 2
    second = write(data, "second")
    again = engine.answer(query, CSV)
    assert (again.body, again.version) == (b"o\r\nfirst\r\nsecond\r\n", second)


def test_the_second_answer_costs_no_worker(engine: IsolatedEngine) -> None:
    query = Query("SELECT ?o { ?s ?p ?o }")
    before = engine.answer(query, CSV).body
    engine._pool.stop()
    engine._zygote.stop()
    engine._zygote.worker = None  # type: ignore[assignment,method-assign]
    assert engine.answer(query, CSV).body == before


def test_what_changes_is_computed_each_time(engine: IsolatedEngine) -> None:
    query = Query("SELECT (STRUUID() AS ?id) {}")
    assert engine.answer(query, CSV).body != engine.answer(query, CSV).body
