"""All queries together stay within their memory: the largest has to go."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.memory import SharedMemory
from kg.errors import LimitError
from kg.errors import QueryTooLarge

JSON = Formats("application/sparql-results+json", "text/turtle")
GROW = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"


def test_the_largest_has_to_go() -> None:
    memory = SharedMemory(100)
    assert not memory.must_go("small", 30)
    assert not memory.must_go("large", 60)
    assert not memory.must_go("small", 45)
    assert memory.must_go("large", 61)
    assert not memory.must_go("small", 45)
    assert not memory.must_go("other", 50)


def test_one_that_ended_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("kg.engine.isolation.memory.time.monotonic", lambda: now[0])
    memory = SharedMemory(100)
    assert not memory.must_go("ended", 90)
    now[0] = 1.0
    assert not memory.must_go("new", 90)


def test_queries_that_grow_together(built: Path) -> None:
    limits = Limits(query_seconds=20, memory=200 << 20, client_query_seconds=0)
    with closing(IsolatedEngine(built, limits)) as engine:

        def grow(client: str) -> LimitError | None:
            try:
                engine.answer(Query(GROW), JSON, Caller(client))
            except LimitError as error:
                return error
            return None

        with ThreadPoolExecutor(3) as threads:
            errors = list(threads.map(grow, "abc"))
        assert {type(error) for error in errors} == {QueryTooLarge}
        assert all("POLICYKG_MEMORY_MB" in str(error) for error in errors)
        assert all(error and error.retry_after for error in errors)
        assert engine.answer(Query("ASK {}"), JSON).size == 26
