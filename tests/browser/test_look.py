"""How pages look: light and dark, on paper, in Urdu, and how much a first visit loads."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import Response
from requirements import require

BUILT = Path(__file__).parents[2] / "server" / "assets" / "built" / "manifest.json"
MOST = 100_000  # bytes over the wire of a first visit
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def bundled() -> None:
    require("frontend", BUILT.is_file(), "there is no bundle: make assets")


def test_colours_follow_the_system(page: Page) -> None:
    context = page.context
    assert context.browser is not None
    page.goto("/page/national-action-plan")
    page.emulate_media(color_scheme="light")
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    assert (light, page.evaluate(BACKGROUND)) == ("rgb(253, 252, 250)", "rgb(25, 26, 28)")


@pytest.mark.usefixtures("bundled")
def test_a_printed_page_says_where_and_when_it_is_from(scripted: Page, site: str) -> None:
    scripted.goto("/page/national-action-plan")
    printed = scripted.locator(".printed")
    assert not printed.is_visible()
    scripted.emulate_media(media="print", color_scheme="dark")
    scripted.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert re.fullmatch(
        rf"Address: {re.escape(site)}/page/national-action-plan; printed on \d{{4}}-\d\d-\d\d",
        printed.inner_text(),
    )
    assert "SHA-256" in scripted.locator("footer").inner_text()
    assert scripted.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    for hidden in ("Main", "On this page"):
        assert not scripted.get_by_role("navigation", name=hidden).is_visible()
    assert not scripted.get_by_role("search").is_visible()
    assert scripted.evaluate("document.documentElement.scrollWidth") <= 1280
    assert len(scripted.pdf(format="A4")) > 10_000


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("path", ["/page/national-action-plan", "/page/pakistan"])
def test_a_first_visit_is_light(scripted: Page, path: str) -> None:
    answers: list[Response] = []
    scripted.on("response", lambda answer: answers.append(answer))
    scripted.goto(path, wait_until="networkidle")
    for answer in answers:
        if "/assets/built/" in answer.url:
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    sizes = {answer.url: answer.request.sizes() for answer in answers}
    loaded = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes.values())
    assert loaded < MOST, sizes


@pytest.mark.usefixtures("bundled")
def test_the_face_for_urdu_is_loaded_for_urdu_only(scripted: Page) -> None:
    fonts: list[str] = []
    scripted.on(
        "response",
        lambda answer: fonts.append(answer.url) if answer.url.endswith(".woff2") else None,
    )
    for path in ("/queries", "/recommendations", "/picture?start=national-action-plan"):
        scripted.goto(path, wait_until="networkidle")
        assert fonts == []
    scripted.goto("/page/pakistan", wait_until="networkidle")
    assert len(fonts) == 1


@pytest.mark.parametrize("path", ["/recommendations", "/frameworks"])
def test_a_table_becomes_blocks_on_a_narrow_screen(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    cell = page.locator("td[data-label]").first
    box = cell.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    label = "getComputedStyle(e, '::before').content"
    told = cell.evaluate(f"e => {label} === JSON.stringify(e.dataset.label)")
    assert told


def test_motion_is_reduced_on_request(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    moving = page.evaluate(
        "document.getAnimations().length + [...document.querySelectorAll('*')]"
        ".filter(e => getComputedStyle(e).scrollBehavior === 'smooth').length"
    )
    assert moving == 0
    context.close()
