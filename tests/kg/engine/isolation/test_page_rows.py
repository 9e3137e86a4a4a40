"""The queries of pages run in workers of their own, and give the same as in this process."""

import threading
from collections.abc import Iterator
from contextlib import closing
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.errors import PolicykgError
from kg.errors import QueryRefused
from kg.errors import QuerySyntaxError
from kg.errors import ServiceBusy

LIMITS = Limits(query_seconds=3, page_query_seconds=60, workers=1, client_query_seconds=0)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def isolated(built: Path) -> Iterator[IsolatedEngine]:
    with closing(IsolatedEngine(built, LIMITS)) as engine:
        yield engine


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 500",
        "SELECT ?s ?unbound { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT * { ?s ?p 'nothing' }",
    ],
)
def test_rows_are_those_of_the_engine(
    isolated: IsolatedEngine, engine: EmbeddedEngine, text: str
) -> None:
    assert isolated.rows(Query(text)) == engine.rows(Query(text))


def test_values_are_bound(isolated: IsolatedEngine, engine: EmbeddedEngine) -> None:
    text = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
    for value in (Literal("1", language="en"), Literal('a "quoted"\nline')):
        query = Query(text, bindings={"o": value})
        assert isolated.rows(query) == engine.rows(query)


def test_what_is_no_select_is_refused(isolated: IsolatedEngine) -> None:
    with pytest.raises(QueryRefused):
        isolated.rows(Query("ASK {}"))
    with pytest.raises(QuerySyntaxError):
        isolated.rows(Query("SELECT"))


def test_a_page_does_not_wait_for_those_who_ask(isolated: IsolatedEngine) -> None:
    def ask() -> None:
        with suppress(PolicykgError):
            isolated.answer(Query(ENDLESS), Formats("text/csv", None), Caller("greedy"))

    asking = threading.Thread(target=ask)
    asking.start()
    while isolated.load() == (0, 0) and asking.is_alive():
        pass
    assert isolated.rows(Query("SELECT (1 AS ?one) {}"))
    assert isolated.load() == (1, 0)
    asking.join()


def test_a_page_has_its_own_time(built: Path) -> None:
    with closing(IsolatedEngine(built, replace(LIMITS, page_query_seconds=0.5))) as engine:
        with pytest.raises(ServiceBusy, match="POLICYKG_PAGE_QUERY_SECONDS") as error:
            engine.rows(Query(ENDLESS))
        assert error.value.retry_after
        assert engine.rows(Query("SELECT (1 AS ?one) {}"))
