"""The search on every page and for programs: what is found, in which order, what is not taken."""

import json

import pytest
from flask.testing import FlaskClient

from tests.server.html_page import Element
from tests.server.reading import page


def found(shown: Element) -> list[str]:
    return [th.one("a").attributes["href"] for part in shown.all("tbody") for th in part.all("th")]


def test_whole_names_come_first(client: FlaskClient) -> None:
    shown = page(client, "/search?q=NATIONAL+action+plan")
    assert found(shown)[0] == "/page/national-action-plan"
    assert shown.one("title").text == "Search: NATIONAL action plan – policykg"
    assert shown.one("input", name="q").attributes["value"] == "NATIONAL action plan"
    assert found(page(client, "/search?q=nap"))[0] == "/page/national-action-plan"


def test_a_hit_says_why_and_marks_the_words(client: FlaskClient) -> None:
    shown = page(client, "/search?q=madrasah")
    assert found(shown)[0] == "/page/topic/madrassas"
    assert shown.all("td")[1].text == "its name, in another spelling: Madrassas"
    assert [one.text for one in shown.all("mark")][:2] == ["Madrassas", "madrassas"]


@pytest.mark.parametrize("query", ["", "q=", "q=+++", "q=%00"])
def test_nothing_asked_is_no_error(client: FlaskClient, query: str) -> None:
    assert page(client, f"/search?{query}").one("h1").text == "Search"


@pytest.mark.parametrize(
    "asked",
    [
        "zzzzqq",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%22%29%20%7D",
        "\\%5C",
        "%F0%9F%98%80",
        "%E2%80%8F",
    ]
    + ["%00x%00", "%ED%A0%80"],
)
def test_strange_words_get_a_plain_page(client: FlaskClient, asked: str) -> None:
    shown = page(client, f"/search?q={asked}")
    assert all("/assets/built/" in one.attributes.get("src", "") for one in shown.all("script"))
    assert shown.one("main").all("h2") or shown.one("h1").text == "Search"


def test_what_is_not_there_is_told(client: FlaskClient) -> None:
    assert "Nothing holds these words" in page(client, "/search?q=zzzzqq").one("main").text


@pytest.mark.parametrize("path", ["/search", "/api/search", "/api/suggest", "/api/ask"])
@pytest.mark.parametrize("length", [201, 10_000])
def test_long_words_are_refused(client: FlaskClient, path: str, length: int) -> None:
    answer = client.get(f"{path}?q={'a' * length}")
    assert answer.status_code == 400
    assert "more than 200 characters" in answer.get_data(as_text=True)


@pytest.mark.parametrize("value", ["0", "-1", "x", "51", "1e3", "٣"])
def test_a_strange_number_of_results_is_refused(client: FlaskClient, value: str) -> None:
    answer = client.get("/api/suggest", query_string={"q": "a", "limit": value})
    assert answer.status_code == 400
    assert "from 1 to 50" in answer.get_data(as_text=True)


def test_results_are_paged(client: FlaskClient) -> None:
    first = page(client, "/search?q=pakistan")
    second = page(client, first.one("a", rel="next").attributes["href"])
    assert len(found(first)) == 50
    assert not set(found(first)) & set(found(second))


def test_results_are_narrowed_by_a_link(client: FlaskClient) -> None:
    first = page(client, "/search?q=pakistan")
    link = next(one for one in first.one("nav", **{"aria-label": "Kinds"}).all("a"))
    narrowed = page(client, link.attributes["href"])
    assert narrowed.one("a", **{"aria-current": "true"}).text == link.text
    assert 0 < len(found(narrowed)) <= len(found(first))


def test_questions_are_proposed_with_their_values(client: FlaskClient) -> None:
    shown = page(client, "/search?q=goals+of+NISP")
    link = shown.one("section", **{"aria-labelledby": "asked-questions"}).all("a")[0]
    assert link.text == "Which goals does National Internal Security Policy have?"
    answer = page(client, link.attributes["href"])
    assert "National Internal Security Policy" in answer.one("main").text


def test_programs_get_the_same(client: FlaskClient) -> None:
    hits = client.get("/api/search?q=madrasah&limit=1").json
    assert hits["hits"][0]["href"] == "/page/topic/madrassas"
    assert hits["hits"][0]["found"] == {
        "where": "name",
        "by": "spelling",
        "language": "en",
        "snippet": [{"text": "Madrassas", "marked": True}],
    }
    further = client.get(hits["next"]).json
    assert further["total"] == hits["total"] > 1
    assert further["hits"][0]["iri"] != hits["hits"][0]["iri"]


def test_suggestions_name_the_thing_and_its_page(client: FlaskClient) -> None:
    answer = client.get("/api/suggest?q=nisp&limit=1")
    assert answer.content_type == "application/json"
    assert json.loads(answer.data) == {
        "query": "nisp",
        "suggestions": [
            {
                "iri": "https://w3id.org/policykg/id/national-internal-security-policy",
                "label": "National Internal Security Policy",
                "kind": "policy framework",
                "href": "/page/national-internal-security-policy",
                "matched": "NISP",
                "where": "other name",
            }
        ],
    }


def test_words_are_taken_for_questions(client: FlaskClient) -> None:
    (question,) = client.get("/api/ask?q=compare+NAP+and+NISP&limit=1").json["questions"]
    assert question["name"] == "frameworks-compared"
    assert question["recognised"] == ["first", "second"]
    assert question["href"].startswith("/queries/frameworks-compared?first=https%3A")
    assert client.get("/api/ask?q=").json == {"query": "", "questions": []}


@pytest.mark.parametrize("path", ["/api/search", "/api/suggest", "/api/ask"])
def test_who_has_an_answer_is_not_sent_it_again(client: FlaskClient, path: str) -> None:
    first = client.get(f"{path}?q=nacta")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(f"{path}?q=nacta", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{path}?q=nisp", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
