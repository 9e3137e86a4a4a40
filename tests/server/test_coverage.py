"""The page that shows a source text unit by unit."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.settings import Settings
from server.app import create_app
from server.coverage_view import TextCoverage
from tests.server.html_page import Element
from tests.server.reading import page
from tests.server.reading import values

PATH = "/reports/usip-charting-pakistan/coverage"
UNITS = "?x a pol:SourceUnit ; pol:inText id:usip-charting-pakistan-text"


def lines(shown: Element) -> list[Element]:
    return shown.section("Units").one("table").one("tbody").all("tr")


class CountingEngine(EmbeddedEngine):
    """An engine that keeps the queries it is asked."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.asked: list[Query] = []

    def rows(self, query: Query) -> list:  # type: ignore[type-arg]
        self.asked.append(query)
        return super().rows(query)


def test_every_unit_stands_there_in_order(client: FlaskClient, engine: EmbeddedEngine) -> None:
    shown = page(client, PATH)
    units = values(engine, UNITS)
    rows = lines(shown)
    assert len(rows) == len(units) > 50
    for number, row in enumerate(rows, 1):
        order, place = (cell.text for cell in row.all("td", class_="number"))
        assert order == str(number)
        unit = row.one("th").all("a")[0].attributes["href"].removeprefix("/page/")
        (start,) = values(engine, f"id:{unit} pol:start ?x")
        (end,) = values(engine, f"id:{unit} pol:end ?x")
        (quote,) = values(engine, f"id:{unit} pol:quote ?x")
        assert place == f"{start}–{end}"
        assert row.one("th").one("q").text == quote


def test_each_unit_has_its_claims_or_the_reason(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    with_claims = 0
    for row in lines(page(client, PATH)):
        unit = row.one("th").all("a")[0].attributes["href"].removeprefix("/page/")
        stated = values(engine, f"?p pol:unit id:{unit} . ?c pol:evidence ?p ; pol:statement ?x")
        shown = [claim.all("a")[0].text for claim in row.all("li")]
        assert sorted(shown) == stated
        reasons = [reason.text for reason in row.all("p", class_="reason")]
        labels = values(engine, f"id:{unit} pol:noClaimReason ?r . ?r rdfs:label ?x")
        assert reasons == [f"No claim: {label}" for label in labels]
        assert len(shown) > 0 or len(reasons) == 1
        with_claims += bool(shown)
    assert 40 < with_claims < len(lines(page(client, PATH)))


def test_a_claim_names_certainty_kind_and_passages(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, PATH)
    (hedged, *_) = values(
        engine,
        "?x pol:certainty pol:possible ; pol:evidence/pol:inText id:usip-charting-pakistan-text",
    )
    slug = hedged.removeprefix(ID)
    item = next(
        item
        for row in lines(shown)
        for item in row.all("li")
        if item.all("a")[0].attributes["href"] == f"/page/{slug}"
    )
    about = item.one("span", class_="about-claim")
    (kind,) = values(engine, f"id:{slug} a ?k . ?k rdfs:subClassOf pol:Claim ; rdfs:label ?x")
    assert about.text.startswith("◑ possible · " + kind)
    passages = values(engine, f"id:{slug} pol:evidence ?x")
    links = {link.attributes["href"] for link in about.all("a")}
    assert links & {"/page/" + passage.removeprefix(ID) for passage in passages}


def test_a_line_sums_up(client: FlaskClient, engine: EmbeddedEngine) -> None:
    shown = page(client, PATH)
    assert shown.one("h1").text == "Charting Pakistan’s Internal Security Policy, unit by unit"
    units = len(values(engine, UNITS))
    covered = len(values(engine, f"{UNITS} . ?p pol:unit ?x . ?c pol:evidence ?p"))
    reasoned = len(values(engine, f"{UNITS} ; pol:noClaimReason ?r"))
    claims = len(
        values(
            engine,
            "?x pol:evidence ?p . ?p pol:unit ?u . ?u pol:inText id:usip-charting-pakistan-text",
        )
    )
    (length,) = values(engine, "id:usip-charting-pakistan-text pol:length ?x")
    assert units == covered + reasoned
    assert shown.one("p", class_="coverage-summary").text == (
        f"Text of the publisher’s page about the report, {int(length):,} code points: "
        f"{units} units, of which {covered} carry claims, {reasoned} have a reason why none, "
        f"0 have neither. {claims} claims rest on it."
    )


def test_it_leads_to_the_question_and_its_csv(client: FlaskClient, engine: EmbeddedEngine) -> None:
    links = {link.text: link.attributes["href"] for link in page(client, PATH).all("a")}
    text = "text=https%3A%2F%2Fw3id.org%2Fpolicykg%2Fid%2Fusip-charting-pakistan-text"
    assert links["This as a question"] == f"/queries/coverage?{text}"
    assert links["as CSV"] == f"/queries/coverage.csv?{text}"
    page(client, links["This as a question"])
    table = client.get(links["as CSV"])
    assert table.content_type == "text/csv; charset=utf-8"
    assert len(table.get_data(as_text=True).splitlines()) == len(values(engine, UNITS)) + 1


def test_the_query_behind_it_can_be_run(client: FlaskClient, engine: EmbeddedEngine) -> None:
    link = next(link for link in page(client, PATH).all("a") if "in SPARQL" in link.text)
    answer = client.get(link.attributes["href"], headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json is not None
    rows = answer.json["results"]["bindings"]
    assert len({row["unit"]["value"] for row in rows}) == len(values(engine, UNITS))


@pytest.mark.parametrize("name", ["usip-charting-pakistan-page", "usip-charting-pakistan-text"])
def test_page_and_text_of_the_report_lead_to_the_same_units(client: FlaskClient, name: str) -> None:
    assert len(lines(page(client, f"/reports/{name}/coverage"))) == len(lines(page(client, PATH)))


def test_things_with_a_text_lead_there(client: FlaskClient) -> None:
    for name in ("usip-charting-pakistan", "usip-charting-pakistan-text"):
        links = {link.attributes["href"] for link in page(client, f"/page/{name}").all("a")}
        assert f"/reports/{name}/coverage" in links
    others = {link.attributes["href"] for link in page(client, "/page/pakistan").all("a")}
    assert not any(href.endswith("/coverage") for href in others)
    first = page(client, "/").section("Begin here")
    assert PATH in {link.attributes["href"] for link in first.all("a")}


@pytest.mark.parametrize("name", ["pakistan", "nothing", "a<b", "%E2%80%AE"])
def test_a_thing_without_a_text_is_not_found(client: FlaskClient, name: str) -> None:
    alert = page(client, f"/reports/{name}/coverage", 404).one("div", role="alert").text
    assert "The graph records no units of a source text of this thing." in alert


def test_a_name_that_is_near_is_suggested(client: FlaskClient) -> None:
    alert = page(client, "/reports/usip-charting-pakista/coverage", 404).one("div", role="alert")
    assert f"<{ID}usip-charting-pakistan>" in alert.text


def test_pages_of_units(built: Path, settings: Settings, engine: EmbeddedEngine) -> None:
    client = create_app(replace(settings, page_rows=20), engine).test_client()
    seen: list[str] = []
    address: str | None = PATH
    while address:
        shown = page(client, address)
        rows = lines(shown)
        assert 0 < len(rows) <= 20
        seen += [row.all("td", class_="number")[0].text for row in rows]
        following = shown.all("a", rel="next")
        address = following[0].attributes["href"].removesuffix("#units") if following else None
    assert seen == [str(number) for number in range(1, len(values(engine, UNITS)) + 1)]
    assert page(client, f"{PATH}?page=nothing", 400).one("div", role="alert")


def test_it_asks_three_queries_at_most(built: Path, settings: Settings) -> None:
    engine = CountingEngine(built)
    page(create_app(settings, engine).test_client(), PATH)
    assert len(engine.asked) == 2
    assert all("LIMIT 100" in query.text for query in engine.asked)
    engine.close()


def test_it_can_be_kept_and_asked_for_again(client: FlaskClient) -> None:
    first = client.get(PATH)
    assert first.cache_control.max_age == 300
    again = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_units_without_claim_and_reason_are_counted() -> None:
    text = TextCoverage("", None, None, units=7, covered=4, reasoned=2, claims=9)  # type: ignore[arg-type]
    assert text.silent == 1
