"""What a page costs: at most three queries, none of them for a single label, and none when kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.settings import Settings
from server.app import create_app
from tests.server.writing import Writer

PAGES = [
    "/",
    "/page/national-action-plan",
    "/page/pakistan",
    "/page/pakistan?incoming=pol:ofCountry&claims=2",
    "/page/usip-charting-pakistan-c035",
    "/page/usip-charting-pakistan-p016",
    "/page/usip-charting-pakistan-text",
    "/page/topic/counterterrorism",
    "/page/graph/derived",
    "/ontology",
    "/ontology/Claim",
    "/ontology/hasGoal",
    "/reports/usip-charting-pakistan/coverage",
    "/recommendations",
    "/frameworks",
    "/certainty",
    "/certainty?show=silent",
    "/timeline",
    "/actors",
    "/list",
    "/list/claims",
    "/list/claims?certainty=possible&sort=-time",
]


class Counting:
    """An engine that notes the queries it is asked."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.asked: list[Query] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def rows(self, query: Query) -> Any:
        self.asked.append(query)
        return self._engine.rows(query)

    def answer(self, query: Query, *arguments: Any) -> Any:
        self.asked.append(query)
        return self._engine.answer(query, *arguments)


@pytest.fixture
def counting(engine: EmbeddedEngine) -> Counting:
    return Counting(engine)


@pytest.mark.parametrize("path", PAGES)
def test_page_takes_three_queries_at_most(
    counting: Counting, settings: Settings, path: str
) -> None:
    client = create_app(replace(settings, page_cache_mb=0), counting).test_client()
    for known in ("/list", "/page/pakistan"):  # names of terms are read once for each version
        client.get(known)
    counting.asked.clear()
    assert client.get(path).status_code == 200
    assert 1 <= len(counting.asked) <= 3


def test_a_page_in_another_language_reads_all_labels_once(
    counting: Counting, settings: Settings
) -> None:
    client = create_app(replace(settings, page_cache_mb=0), counting).test_client()
    for path in ("/page/national-action-plan?lang=ur", "/page/pakistan?lang=ur"):
        client.get(path)
    # Two a page, and once the names of properties and the labels in the language.
    assert len(counting.asked) == 2 + 2 + 2


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/page/")])
def test_a_page_of_a_thing_takes_two_queries(
    counting: Counting, settings: Settings, path: str
) -> None:
    client = create_app(replace(settings, page_cache_mb=0), counting).test_client()
    client.get(path)  # the names of properties are read once for each version
    counting.asked.clear()
    assert client.get(path).status_code == 200
    assert len(counting.asked) <= 2


def test_the_second_page_of_a_list_takes_one_query(counting: Counting, settings: Settings) -> None:
    client = create_app(replace(settings, page_cache_mb=0), counting).test_client()
    client.get("/list/claims")
    for path in ("/list/claims?page=2", "/list/claims?sort=-name", "/list/claims"):
        counting.asked.clear()
        assert client.get(path).status_code == 200
        assert len(counting.asked) == 1


@pytest.mark.parametrize("path", [*PAGES, "/data/pakistan.ttl", "/cite/pakistan.bib"])
def test_a_kept_page_takes_no_query(counting: Counting, settings: Settings, path: str) -> None:
    client = create_app(settings, counting).test_client()
    first = client.get(path)
    counting.asked.clear()
    again = client.get(path)
    assert counting.asked == []
    assert (again.status_code, again.data) == (200, first.data)
    assert dict(again.headers) == dict(first.headers)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers.get("Content-Encoding") == "gzip" or len(first.data) <= 1000
    for held in (first.headers["ETag"], packed.headers["ETag"]):
        spared = client.get(path, headers={"If-None-Match": held})
        assert (spared.status_code, spared.data) == (304, b"")
        assert spared.headers["ETag"] == held
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == first.headers["Content-Length"]
    assert counting.asked == []


def test_languages_and_addresses_are_kept_apart(client: FlaskClient) -> None:
    english = client.get("/page/pakistan")
    assert "Accept-Language" in english.vary
    for headers, path, code in (
        ({"Accept-Language": "ur"}, "/page/pakistan", "ur"),
        ({"Accept-Language": "de, ur;q=0.5, en;q=0.1"}, "/page/pakistan", "ur"),
        ({"Accept-Language": "de"}, "/page/pakistan", "en"),
        ({}, "/page/pakistan?lang=ur", "ur"),
        ({"Accept-Language": "ur"}, "/page/pakistan?lang=en", "en"),
    ):
        for _ in range(2):
            text = client.get(path, headers=headers).get_data(as_text=True)
            assert f'<html lang="{code}"' in text, (headers, path)


def test_a_page_is_fresh_after_a_write(start: Callable[..., Any], tmp_path: Path) -> None:
    served = start("--empty", "--port", "0", "--data", tmp_path / "data", "--write-token", "t" * 20)
    writer = Writer(served.address, {"Authorization": f"Bearer {'t' * 20}"})
    reader = Writer(served.address, {})
    thing = "https://w3id.org/policykg/id/thing"
    for word in ("first", "second"):
        data = f'<{thing}> <http://www.w3.org/2000/01/rdf-schema#label> "{word}"@en .'
        graph = "/store?graph=http://example.org/g"
        assert writer.send("PUT", graph, data, "text/turtle").status in (200, 201, 204)
        for path in ("/page/thing", "/data/thing.ttl", f"/search?q={word}"):
            for _ in range(2):
                reply = reader.send("GET", path)
                assert word in reply.body.decode(), path


def test_the_cache_forgets_what_was_asked_for_the_longest_ago(
    counting: Counting, settings: Settings
) -> None:
    client = create_app(replace(settings, page_cache_mb=1), counting).test_client()
    for number in range(1, 40):
        client.get(f"/page/pakistan?x={number}")
    counting.asked.clear()
    client.get("/page/pakistan?x=39")
    assert counting.asked == []
    client.get("/page/pakistan?x=1")
    assert len(counting.asked) == 2
