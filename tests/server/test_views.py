"""The views: what a reader finds on each, its data as CSV, and what is said of wrong parameters."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from tests.server.html_page import Element
from tests.server.reading import page
from tests.server.reading import values

VIEWS = ["/recommendations", "/frameworks", "/certainty", "/timeline", "/actors"]


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def lines(shown: Element) -> list[list[str]]:
    return [
        [cell.text for cell in row.children if isinstance(cell, Element)]
        for body in shown.all("tbody")
        for row in body.all("tr")
    ]


@pytest.mark.parametrize("path", VIEWS)
def test_view_has_its_query_and_its_data(client: FlaskClient, path: str) -> None:
    shown = page(client, path)
    behind = [link for p in shown.all("p", class_="behind") for link in p.all("a")]
    assert behind
    for link in behind:
        answer = client.get(link.attributes["href"], headers={"Accept": "text/csv"})
        assert answer.status_code == 200
        assert answer.get_data().count(b"\r\n") > 1
    (download,) = [link for link in shown.all("a") if link.text == "Download CSV"]
    assert table(client, download.attributes["href"])


@pytest.mark.parametrize("path", VIEWS)
@pytest.mark.parametrize(("query", "where"), [("page=0", "page"), ("foo=1", "foo")])
def test_wrong_parameter_is_named(client: FlaskClient, path: str, query: str, where: str) -> None:
    alert = page(client, f"{path}?{query}", 400).one("div", role="alert").text
    assert f"Where: {where}" in alert
    assert "What to do:" in alert


def test_every_recommendation_is_there_with_addressee_and_words(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, "/recommendations")
    names = [row.one("th").all("a")[0].attributes["href"] for row in shown.all("tr")[1:]]
    assert names == [
        "/page/" + iri.removeprefix(ID) for iri in values(engine, "?x a pol:Recommendation")
    ]
    for cells in lines(shown):
        assert cells[1] == "Pakistan’s policymakers"
        assert "on the source’s page" in cells[3]
        assert cells[4] == "none given"
    rows = table(client, "/recommendations.csv")
    proposed = {row["value"] for row in rows if row["role"].endswith("#proposes")}
    assert proposed == set(values(engine, "?r pol:proposes ?x"))


def test_frameworks_stand_side_by_side(client: FlaskClient) -> None:
    shown = page(client, "/frameworks")
    assert [heading.text for heading in shown.all("h2")] == [
        "Goals",
        "Measures and policies",
        "What affects them",
        "Events",
        "What else is said",
        "Cite",
    ]
    factors = lines(shown.section("What affects them"))
    assert [row[0] for row in factors][:2] == [
        "implementation affected by Altered governance architecture of Pakistan",
        "implementation affected by Civil-military divide in Pakistan",
    ]
    assert all("no claim says so" not in cell for row in factors[:2] for cell in row)
    turned = page(client, "/frameworks?first=national-internal-security-policy")
    heads = turned.section("Goals").one("thead").all("th")
    assert [head.text for head in heads][1:] == [
        "National Internal Security Policy",
        "National Action Plan",
    ]
    chosen = [option.text for option in turned.all("option", selected="")]
    assert chosen == ["National Internal Security Policy", "National Action Plan"]


@pytest.mark.parametrize(
    "query", ["first=x", "second=%3Cscript%3E", "first=national-action-plan&second=pakistan"]
)
def test_what_is_no_framework_is_refused(client: FlaskClient, query: str) -> None:
    alert = page(client, f"/frameworks?{query}", 400).one("div", role="alert").text
    assert "Known: national-action-plan, national-internal-security-policy." in alert


@pytest.mark.parametrize(
    ("group", "pattern"),
    [
        ("hedged", "?x pol:certainty ?c FILTER(?c IN (pol:possible, pol:probable))"),
        ("open", "?x pol:certainty pol:unclear"),
        ("silent", "?x pol:noClaimReason ?why"),
    ],
)
def test_certainty_counts_and_lists_each_group(
    client: FlaskClient, engine: EmbeddedEngine, group: str, pattern: str
) -> None:
    expected = values(engine, pattern)
    shown = page(client, f"/certainty?show={group}")
    (current,) = [row for row in shown.all("tr") if row.all("a", aria_current="true")]
    assert current.one("td", class_="number").text == str(len(expected))
    section = next(one for one in shown.all("section"))
    assert len(section.one("tbody").all("tr")) == len(expected)
    column = "unit" if group == "silent" else "claim"
    found = [row[column] for row in table(client, f"/certainty.csv?show={group}")]
    assert sorted(set(found)) == expected


def test_certainty_knows_four_groups(client: FlaskClient) -> None:
    alert = page(client, "/certainty?show=all", 400).one("div", role="alert").text
    assert "Known: asserted, hedged, open, silent." in alert


def test_timeline_is_in_order_and_never_more_precise(client: FlaskClient) -> None:
    rows = lines(page(client, "/timeline"))
    assert rows[0][:5] == [
        "Devolution reforms of 2010",
        "reform",
        "2010",
        "1 January 2010",
        "31 December 2010",
    ]
    announced = next(row for row in rows if row[0] == "Announcement of the National Action Plan")
    assert announced[2:5] == ["", "1 December 2014", "not known"]
    first = [row["earliest"] or row["latest"] for row in table(client, "/timeline.csv")]
    assert first == sorted(first)


def test_actors_are_a_table_and_a_picture_of_the_same(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, "/actors")
    claims = values(engine, "?x pol:subject/a pol:Actor ; pol:object/a pol:Actor")
    assert len(lines(shown)) == len(claims)
    image = shown.one("figure").one("img")
    assert image.attributes["alt"].startswith("Picture of the actors")
    drawn = client.get(image.attributes["src"]).get_data(as_text=True)
    for link in shown.one("tbody").all("th"):
        assert f'href="{link.one("a").attributes["href"]}"' in drawn


@pytest.mark.parametrize(
    "path",
    [
        "/actors.svg",
        "/timeline.svg",
        "/picture/pakistan.svg",
        "/picture/topic/counterterrorism.svg",
    ],
)
def test_picture_is_the_same_every_time_and_has_no_styles(client: FlaskClient, path: str) -> None:
    import xml.etree.ElementTree as ElementTree

    first = client.get(path)
    assert first.status_code == 200
    assert first.content_type == "image/svg+xml"
    assert first.data == client.get(path).data
    text = first.get_data(as_text=True)
    assert "<style" not in text
    assert "style=" not in text
    assert "<script" not in text
    assert ElementTree.fromstring(text).attrib["role"] == "img"
    assert client.get(f"{path}?scheme=dark").data != first.data
    assert client.get(f"{path}?scheme=pink").status_code == 400
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_picture_of_an_unknown_thing_is_not_found(client: FlaskClient) -> None:
    assert client.get("/picture/nothing.svg").status_code == 404
    assert client.get("/picture/a%3Cb.svg").status_code == 404


def test_csv_may_be_asked_for_again_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/actors.csv")
    again = client.get("/actors.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
