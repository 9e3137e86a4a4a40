"""Pages of data that is hostile or huge: text stays text, and every page is bounded."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.settings import Settings
from server.app import create_app
from tests.server.html_page import parse
from tests.server.reading import page
from tests.server.reading import rows

HOSTILE = ID + "hostile"
HUB = ID + "hub"
MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'&amp;"
LINKS = 10_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of a graph with hostile values, and with a thing that 10,000 others name."""
    graph = NamedNode("https://w3id.org/policykg/graph/test")
    thing, hub = NamedNode(HOSTILE), NamedNode(HUB)
    names = NamedNode(POL + "addresses")
    quads = [
        Quad(thing, NamedNode(RDFS + "label"), Literal(MARKUP, language="en"), graph),
        Quad(thing, NamedNode(RDFS + "label"), Literal("نام", language="ur"), graph),
        Quad(thing, NamedNode(RDF + "type"), NamedNode("javascript:alert(2)"), graph),
        Quad(thing, NamedNode("data:text/html,x"), NamedNode("data:text/html,y"), graph),
        Quad(thing, NamedNode(POL + "concerns"), NamedNode("JAVASCRIPT:alert(3)"), graph),
        Quad(thing, NamedNode(POL + "quote"), Literal("x" * 1_000_000), graph),
        Quad(thing, NamedNode(POL + "related"), thing, graph),
        Quad(thing, NamedNode(POL + "when"), Literal("not a time"), graph),
        Quad(thing, NamedNode(POL + "unlabelled"), NamedNode(ID + "nameless"), graph),
    ]
    for number in range(LINKS):
        other = NamedNode(f"{ID}other-{number:05}")
        quads.append(Quad(other, names, hub, graph))
        quads.append(Quad(hub, NamedNode(POL + "affects"), other, graph))
    data = tmp_path_factory.mktemp("hostile") / "data"

    def no_dumps(folder: Path) -> None:
        assert folder.is_dir()

    VersionWriter(data).publish(quads, "0" * 64, no_dumps)
    engine = EmbeddedEngine(data)
    yield create_app(Settings(data=data, page_cache_mb=0), engine).test_client()
    engine.close()


def test_hostile_values_stay_text(hostile: FlaskClient) -> None:
    response = hostile.get("/page/hostile", headers={"Accept": "text/html"})
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    shown = parse(text)
    (script,) = shown.code()
    assert script.attributes == {"type": "application/ld+json"}
    assert json.loads(script.text)["name"] == {"@value": MARKUP, "@language": "en"}
    assert {image.attributes["src"] for image in shown.all("img")} <= {"/picture/hostile.svg"}
    assert shown.one("h1").text == MARKUP
    assert shown.one("title").text == f"{MARKUP} – policykg"
    addresses = [link.attributes["href"] for link in shown.all("a")]
    schemes = {address.partition(":")[0].lower() for address in addresses if ":" in address}
    assert schemes <= {"http", "https", "/sparql?query=prefix+pol%3a+%3chttps"}
    assert not [a for a in addresses if re.match(r"\s*(javascript|data|vbscript):", a, re.I)]
    assert "javascript:alert(2)" in shown.one("p", class_="kicker").text
    assert "نام" in [bdi.text for bdi in shown.all("bdi", lang="ur")]
    assert len(text) < 100_000


def test_thing_without_label_goes_by_its_slug(hostile: FlaskClient) -> None:
    assert page(hostile, "/page/nameless").one("h1").text == "nameless"


def test_all_links_to_a_hub_can_be_reached_and_no_page_is_large(hostile: FlaskClient) -> None:
    address: str | None = "/page/hub"
    found: list[str] = []
    pages = 0
    while address:
        shown = page(hostile, address.partition("#")[0])
        section = shown.section("Incoming links")
        found += [link.attributes["href"] for link in section.one("ul", class_="others").all("a")]
        pages += 1
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else None
        if pages == 1:
            assert "More than 1,000 statements lead here" in section.text
            assert "1 to 100." in section.text
    assert pages == LINKS // Settings().page_rows
    assert sorted(found) == [f"/page/other-{number:05}" for number in range(LINKS)]


def test_all_statements_of_a_hub_can_be_reached(hostile: FlaskClient) -> None:
    found: list[str] = []
    for number in range(1, LINKS // 100 + 1):
        section = page(hostile, f"/page/hub?statements={number}").section("Statements")
        found += [value for value, _ in rows(section)["pol:affects"]]
    assert sorted(found) == [f"other-{number:05}" for number in range(LINKS)]
    assert section.all("a", rel="next") == []
    beyond = page(hostile, f"/page/hub?statements={LINKS // 100 + 1}").section("Statements")
    assert "There is nothing on this page." in beyond.text


def test_page_of_a_hub_takes_few_queries_and_few_rows(
    hostile: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []
    asked = EmbeddedEngine.rows

    def counted(self: EmbeddedEngine, query: Query) -> object:
        found = asked(self, query)
        answers.append(len(found))
        return found

    monkeypatch.setattr(EmbeddedEngine, "rows", counted)
    page(hostile, "/page/hub")
    assert len(answers) == 3
    # One more to know of a further page, and what stands at the top.
    assert max(answers) <= Settings().page_rows + 3
