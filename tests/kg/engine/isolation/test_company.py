"""A query that takes long gives way if others ask something, and only then."""

import os
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.company import Company
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.process import Worker
from kg.engine.isolation.run import Run
from kg.errors import ClientGone
from kg.errors import QueryTimeout

CSV = Formats("text/csv", "text/turtle")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_company_is_another_client_that_came_later() -> None:
    company = Company()
    company.begun("a")
    since = time.monotonic()
    assert not company.is_there("a", since)
    assert not company.is_there("b", since)
    company.begun("a")
    assert not company.is_there("a", since)
    company.begun("b")
    assert company.is_there("a", since)
    company.begun("a")
    assert company.is_there("a", since)
    assert company.is_there("b", since)
    assert not company.is_there("a", time.monotonic())


@pytest.fixture
def demoted(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """Return the workers that are demoted, whose threads have then all the least priority."""
    found: list[Worker] = []
    demote = Worker.demote

    def watched(worker: Worker) -> None:
        demote(worker)
        threads = os.listdir(f"/proc/{worker._pid}/task")
        assert {os.sched_getscheduler(int(thread)) for thread in threads} == {os.SCHED_IDLE}
        found.append(worker)

    monkeypatch.setattr(Worker, "demote", watched)
    return found


@pytest.fixture
def asking(built: Path) -> Iterator[Callable[[str], None]]:
    limits = Limits(query_seconds=1.5, client_query_seconds=0)
    with closing(IsolatedEngine(built, limits)) as engine:

        def ask(other: str) -> None:
            ended = threading.Event()

            def lookups() -> None:
                while not ended.wait(0.1):
                    engine.answer(Query("ASK {}"), CSV, Caller(other))

            thread = threading.Thread(target=lookups)
            thread.start()
            try:
                with pytest.raises(QueryTimeout):
                    engine.answer(Query(ENDLESS), CSV, Caller("heavy"))
            finally:
                ended.set()
                thread.join()

        yield ask


def test_a_long_query_gives_way_to_others(
    asking: Callable[[str], None], demoted: list[Worker]
) -> None:
    asking("other")
    assert len(demoted) == 1


def test_among_its_own_it_need_not(asking: Callable[[str], None], demoted: list[Worker]) -> None:
    asking("heavy")
    assert not demoted


def test_it_gives_way_before_the_other_is_answered(
    built: Path, demoted: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = threading.Event()
    expect = Company.expect

    def watched(company: Company, client: str, run: Run) -> None:
        expect(company, client, run)
        expected.set()

    monkeypatch.setattr(Company, "expect", watched)
    monkeypatch.setattr("kg.engine.isolation.overseer.YIELD_SECONDS", 100.0)
    with closing(IsolatedEngine(built, Limits(query_seconds=60))) as engine:
        left = threading.Event()

        def heavy() -> None:
            with pytest.raises(ClientGone):
                engine.answer(Query(ENDLESS), CSV, Caller("heavy", left.is_set))

        thread = threading.Thread(target=heavy)
        thread.start()
        try:
            assert expected.wait(60), "it is known to take long"
            assert not demoted, "nobody else asked anything"
            engine.answer(Query("ASK {}"), CSV, Caller("other"))
            assert len(demoted) == 1
        finally:
            left.set()
            thread.join()


def test_the_last_idle_worker_is_left_to_who_used_little(built: Path) -> None:
    with closing(IsolatedEngine(built, Limits())) as engine:
        pool = engine._pool
        store = engine.store_path(engine.version())
        pool.start(store)
        pool.admission.apply("heavy", lambda: None)
        pool.admission.leave("heavy", 20)
        pool.overseer.company.begun("modest")
        assert pool.idle(store, "heavy") is None
        worker = pool.idle(store, "modest")
        assert worker is not None
        worker.kill()
