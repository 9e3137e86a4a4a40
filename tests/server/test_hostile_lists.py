"""Lists, views, search and pictures of hostile or huge data: text stays text, pages are bounded."""

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
from kg.namespaces import ID
from kg.namespaces import ONTOLOGY
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.settings import Settings
from server.app import create_app
from tests.server.reading import page

MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0001'&amp;"
MEMBERS = 10_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of a graph with 10,000 actors, one of them with a hostile name."""
    graph = NamedNode("https://w3id.org/policykg/graph/test")
    quads = []

    def say(subject: str, predicate: str, value: NamedNode | Literal) -> None:
        quads.append(Quad(NamedNode(subject), NamedNode(predicate), value, graph))

    for name in ("Actor", "Event", "Claim"):
        say(POL + name, RDF + "type", NamedNode(OWL + "Class"))
        say(POL + name, RDFS + "label", Literal(name.lower(), language="en"))
        say(POL + name, RDFS + "isDefinedBy", NamedNode(ONTOLOGY))
    for number in range(MEMBERS):
        say(f"{ID}actor-{number:05}", RDF + "type", NamedNode(POL + "Actor"))
    say(ID + "hostile", RDF + "type", NamedNode(POL + "Actor"))
    say(ID + "hostile", RDF + "type", NamedNode(POL + "Event"))
    say(ID + "hostile", RDFS + "label", Literal(MARKUP, language="en"))
    say(ID + "hostile", POL + "earliest", Literal("not a date"))
    say(ID + "hostile", POL + "when", Literal("x" * 100_000))
    say(ID + "claim", POL + "statement", Literal(MARKUP, language="en"))
    say(ID + "claim", POL + "subject", NamedNode(ID + "hostile"))
    say(ID + "claim", POL + "object", NamedNode("javascript:alert(2)"))
    say("javascript:alert(2)", RDF + "type", NamedNode(POL + "Actor"))
    say(ID + "claim", POL + "predicate", NamedNode("data:text/html,x"))
    say(ID + "claim", POL + "certainty", NamedNode("javascript:alert(3)"))
    data = tmp_path_factory.mktemp("hostile-lists") / "data"

    def no_dumps(folder: Path) -> None:
        assert folder.is_dir()

    VersionWriter(data).publish(quads, "0" * 64, no_dumps)
    engine = EmbeddedEngine(data)
    yield create_app(Settings(data=data, page_cache_mb=0), engine).test_client()
    engine.close()


@pytest.mark.parametrize(
    "path",
    [
        "/list",
        "/list/events",
        "/list/actors",
        "/search?q=script",
        "/timeline",
        "/actors",
        "/certainty?show=hedged",
        "/recommendations",
        "/frameworks",
    ],
)
def test_hostile_values_stay_text(hostile: FlaskClient, path: str) -> None:
    shown = page(hostile, path)
    assert shown.code() == []
    for image in shown.all("img"):
        assert image.attributes["src"] in ("/actors.svg", "/timeline.svg")
    addresses = [link.attributes["href"] for link in shown.all("a")]
    assert not [a for a in addresses if re.match(r"\s*(javascript|data|vbscript):", a, re.I)]


@pytest.mark.parametrize(
    "path", ["/actors.svg", "/timeline.svg", "/picture/hostile.svg", "/picture.svg?start=hostile"]
)
def test_hostile_names_stay_text_in_pictures(hostile: FlaskClient, path: str) -> None:
    import xml.etree.ElementTree as ElementTree

    text = hostile.get(path).get_data(as_text=True)
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
    assert names <= {"svg", "title", "rect", "path", "a", "text", "circle", "defs", "marker"}
    assert 'href="javascript' not in text
    assert len(text) < 20_000


def test_every_member_of_a_large_class_can_be_reached(
    hostile: FlaskClient, answers: list[int]
) -> None:
    first = page(hostile, "/list/actors")
    assert "More than 1,000" in first.section("Members").text
    assert len(answers) <= 3
    assert max(answers) <= Settings().page_rows + 1
    found: list[str] = []
    address = "/list/actors"
    while address:
        section = page(hostile, address).section("Members")
        found += [row.one("th").text for row in section.one("tbody").all("tr")]
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else ""
    assert len(found) == len(set(found)) == MEMBERS + 2
    assert len(hostile.get("/list/actors.csv").data.splitlines()) >= MEMBERS + 3


def test_page_of_a_large_class_is_small(hostile: FlaskClient) -> None:
    assert len(hostile.get("/list/actors").data) < 60_000
