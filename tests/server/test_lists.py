"""The lists by class: facets, order, pages, and the same as data."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from server.list_classes import plural
from tests.server.html_page import Element
from tests.server.reading import page
from tests.server.reading import values


def members(shown: Element) -> list[str]:
    body = shown.section("Members").all("tbody")
    return [th.one("a").attributes["href"] for part in body for th in part.all("th")]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("person", "people"),
        ("policy", "policies"),
        ("research organisation", "research organisations"),
        ("implementation status", "implementation statuses"),
        ("survey", "surveys"),
    ],
)
def test_lists_go_by_the_plural(label: str, expected: str) -> None:
    assert plural(label) == expected


def test_all_classes_with_members_have_lists(client: FlaskClient, engine: EmbeddedEngine) -> None:
    shown = page(client, "/list").one("main")
    addresses = [link.attributes["href"] for link in shown.all("a")]
    used = values(
        engine, "?x a owl:Class ; rdfs:isDefinedBy <https://w3id.org/policykg/ontology> . ?m a ?x"
    )
    assert len(set(addresses)) == len(used)
    for address in set(addresses):
        page(client, address)


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("people", "Person"),
        ("policy-frameworks", "PolicyFramework"),
        ("recommendations", "Recommendation"),
        ("topics", "Topic"),
        ("events", "Event"),
    ],
)
def test_list_has_all_members(
    client: FlaskClient, engine: EmbeddedEngine, slug: str, name: str
) -> None:
    shown = page(client, f"/list/{slug}")
    expected = values(engine, f"?x a pol:{name}")
    assert len(members(shown)) == len(set(members(shown))) == len(expected)
    assert f"{len(expected)} in all." in shown.section("Members").text


def test_facets_count_what_their_links_list(client: FlaskClient) -> None:
    shown = page(client, "/list/claims")
    facets = shown.section("Narrow down")
    assert [dt.text for dt in facets.all("dt")] == [
        "Kind",
        "Certainty",
        "Asserted by",
        "Framework",
        "Year",
    ]
    tried = 0
    for value in facets.all("li"):
        for link in value.all("a"):
            count = value.text.rpartition("(")[2].rstrip(")")
            narrowed = page(client, link.attributes["href"]).section("Members")
            assert f"{count} in all." in narrowed.text, link.attributes["href"]
            tried += 1
    assert tried > 15


def test_choices_add_up_and_can_be_taken_back(client: FlaskClient) -> None:
    path = "/list/claims?kind=Assessment&certainty=possible&asserter=raza-ahmad-rumi"
    shown = page(client, path)
    assert members(shown) == [
        f"/page/usip-charting-pakistan-c{number}" for number in ("057", "054", "059", "060")
    ]
    back = {
        link.attributes["href"]
        for link in shown.section("Narrow down").all("a")
        if link.text == "remove"
    }
    assert back == {
        "/list/claims?certainty=possible&asserter=raza-ahmad-rumi",
        "/list/claims?kind=Assessment&asserter=raza-ahmad-rumi",
        "/list/claims?kind=Assessment&certainty=possible",
    }
    whole = path.replace("raza-ahmad-rumi", f"{ID}raza-ahmad-rumi").replace("#", "%23")
    assert members(page(client, whole)) == members(shown)


def test_order_can_be_turned_round(client: FlaskClient) -> None:
    up, down = page(client, "/list/events"), page(client, "/list/events?sort=-name")
    assert members(up) == members(down)[::-1]
    headings = list(down.section("Members").all("th", scope="col"))
    assert headings[0].attributes["aria-sort"] == "descending"
    assert headings[0].one("a").attributes["href"] == "/list/events"
    times = page(client, "/list/events?sort=time")
    assert members(times)[0] == "/page/announcement-of-the-national-action-plan"


def test_pages_hold_every_member_once(client: FlaskClient, engine: EmbeddedEngine) -> None:
    found: list[str] = []
    address = "/list/claims?sort=-name"
    while address:
        shown = page(client, address)
        found += members(shown)
        following = shown.all("a", rel="next")
        address = following[0].attributes["href"] if following else ""
        assert not address or "sort=-name" in address
    assert len(found) == len(set(found)) == len(values(engine, "?x pol:statement ?s"))


def test_list_as_data_takes_the_same_parameters(client: FlaskClient) -> None:
    query = "kind=Measure&asserter=raza-ahmad-rumi&sort=-name"
    shown = members(page(client, f"/list/policies?{query}"))
    answer = client.get(f"/list/policies.csv?{query}")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline=""))
    assert ["/page/" + row["thing"].removeprefix(ID) for row in rows] == shown
    solutions = client.get(f"/list/policies.json?{query}").get_json(force=True)
    assert len(solutions["results"]["bindings"]) == len(shown)
    turtle = client.get(f"/list/policies.ttl?{query}")
    assert turtle.content_type == "text/turtle; charset=utf-8"
    subjects = {str(quad.subject)[1:-1] for quad in parse(turtle.data, format=RdfFormat.TURTLE)}
    assert {"/page/" + iri.removeprefix(ID) for iri in subjects} == set(shown)


def test_page_of_a_list_as_data(client: FlaskClient) -> None:
    first = client.get("/list/claims.csv?page=1").data.splitlines()
    whole = client.get("/list/claims.csv").data.splitlines()
    assert first == whole[: len(first)]
    assert len(whole) > len(first) > 100


@pytest.mark.parametrize(
    ("query", "where", "allowed"),
    [
        ("kind=Person", "kind", "Known: Assessment, CausalClaim"),
        ("kind=%3Cscript%3E", "kind", "Take a value"),
        ("certainty=sure", "certainty", "Known: certain, probable, possible, unclear."),
        ("asserter=nobody", "asserter", "Known: usip-charting-pakistan-page"),
        ("asserter=javascript:alert(1)", "asserter", "Known: "),
        ("year=15", "year", "four digits"),
        ("sort=size", "sort", "Known: name, -name, time, -time"),
        ("page=0", "page", "Give a whole number"),
        ("colour=red", "colour", "Known: kind, certainty"),
    ],
)
def test_wrong_parameter_is_told_what_is_allowed(
    client: FlaskClient, query: str, where: str, allowed: str
) -> None:
    for path in ("/list/claims", "/list/claims.csv"):
        if path.endswith("csv") and where == "asserter":
            continue  # an empty table is an answer
        alert = page(client, f"{path}?{query}", 400).one("div", role="alert").text
        assert f"Where: {where}" in alert
        assert allowed in alert


def test_choices_that_exclude_each_other_leave_nothing(client: FlaskClient) -> None:
    shown = page(client, "/list/recommendations?certainty=unclear")
    assert "Nothing fits all these choices." in shown.text
    assert shown.section("Members").one("a", href="/list/recommendations").text


@pytest.mark.parametrize("path", ["/list/claimz", "/list/Claim", "/list/x.csv", "/list/claims.xls"])
def test_unknown_list_or_format_is_not_found(client: FlaskClient, path: str) -> None:
    alert = page(client, path, 404).one("div", role="alert").text
    assert "/list" in alert or "Known: .csv" in alert


def test_page_of_a_list_takes_three_queries_at_most(
    client: FlaskClient, answers: list[int]
) -> None:
    page(client, "/list/claims?certainty=certain&kind=Assessment&sort=-name")
    assert len(answers) <= 3
