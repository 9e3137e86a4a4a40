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
from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_rdf

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.settings import Settings
from server.app import create_app
from server.statements import MOST
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
            assert "1 to 25." in section.text
    assert pages == LINKS // Settings().page_rows + 1
    assert sorted(found) == [f"/page/other-{number:05}" for number in range(LINKS)]


def test_all_statements_of_a_hub_can_be_reached(hostile: FlaskClient) -> None:
    found: list[str] = []
    for number in range(1, LINKS // 100 + 2):
        section = page(hostile, f"/page/hub?statements={number}").section("Statements")
        found += [value for value, _ in rows(section)["pol:affects"]]
    assert sorted(found) == [f"other-{number:05}" for number in range(LINKS)]
    assert section.all("a", rel="next") == []
    beyond = page(hostile, f"/page/hub?statements={LINKS // 100 + 2}").section("Statements")
    assert "There is nothing on this page." in beyond.text


def test_page_of_a_hub_takes_few_queries_and_few_rows(
    hostile: FlaskClient, answers: list[int]
) -> None:
    for address in ("/page/hub", "/page/hub?page=3", "/page/hub?statements=4&claims=2"):
        page(hostile, address)  # the names of properties are read once for each version
        answers.clear()
        page(hostile, address)
        assert len(answers) <= 2
        # One more to know of a further page, and what stands at the top.
        assert max(answers) <= Settings().page_rows + 30


@pytest.mark.parametrize("extension", ["nt", "ttl"])
def test_data_of_a_hub_comes_in_pages_that_name_the_next(
    hostile: FlaskClient, extension: str
) -> None:
    address, sizes = f"/data/hub.{extension}", []
    found: set[Quad] = set()
    tags = set()
    while address:
        response = hostile.get(address)
        assert response.status_code == 200
        form = RdfFormat.from_extension(extension)
        assert form
        part = set(parse_rdf(response.data, format=form))
        sizes.append(len(part))
        assert not found & part
        found |= part
        tags.add(response.headers["ETag"])
        again = hostile.get(address, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        links = response.headers.get("Link", "")
        assert ('rel="prev"' in links) == (len(sizes) > 1)
        following = re.search('<([^>]*)>; rel="next"', links)
        address = following[1] if following else ""
    assert sizes[:-1] == [MOST] * (len(sizes) - 1)
    assert len(tags) == len(sizes) == 2
    assert sum(quad.object == NamedNode(HUB) for quad in found) == LINKS
    assert len(found) == 2 * LINKS


def test_data_of_a_hub_beyond_its_last_page_is_not_there(hostile: FlaskClient) -> None:
    assert hostile.get("/data/hub.nt?page=9").status_code == 404
    assert hostile.get("/data/hub.nt?page=0").status_code == 400
    links = hostile.get("/data/hostile.nt").headers.get("Link", "")
    assert "next" not in links
    assert "prev" not in links


def test_a_client_is_sent_on_to_a_hub_without_reading_all_of_it(
    hostile: FlaskClient, answers: list[int]
) -> None:
    for accept, target in (("text/html", "/page/hub"), ("text/turtle", "/data/hub.ttl")):
        response = hostile.get("/id/hub", headers={"Accept": accept})
        assert (response.status_code, response.headers["Location"]) == (303, target)
    assert max(answers) <= 501
