"""The picture to explore, in a real browser: by mouse and keyboard, exported and shared."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect
from requirements import require

BUILT = Path(__file__).parents[2] / "server" / "assets" / "built" / "manifest.json"
NISP = "/picture?start=national-internal-security-policy"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def explorer(scripted: Page) -> Page:
    """Return a page with the picture of a framework, drawn."""
    require("frontend", BUILT.is_file(), "there is no bundle: make assets")
    scripted.goto(NISP)
    expect(canvas(scripted)).to_have_attribute("data-ready", "true")
    return scripted


def canvas(page: Page) -> Locator:
    return page.get_by_role("application", name=re.compile("^Picture of the links around"))


def rows(page: Page, heading: str) -> Locator:
    section = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    return section.locator("tbody tr")


def test_a_click_in_the_table_expands_and_back_undoes_it(explorer: Page) -> None:
    before = rows(explorer, "Things").count()
    explorer.get_by_role("link", name="Expand Pakistan", exact=True).click()
    expect(explorer).to_have_url(re.compile("open=pakistan$"))
    expect(explorer.get_by_role("link", name="Collapse Pakistan")).to_be_focused()
    assert rows(explorer, "Things").count() > before
    explorer.go_back()
    expect(rows(explorer, "Things")).to_have_count(before)


def test_the_keyboard_goes_from_thing_to_thing_and_expands(explorer: Page) -> None:
    told = explorer.locator(".selected")
    expect(told).to_contain_text("National Internal Security Policy – policy framework")
    canvas(explorer).focus()
    start = told.inner_text()
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        explorer.keyboard.press(key)
        if told.inner_text() != start:
            break
    name = told.inner_text().partition(" – ")[0]
    assert not name.startswith("National Internal Security Policy")
    before = rows(explorer, "Things").count()
    explorer.keyboard.press("Enter")
    expect(explorer).to_have_url(re.compile("open="))
    assert rows(explorer, "Things").count() >= before
    expect(told).to_contain_text(name)
    expect(explorer.get_by_role("link", name=f"Collapse {name}", exact=True)).to_be_visible()
    for key in ("+", "-", "0"):
        explorer.keyboard.press(key)
    explorer.keyboard.press("o")
    expect(explorer.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_filter_changes_picture_and_tables(explorer: Page) -> None:
    explorer.get_by_text("Filter by kind and certainty").click()
    explorer.get_by_role("checkbox", name=re.compile("unclear")).check()
    expect(rows(explorer, "Links")).to_have_count(1)
    expect(rows(explorer, "Things")).to_have_count(2)
    expect(explorer).to_have_url(re.compile("certainty=unclear"))
    expect(explorer.get_by_role("checkbox", name=re.compile("unclear"))).to_be_focused()


def test_the_picture_is_taken_home(explorer: Page, tmp_path: Path) -> None:
    with explorer.expect_download() as png:
        explorer.get_by_role("button", name="Export PNG").click()
    assert png.value.suggested_filename == "policykg-national-internal-security-policy.png"
    png.value.save_as(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(PNG)
    with explorer.expect_download() as svg:
        explorer.get_by_role("button", name="Export SVG").click()
    svg.value.save_as(tmp_path / "picture.svg")
    drawn = ElementTree.parse(tmp_path / "picture.svg").getroot()
    texts = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert texts == set(rows(explorer, "Things").locator("th").all_inner_texts())


def test_a_shared_link_shows_the_same_elsewhere(
    explorer: Page, browser: Browser, site: str
) -> None:
    explorer.get_by_role("link", name="Expand National Action Plan", exact=True).click()
    expect(explorer).to_have_url(re.compile("open=national-action-plan$"))
    explorer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer.get_by_role("button", name="Share").click()
    expect(explorer.locator(".selected")).to_have_text("The link is copied.")
    address = explorer.evaluate("navigator.clipboard.readText()")
    for javascript in (True, False):
        context = browser.new_context(java_script_enabled=javascript)
        other = context.new_page()
        other.goto(address)
        expect(rows(other, "Links")).to_have_count(rows(explorer, "Links").count())
        context.close()


def test_without_javascript_it_is_drawn_and_expanded_by_links(page: Page) -> None:
    page.goto(NISP)
    expect(page.get_by_role("img", name=re.compile("^Picture of the links"))).to_be_visible()
    expect(page.get_by_role("button", name="Export PNG")).to_be_hidden()
    page.get_by_role("link", name="Expand Pakistan", exact=True).click()
    page.get_by_text("Filter by kind and certainty").click()
    page.get_by_role("checkbox", name=re.compile("^situation")).check()
    page.get_by_role("button", name="Filter").click()
    assert page.url.endswith(
        "?start=national-internal-security-policy&open=pakistan&kind=Situation"
    )
    expect(page.get_by_role("link", name="Collapse Pakistan")).to_be_visible()
