"""The search on every page: what is found, in which order, and what is not taken."""

import pytest
from flask.testing import FlaskClient

from tests.server.html_page import Element
from tests.server.reading import page


def found(shown: Element) -> list[str]:
    return [th.one("a").attributes["href"] for part in shown.all("tbody") for th in part.all("th")]


def test_whole_names_come_before_beginnings_and_parts(client: FlaskClient) -> None:
    shown = page(client, "/search?q=NATIONAL+action+plan")
    assert found(shown)[0] == "/page/national-action-plan"
    assert shown.one("title").text == "Search: NATIONAL action plan – policykg"
    assert shown.one("input", name="q").attributes["value"] == "NATIONAL action plan"
    assert found(page(client, "/search?q=nap"))[0] == "/page/national-action-plan"


@pytest.mark.parametrize("query", ["", "q=", "q=+++"])
def test_nothing_asked_is_no_error(client: FlaskClient, query: str) -> None:
    assert page(client, f"/search?{query}").one("h1").text == "Search"


@pytest.mark.parametrize(
    "asked", ["zzzzqq", "%3Cscript%3Ealert(1)%3C/script%3E", "%22%29%20%7D", "\\%5C"]
)
def test_what_is_not_there_is_told(client: FlaskClient, asked: str) -> None:
    shown = page(client, f"/search?q={asked}")
    assert "Nothing holds these letters" in shown.one("main").text
    assert shown.all("script") == []


def test_long_words_are_refused(client: FlaskClient) -> None:
    alert = page(client, f"/search?q={'a' * 201}", 400).one("div", role="alert").text
    assert "Where: q" in alert


def test_results_are_paged(client: FlaskClient) -> None:
    first = page(client, "/search?q=e")
    second = page(client, first.one("a", rel="next").attributes["href"])
    assert len(found(first)) == 100
    assert not set(found(first)) & set(found(second))
