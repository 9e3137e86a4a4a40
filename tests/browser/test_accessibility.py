"""axe finds nothing on any type of page, in light and in dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page

PAGES = {
    "home": "/",
    "framework": "/page/national-action-plan",
    "country": "/page/pakistan",
    "claim": "/page/usip-charting-pakistan-c035",
    "passage": "/page/usip-charting-pakistan-p016",
    "topic": "/page/topic/counterterrorism",
    "graph": "/page/graph/derived",
    "coverage": "/reports/usip-charting-pakistan/coverage",
    "ontology": "/ontology",
    "class": "/ontology/Claim",
    "property": "/ontology/certainty",
    "catalogue": "/queries",
    "question": "/queries/framework-factors",
    "question as a form": "/queries/frameworks-compared?view=form",
    "question in SPARQL": "/queries/claims-about-entity?view=sparql",
    "wrong value": "/queries/on-a-day?day=never",
    "interface": "/api",
    "sparql": "/sparql",
    "answer": "/sparql?format=html&query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+5",
    "error": "/page/no-such-thing",
    "changes": "/changes",
    "recommendations": "/recommendations",
    "frameworks": "/frameworks",
    "certainty": "/certainty",
    "timeline": "/timeline",
    "actors": "/actors",
    "lists": "/list",
    "list": "/list/claim",
    "search": "/search?q=madrassa",
    "picture": "/picture?start=national-action-plan&open=pakistan",
    "where a picture starts": "/picture",
    "licences": "/about/licences",
    "reconciliation": "/reconcile",
}
# Types of pages from right to left: one with each sort of content.
URDU = (
    *("home", "claim", "question as a form", "sparql"),
    *("recommendations", "picture", "reconciliation", "error"),
)
# WCAG 2.2 A and AA, and what axe holds for good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    # axe is a script that the page's own policy would rightly refuse.
    context = browser.new_context(base_url=site, bypass_csp=True, color_scheme=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing(scheme: Page, kind: str) -> None:
    scheme.goto(PAGES[kind])
    assert violations(scheme) == []


@pytest.mark.parametrize("kind", URDU)
def test_axe_finds_nothing_from_right_to_left(browser: Browser, site: str, kind: str) -> None:
    context = browser.new_context(base_url=site, bypass_csp=True, locale="ur-PK")
    page = context.new_page()
    page.goto(PAGES[kind])
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert violations(page) == []
    # Nothing sticks out to the left, where a page from right to left would scroll to.
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}: {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"][:3]
    ]
