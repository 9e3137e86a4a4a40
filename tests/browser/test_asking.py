"""What a newcomer to the editor or to the search field meets: hints, maps, times, questions."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

PREFIXES = (
    "PREFIX pol: <https://w3id.org/policykg/ontology#>\n"
    "PREFIX id: <https://w3id.org/policykg/id/>\n"
)
COUNTRIES = (
    f"{PREFIXES}SELECT ?country (COUNT(*) AS ?uses) WHERE {{\n"
    "  ?country a pol:Country . ?thing ?property ?country\n} GROUP BY ?country"
)
POINTS = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT ?place ?at WHERE { VALUES (?place ?at) {
  ("Islamabad" "POINT(73.06 33.72)"^^geo:wktLiteral)
  ("Karachi" "POINT(67.01 24.86)"^^geo:wktLiteral)
  ("nowhere" "POINT EMPTY"^^geo:wktLiteral)
} }"""
WITHIN = 60_000  # milliseconds, on a busy machine
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def show(page: Page, query: str) -> None:
    """Open the editor with ``query`` and run it."""
    page.goto(f"/sparql#query={quote(query)}")
    expect(page.get_by_label("Find a term")).to_be_visible(timeout=WITHIN)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("p.count[role=status]")).to_contain_text("rows, in", timeout=WITHIN)


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Query").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_countries_are_shown_on_a_map_with_a_table(scripted: Page) -> None:
    show(scripted, COUNTRIES)
    scripted.get_by_role("button", name="Map").click()
    picture = scripted.get_by_role("img", name=re.compile("Map: Sum of uses by country"))
    expect(picture).to_be_visible(timeout=WITHIN)
    expect(picture.locator("path.marked")).to_have_count(10)
    named = picture.locator("title").all_text_contents()
    assert any(re.fullmatch(r"Pakistan: \d+", one) for one in named)
    rows = scripted.get_by_role("group", name="Countries on the map").get_by_role("rowheader")
    expect(rows).to_have_count(10)
    expect(rows.first.get_by_role("link")).to_have_text("Pakistan")


def test_coordinates_are_shown_on_a_map(scripted: Page) -> None:
    show(scripted, POINTS)
    scripted.get_by_role("button", name="Map").click()
    picture = scripted.get_by_role("img", name=re.compile("Map: 2 places"))
    expect(picture.locator("circle")).to_have_count(2, timeout=WITHIN)
    assert picture.locator("title").all_text_contents() == ["Islamabad", "Karachi"]
    expect(scripted.get_by_text("1 rows have no place")).to_be_visible()


def test_times_are_drawn_as_long_as_they_are_precise(scripted: Page) -> None:
    text = (
        'SELECT ?what ?when WHERE { VALUES (?what ?when) { ("year" "2014") ("month" "2014-12") '
        '("day" "2014-12-16") ("from to" "2014-09/2015-02") } }'
    )
    show(scripted, text)
    scripted.get_by_role("button", name="Timeline").click()
    picture = scripted.get_by_role("img", name=re.compile("Line of times by when"))
    drawn = {
        bar.text_content(): float(bar.get_attribute("width") or 0)
        for bar in picture.locator("rect").all()
    }
    assert list(drawn) == [
        "2014 year",
        "2014-09/2015-02 from to",
        "2014-12 month",
        "2014-12-16 day",
    ]
    assert list(drawn.values()) == sorted(drawn.values(), reverse=True)
    assert scripted.locator(".times time").all_inner_texts()[0] == "2014"


def test_an_answer_without_places_or_times_has_neither(scripted: Page) -> None:
    show(scripted, 'SELECT ?name ?number { VALUES (?name ?number) { ("NAP" "2014") ("x" "1") } }')
    names = scripted.get_by_role("group", name="Show as").get_by_role("button").all_inner_texts()
    assert names == ["Table", "Raw", "Pivot"]


def test_axe_finds_nothing_on_the_map(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, bypass_csp=True)
    page = context.new_page()
    show(page, COUNTRIES)
    page.get_by_role("button", name="Map").click()
    expect(page.locator("svg.map")).to_be_visible(timeout=WITHIN)
    page.locator("#schema-panel").evaluate("panel => panel.remove()")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
    context.close()


def test_a_thing_that_is_misspelt_gets_a_suggestion(scripted: Page) -> None:
    scripted.goto("/sparql")
    expect(scripted.get_by_label("Find a term")).to_be_visible(timeout=WITHIN)
    write(scripted, f"{PREFIXES}SELECT * WHERE {{ id:natonal-action-plan ?p id:pakistan }}")
    marked = scripted.locator(".cm-lintRange-warning")
    expect(marked).to_have_text("id:natonal-action-plan", timeout=WITHIN)
    marked.hover()
    scripted.get_by_role("button", name="Write id:national-action-plan").click()
    expect(scripted.locator(".cm-content")).to_contain_text("{ id:national-action-plan ?p")
    expect(marked).to_have_count(0)


def test_a_slash_in_the_query_stays_there(scripted: Page) -> None:
    scripted.goto("/sparql")
    expect(scripted.get_by_label("Find a term")).to_be_visible(timeout=WITHIN)
    write(scripted, "")
    scripted.keyboard.type("PREFIX x: <https://example.org/>")
    expect(scripted.locator(".cm-content")).to_have_text("PREFIX x: <https://example.org/>")
    expect(scripted.locator(".cm-lintRange")).to_have_count(0)


def test_a_term_takes_the_place_of_the_example(scripted: Page) -> None:
    scripted.goto("/sparql")
    terms = scripted.locator("#schema-panel")
    scripted.get_by_label("Find a term").fill("goal")
    expect(terms.locator("li[data-term]:visible code").first).to_have_text("pol:Goal")
    names = terms.locator("details:nth-of-type(2) li[data-term]:visible code").all_inner_texts()
    assert "pol:hasGoal" in names[:3]
    terms.get_by_role("link", name="pol:hasGoal", exact=True).click()
    expect(scripted.locator(".cm-content")).not_to_contain_text("recommendation")
    scripted.get_by_role("button", name="Run", exact=True).click()
    expect(scripted.locator("p.count[role=status]")).to_contain_text("rows, in", timeout=WITHIN)


def test_what_may_come_next_is_offered_by_itself(scripted: Page) -> None:
    scripted.goto("/sparql")
    expect(scripted.get_by_label("Find a term")).to_be_visible(timeout=WITHIN)
    expect(scripted.get_by_text("Ctrl+Space offers what fits")).to_be_visible()
    write(scripted, f"{PREFIXES}SELECT * WHERE {{ ?x a pol:Recommendation")
    scripted.keyboard.press("Escape")
    scripted.keyboard.type(" ; ", delay=50)
    offered = scripted.locator(".cm-tooltip-autocomplete").get_by_role("option")
    expect(offered.filter(has_text="pol:addressedTo").first).to_be_visible(timeout=WITHIN)


@pytest.mark.parametrize("start", ["/", "/queries"])
def test_questions_are_offered_while_a_sentence_is_typed(scripted: Page, start: str) -> None:
    scripted.goto(start)
    scripted.keyboard.press("/")
    scripted.keyboard.type("what is unclear about NISP")
    question = scripted.get_by_role("option", name="Which claims are unclear?")
    expect(question).to_be_visible(timeout=WITHIN)
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("Enter")
    expect(scripted.get_by_role("columnheader", name="Evidence")).to_be_visible()


def test_a_sentence_leads_to_a_table_with_evidence_without_javascript(page: Page) -> None:
    page.goto("/queries")
    page.get_by_label("Find a question").fill("what is unclear about NISP")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("link", name="Which claims are unclear?").click()
    expect(page.get_by_role("columnheader", name="Evidence")).to_be_visible()
    expect(page.get_by_role("table").locator("q").first).to_be_visible()
