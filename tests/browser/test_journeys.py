"""Ways that people go through the site, in a real browser without JavaScript."""

import re

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect


def test_from_the_first_page_to_the_words_of_the_source(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="National Action Plan", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("National Action Plan")
    for heading in ("Statements", "Claims", "Incoming links", "Evidence", "Formats", "Cite"):
        expect(page.get_by_role("heading", level=2, name=heading, exact=True)).to_be_visible()
    claims = page.locator("section", has=page.get_by_role("heading", name="Claims", exact=True))
    claims.get_by_role("link", name=re.compile("civil-military divide affects")).first.click()
    expect(page.locator("main")).to_contain_text("certain")
    page.get_by_role("link", name=re.compile("Passage 023")).first.click()
    expect(page.locator("main")).to_contain_text("affected by the civil-military divide")


def test_a_recommendation_says_to_whom_and_on_which_words(page: Page) -> None:
    page.goto("/")
    page.get_by_role(
        "link", name="The strategy needs to include an internal security adviser."
    ).click()
    main = page.locator("main")
    expect(main).to_contain_text("Pakistan’s policymakers")
    expect(main).to_contain_text("an internal security adviser")
    expect(main.locator("q, blockquote").first).to_be_visible()


def test_a_question_is_asked_by_form_and_taken_home(page: Page) -> None:
    page.goto("/queries")
    page.get_by_role("link", name="What affects the implementation of a framework?").first.click()
    page.get_by_label("Framework").select_option(label="National Internal Security Policy")
    page.get_by_role("button").last.click()
    expect(page.get_by_role("table").first).to_contain_text("Civil-military divide")
    href = page.get_by_role("link", name=re.compile("CSV")).first.get_attribute("href")
    assert href is not None
    assert "national-internal-security-policy" in href
    answer = page.request.get(href)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_question_keeps_what_was_filled_in_from_view_to_view(page: Page) -> None:
    page.goto("/queries/framework-goals")
    page.get_by_label("Framework").select_option(label="National Internal Security Policy")
    page.get_by_role("button", name="Form").click()
    chosen = page.get_by_label("Framework").locator("option:checked")
    expect(chosen).to_have_text("National Internal Security Policy")
    page.get_by_role("button", name="SPARQL").click()
    expect(page.locator(".explained")).to_contain_text("id/national-internal-security-policy>")
    page.get_by_role("button", name="Sentence").click()
    expect(chosen).to_have_text("National Internal Security Policy")
    page.go_back()
    expect(page.locator(".explained")).to_contain_text("Sorted by")


def test_a_thing_is_named_and_the_question_goes_to_the_editor(page: Page) -> None:
    page.goto("/queries")
    page.get_by_label("Find a question").fill("claimed about")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="What is claimed about a thing?").click()
    page.get_by_label("Thing").fill("Afghanistan")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("table")).to_contain_text("Afghanistan")
    page.get_by_role("link", name="Open in the editor").click()
    expect(page.get_by_role("textbox", name="Query")).to_have_value(re.compile("id/afghanistan>"))
    expect(page.get_by_role("table")).to_contain_text("Afghanistan")


def test_sparql_without_javascript(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_role("textbox", name="Query").fill(
        "SELECT ?o { <https://w3id.org/policykg/id/national-action-plan> "
        "<http://www.w3.org/2000/01/rdf-schema#label> ?o }"
    )
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("table")).to_contain_text("National Action Plan")


def test_an_error_in_a_query_is_shown_with_its_place(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/sparql")
    page.get_by_role("textbox", name="Query").fill("SELECT *\nWHERE { ?s ?p")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("line 2")
    expect(page.get_by_role("textbox", name="Query")).to_have_value("SELECT *\nWHERE { ?s ?p")


def test_an_unknown_page_helps_on(context: BrowserContext) -> None:
    page = context.new_page()
    response = page.goto("/page/national-action-plam")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("alert")).to_contain_text("national-action-plan")


def test_the_keyboard_finds_the_content_first(page: Page) -> None:
    page.goto("/page/national-action-plan")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/page/national-action-plan",
        "/queries",
        "/queries/recommendations",
        "/queries/claims-about-entity?view=sparql",
        "/queries/frameworks-compared?view=form",
        "/api",
        "/sparql",
        "/ontology",
        "/recommendations",
        "/frameworks",
        "/certainty",
        "/timeline",
        "/actors",
        "/list/claim",
        "/search?q=madrassa",
        "/picture?start=national-action-plan",
        "/about/licences",
    ],
)
def test_nothing_sticks_out_of_a_narrow_screen(
    context: BrowserContext, path: str, width: int
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(path)
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_a_suggestion_leads_to_its_page_by_keyboard(scripted: Page) -> None:
    scripted.goto("/timeline")
    field = scripted.get_by_role("combobox", name="Search")
    expect(field).to_have_attribute("aria-expanded", "false")
    scripted.keyboard.press("/")
    expect(field).to_be_focused()
    scripted.keyboard.type("jinn")
    option = scripted.get_by_role("option").first
    expect(option).to_contain_text("Jinnah Institute", timeout=60_000)
    scripted.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "site-suggestion-0")
    scripted.keyboard.press("Escape")
    expect(scripted.get_by_role("listbox")).to_be_hidden()
    scripted.keyboard.type("a")
    expect(option).to_be_visible()
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("Enter")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Jinnah Institute")


def test_words_lead_to_an_answer_without_javascript(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox", name="Search").fill("who should act on madrassa regulation")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("What is recommended, to whom")).click()
    expect(page.get_by_role("table").first).to_contain_text("internal security adviser")
