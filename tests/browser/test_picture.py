"""The picture to explore, in a real browser: by mouse and keyboard, exported and shared."""

import json
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
    texts = {"".join(text.itertext()) for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    names = rows(explorer, "Things").locator("th").all_text_contents()
    assert texts == {name.strip() for name in names}


def crowd(hubs: int, things: int) -> str:
    """Return a picture as data: ``things`` of six kinds, each linked with one of ``hubs``."""
    nodes = [
        {
            "name": f"n{number}",
            "label": f"Thing {number} of the picture, with a name of some length",
            "kind": f"kind {number % 6}",
            "shape": ("ellipse", "rectangle", "triangle", "star", "hexagon", "diamond")[number % 6],
            "hue": number % 5,
            "links": things // hubs if number < hubs else 1,
            "opened": number < hubs,
            "page": f"/page/n{number}",
            "change": None,
        }
        for number in range(things)
    ]
    links = [
        {
            "start": "n0" if number < hubs else f"n{number % hubs}",
            "end": f"n{number}",
            "relation": "concerns",
            "certainty": "certain",
            "negated": False,
        }
        for number in range(1, things)
    ]
    return json.dumps({"start": "n0", "nodes": nodes, "links": links, "more": []})


# The boxes of the names that are shown, in pixels, by the names of the things; and whether the
# letters stay within the width of theirs.
NAMED = """element => Object.fromEntries(element._cyreg.cy.nodes(".named").map(node => {
  const [left, top, right, bottom] = node.scratch("named");
  const width = node._private.rstyle.labelWidth * node.cy().zoom();
  return [node.id(), [left, top, right, bottom, width - (right - left)]];
}))"""


def named(page: Page) -> dict[str, list[float]]:
    page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
    page.wait_for_timeout(300)
    boxes: dict[str, list[float]] = canvas(page).evaluate(NAMED)
    return boxes


@pytest.mark.parametrize(("hubs", "width"), [(1, 1280), (9, 1280), (9, 360)])
def test_names_can_be_read_among_five_hundred_things(scripted: Page, hubs: int, width: int) -> None:
    require("frontend", BUILT.is_file(), "there is no bundle: make assets")
    scripted.set_viewport_size({"width": width, "height": 900})
    scripted.route("**/picture.json*", lambda route: route.fulfill(body=crowd(hubs, 500)))
    scripted.goto(NISP)
    expect(canvas(scripted)).to_have_attribute("data-ready", "true", timeout=60_000)
    boxes = named(scripted)
    # What is linked the most has its name, and more have on a screen with room for them.
    assert {f"n{number}" for number in range(hubs)} <= set(boxes)
    assert len(boxes) >= hubs + (10 if width > 1000 else 0)
    apart = [
        one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        for name, one in boxes.items()
        for another, other in boxes.items()
        if name < another
    ]
    assert all(apart)
    assert all(box[4] < 4 for box in boxes.values())
    # From nearer there is room for the names of others, around what the keyboard goes to.
    for _ in range(12):
        scripted.get_by_role("button", name="Zoom in").click()
    canvas(scripted).focus()
    scripted.keyboard.press("ArrowUp")
    assert set(named(scripted)) - set(boxes)


def test_a_legend_says_what_shapes_and_lines_mean(explorer: Page) -> None:
    legend = explorer.locator(".legend")
    expect(legend).to_contain_text("policy framework")
    expect(legend).to_contain_text("recorded, not claimed")
    explorer.get_by_text("Filter by kind and certainty").click()
    explorer.get_by_role("checkbox", name=re.compile("unclear")).check()
    expect(legend).not_to_contain_text("recorded, not claimed")


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
