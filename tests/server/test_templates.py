"""What every page has: landmarks, names, safe markup, readable colours, and no dead ends."""

import re
from collections import deque
from importlib.resources import files
from urllib.parse import urldefrag
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.errors import StoreMissing
from kg.settings import Settings
from server.app import create_app
from tests.server.html_page import Element
from tests.server.html_page import parse

PAGES = [
    ("/", 200),
    ("/page/national-action-plan", 200),
    ("/page/usip-charting-pakistan", 200),
    ("/page/usip-charting-pakistan-text", 200),
    ("/page/raza-ahmad-rumi", 200),
    ("/page/topic/counterterrorism", 200),
    ("/page/graph/derived", 200),
    ("/page/nothing", 404),
    ("/ontology", 200),
    ("/ontology/Claim", 200),
    ("/ontology/certain", 200),
    ("/ontology/hasGoal", 200),
    ("/ontology/1.0.0", 200),
    ("/ontology/9.9", 404),
    ("/reports/usip-charting-pakistan/coverage", 200),
    ("/reports/nothing/coverage", 404),
    ("/queries", 200),
    ("/queries/recommendations", 200),
    ("/queries/framework-goals", 200),
    ("/queries/framework-goals?framework=x", 400),
    ("/queries/frameworks-compared?view=form", 200),
    ("/queries/claims-about-entity?view=sparql", 200),
    ("/queries?q=goal", 200),
    ("/api", 200),
    ("/recommendations", 200),
    ("/frameworks", 200),
    ("/frameworks?first=x", 400),
    ("/certainty", 200),
    ("/certainty?show=silent", 200),
    ("/timeline", 200),
    ("/actors", 200),
    ("/list", 200),
    ("/list/claims", 200),
    ("/list/events?year=2014", 200),
    ("/list/claims?sort=x", 400),
    ("/search", 200),
    ("/search?q=plan", 200),
    ("/search?q=%3Cscript%3E", 200),
    ("/sparql", 200),
    ("/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+2", 200),
    ("/sparql?query=ASK+%7B%7D", 200),
    ("/sparql?query=DESCRIBE+%3Chttps://w3id.org/policykg/id/pakistan%3E", 200),
    ("/sparql?query=SELEC", 400),
    ("/nothing", 404),
]
CRAWLED = 700  # pages


def page(client: FlaskClient, path: str, status: int) -> Element:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    text = response.get_data(as_text=True)
    assert text.startswith("<!doctype html>\n")
    return parse(text)


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_has_landmarks_and_one_name(client: FlaskClient, path: str, status: int) -> None:
    shown = page(client, path, status)
    assert shown.one("html").attributes["lang"] == "en"
    body = [child for child in shown.one("body").children if isinstance(child, Element)]
    assert (body[0].name, body[0].attributes["href"]) == ("a", "#main")
    assert shown.one("main").attributes["id"] == "main"
    name = shown.one("h1").text
    assert shown.one("main").one("h1").text == name
    assert shown.one("header").one("nav").attributes == {"aria-label": "Main"}
    search = shown.one("form", role="search")
    assert [control.attributes["name"] for control in search.all("input")] == ["q"]
    assert search.one("label").text == "Search"
    if path != "/":
        assert shown.one("title").text.startswith(name)
    assert shown.one("title").text.endswith(" – policykg")
    assert "CC BY 4.0" in shown.one("footer").text
    assert len(shown.all("div", role="alert")) == (0 if status == 200 else 1)


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_has_no_code_of_its_own(client: FlaskClient, path: str, status: int) -> None:
    shown = page(client, path, status)
    assert shown.all("style") == []
    for script in shown.code():
        # A block of data is not run; what runs is a file of ours.
        if script.attributes.get("type") != "application/ld+json":
            assert script.attributes["type"] == "module"
            assert script.attributes["src"].startswith("/assets/built/")
    elements = list(shown.below())
    assert len(elements) > 20
    for element in elements:
        assert not [name for name in element.attributes if name == "style" or name[:2] == "on"]
    sheets = [link.attributes["href"] for link in shown.all("link", rel="stylesheet")]
    assert set(sheets[1:]) <= {"/assets/asking.css"}
    assert re.fullmatch(r"/assets/(style|built/site-[A-Z0-9]{8})\.css", sheets[0])


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_can_be_read_by_machine_and_ear(client: FlaskClient, path: str, status: int) -> None:
    shown = page(client, path, status)
    identifiers = [e.attributes["id"] for e in shown.below() if "id" in e.attributes]
    assert len(identifiers) == len(set(identifiers))
    for element in shown.below():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            if name in element.attributes:
                assert element.attributes[name] in identifiers
    for kind in ("input", "select", "textarea"):
        for control in shown.all(kind):
            if control.attributes.get("type") == "hidden":
                continue
            assert len(shown.all("label", for_=control.attributes["id"])) == 1
    for link in (*shown.all("a"), *shown.all("button")):
        assert link.text
    for table in shown.all("table"):
        assert [th.attributes["scope"] for th in table.one("thead").all("th")]
    levels = [int(e.name[1]) for e in shown.below() if re.fullmatch("h[1-6]", e.name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_following_links_from_the_first_page_meets_no_dead_end(client: FlaskClient) -> None:
    todo = deque(["/"])
    seen = {"/"}
    pages = 0
    kinds: set[str] = set()
    while todo and pages < CRAWLED:
        address = todo.popleft()
        response = client.get(address, headers={"Accept": "text/html,*/*;q=0.1"})
        assert response.status_code in (200, 303), address
        pages += 1
        kinds.add(address.split("/")[1].partition("?")[0])
        targets = [response.headers["Location"]] if response.status_code == 303 else []
        if response.mimetype == "text/html" and response.status_code == 200:
            shown = parse(response.get_data(as_text=True))
            identifiers = {e.attributes.get("id") for e in shown.below()}
            for link in (*shown.all("a"), *shown.all("link")):
                absolute = urljoin(address, link.attributes["href"])
                target, fragment = urldefrag(absolute)
                if target.startswith(("http://", "https://")):
                    continue
                assert target.startswith("/"), f"{absolute} on {address}"
                if target == address and fragment:
                    assert fragment in identifiers, f"#{fragment} on {address}"
                targets.append(target)
        response.close()
        for target in targets:
            # The queries behind the sections are tried with the pages of the things, and pages in
            # other languages lead to what those in English lead to.
            if target not in seen and not target.startswith("/sparql?") and "lang=" not in target:
                seen.add(target)
                todo.append(target)
    assert {"page", "ontology", "queries", "data", "sparql", ".well-known", "assets"} <= kinds
    assert {"list", "recommendations", "frameworks", "certainty", "timeline", "actors"} <= kinds
    assert {"picture", "cite", "timeline.svg", "actors.csv"} <= kinds
    assert pages == CRAWLED


def test_pages_without_a_graph_say_that_there_is_none(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: EmbeddedEngine) -> None:
        raise StoreMissing("No graph has been built here")

    client = create_app(Settings(), engine).test_client()
    monkeypatch.setattr(EmbeddedEngine, "version", missing)
    shown = page(client, "/", 503)
    assert shown.one("h1").text == "No graph has been built"
    assert "Version" not in shown.one("footer").text


def _colours() -> list[dict[str, str]]:
    sheet = files("server").joinpath("assets", "style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    schemes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    return [scheme for scheme in schemes if scheme]


def _luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_texts_can_be_read_in_light_and_dark() -> None:
    schemes = _colours()
    assert len(schemes) == 2
    inks = {"ink", "soft", "link", "visited", "certain", "probable", "possible", "unclear"}
    for scheme in schemes:
        assert inks | {"paper", "panel", "alert", "alert-panel"} <= set(scheme)
        for ink in inks:
            for paper in ("paper", "panel"):
                # WCAG 2.2, 1.4.3: 4.5 to 1 for text of any size.
                assert _contrast(scheme[ink], scheme[paper]) >= 4.5, (ink, paper, scheme)
        assert _contrast(scheme["alert"], scheme["alert-panel"]) >= 4.5
        # 1.4.11: 3 to 1 for what shows the focus.
        assert _contrast(scheme["focus"], scheme["paper"]) >= 3
