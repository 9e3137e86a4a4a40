"""Further ways through the site: lists and back, side by side, in time, by keyboard, in Urdu."""

import re

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect
from requirements import require

from tests.browser.test_accessibility import PAGES
from tests.browser.test_look import BUILT

MOST_TABS = 60
# Whether what has the focus shows it: an outline, or another look than without.
FOCUS_SHOWN = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    && box.width > 0 && box.height > 0;
}"""


def test_facets_narrow_a_list_down_and_the_back_button_takes_them_back(page: Page) -> None:
    page.goto("/list")
    page.get_by_role("link", name="Claims", exact=True).click()
    members = page.get_by_role("status")
    expect(members).to_contain_text("232 in all")
    page.locator("dl.facets").get_by_role("link", name="possible", exact=True).click()
    expect(members).to_contain_text("7 in all")
    page.get_by_role("link", name=re.compile("Name")).click()
    assert "certainty=possible" in page.url
    assert "sort=-name" in page.url
    page.go_back()
    page.go_back()
    expect(members).to_contain_text("232 in all")
    page.go_forward()
    expect(members).to_contain_text("7 in all")
    page.get_by_role("link", name="remove").click()
    expect(members).to_contain_text("232 in all")


def test_frameworks_are_compared_and_the_table_is_taken_home(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Frameworks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Frameworks side by side")
    header = page.get_by_role("table").first.get_by_role("columnheader")
    expect(header).to_have_count(3)
    page.get_by_label("First framework").select_option(label="National Internal Security Policy")
    page.get_by_label("Second framework").select_option(label="National Action Plan")
    page.get_by_role("button", name="Compare").click()
    expect(header.nth(1)).to_have_text("National Internal Security Policy")
    href = page.get_by_role("link", name="Download CSV").get_attribute("href")
    assert href
    answer = page.request.get(href)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "national-internal-security-policy" in answer.text()


def test_the_timeline_says_in_words_what_it_draws(page: Page) -> None:
    page.goto("/timeline")
    picture = page.get_by_role("img", name=re.compile("Timeline of events"))
    expect(picture).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("First day that fits")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Statements", exact=True)).to_be_visible()


def test_an_answer_is_reached_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/frameworks")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("First framework")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Compare")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/frameworks?first=*")
    expect(page.get_by_role("heading", name="Goals")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/page/pakistan", "/list/claims", "/frameworks"])
def test_what_has_the_focus_shows_it(scripted: Page, path: str) -> None:
    scripted.goto(path)
    for _ in range(MOST_TABS):
        scripted.keyboard.press("Tab")
        if scripted.evaluate("document.activeElement === document.body"):
            break
        assert scripted.evaluate(FOCUS_SHOWN), scripted.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )


def test_urdu_runs_from_right_to_left_and_stays(page: Page) -> None:
    page.goto("/page/pakistan")
    page.get_by_role("link", name="اردو").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_have_text("پاکستان")
    navigation = page.locator("header nav")
    brand, first = (
        page.locator("header a.brand").bounding_box(),
        navigation.get_by_role("link").first.bounding_box(),
    )
    last = navigation.get_by_role("link").nth(1).bounding_box()
    assert brand
    assert first
    assert last
    assert first["x"] > last["x"]
    navigation.get_by_role("link", name="سفارشات").click()
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    # An English sentence keeps its full stop at its own end.
    cell = page.locator("th[scope=row] bdi").first
    assert cell.evaluate("element => getComputedStyle(element).unicodeBidi") == "isolate"
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_editor_speaks_urdu_and_code_stays_from_left_to_right(scripted: Page) -> None:
    require("frontend", BUILT.is_file(), "there is no bundle: make assets")
    scripted.goto("/sparql?lang=ur")
    expect(scripted.get_by_label("اصطلاح تلاش کریں")).to_be_visible(timeout=60_000)
    field = scripted.get_by_role("textbox", name="استفسار")
    assert field.evaluate("element => getComputedStyle(element).direction") == "ltr"
    scripted.get_by_role("button", name="چلائیں").click()
    expect(scripted.locator("p.count[role=status]")).to_contain_text("قطاریں", timeout=60_000)
    expect(scripted.get_by_role("button", name="CSV ڈاؤن لوڈ کریں")).to_be_visible()


def test_the_picture_keeps_urdu_from_step_to_step(scripted: Page) -> None:
    require("frontend", BUILT.is_file(), "there is no bundle: make assets")
    scripted.goto("/picture?start=national-internal-security-policy&lang=ur")
    expect(scripted.locator(".canvas")).to_have_attribute("data-ready", "true", timeout=60_000)
    scripted.locator("a[data-step=pakistan]").click()
    expect(scripted).to_have_url(re.compile("open=pakistan.*lang=ur"))
    expect(scripted.get_by_role("link", name="پاکستان کو سمیٹیں")).to_be_visible()
    expect(scripted.locator(".legend")).to_contain_text("ملک")


def test_someone_who_knows_no_rdf_finds_quotes_and_cites(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Recommendations", exact=True).click()
    row = page.get_by_role("row", name=re.compile("internal security adviser")).first
    expect(row.get_by_role("link", name="Pakistan’s policymakers", exact=True)).to_be_visible()
    expect(row.locator("q").first).to_be_visible()
    # The table is what a spreadsheet shows: names in place of addresses, one row a passage.
    href = page.get_by_role("link", name="Download CSV").get_attribute("href")
    assert href
    lines = page.request.get(href).text().splitlines()
    assert lines[0].startswith("recommendation,statement,addresseeLabel,")
    assert all("Pakistan’s policymakers" in line for line in lines[1:])
    page.get_by_role("main").get_by_role("link", name="Cite").click()
    cited = page.locator(".citation")
    expect(cited).to_be_in_viewport()
    expect(cited).to_contain_text(re.compile(r"“Recommendations”.*version \d+.*/recommendations"))
    row.get_by_role("link").first.click()
    expect(page.locator("#this-claim")).to_be_visible()
    expect(page.locator(".claim q").first).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Dataset").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_urdu_name_stands_right_in_an_english_page(page: Page) -> None:
    page.goto("/page/pakistan")
    name = page.locator("bdi[lang=ur]").first
    expect(name).to_have_text("پاکستان")
    assert name.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_no_page_asks_another_server_or_complains(scripted: Page) -> None:
    # The fixture judges. The browser itself complains of a page with the status of an error.
    for path in PAGES.values():
        if scripted.request.get(path).status == 200:
            scripted.goto(path)


def test_the_words_of_the_source_are_linked_to(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/page/usip-charting-pakistan-c035")
    links = page.get_by_role("link", name="these words on the source’s page")
    href = links.first.get_attribute("href")
    assert href
    assert "#:~:text=" in href
