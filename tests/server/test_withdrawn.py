"""Things that were withdrawn or merged: told by the data alone, on every address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import DCTERMS
from kg.namespaces import ID
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.settings import Settings
from server.app import create_app
from tests.server.reading import page


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of a graph with a thing in use, and with withdrawn and merged ones."""
    graph = NamedNode("https://w3id.org/policykg/graph/test")
    true = Literal(True)
    said = [
        ("new", RDFS + "label", Literal("New", language="en")),
        ("new", RDF + "type", NamedNode(POL + "Policy")),
        ("merged", OWL + "deprecated", true),
        ("merged", DCTERMS + "isReplacedBy", NamedNode(ID + "new")),
        ("withdrawn", OWL + "deprecated", true),
        ("withdrawn", RDFS + "label", Literal("Old <plan>", language="en")),
        ("withdrawn", DCTERMS + "isReplacedBy", NamedNode(ID + "new")),
        ("lost", OWL + "deprecated", true),
        # A policy that another one followed is not withdrawn from the graph.
        ("former", RDFS + "label", Literal("Former", language="en")),
        ("former", DCTERMS + "isReplacedBy", NamedNode(ID + "new")),
    ]
    quads = [Quad(NamedNode(ID + s), NamedNode(p), o, graph) for s, p, o in said]
    data = tmp_path_factory.mktemp("withdrawn") / "data"

    def no_dumps(folder: Path) -> None:
        assert folder.is_dir()

    VersionWriter(data).publish(quads, "0" * 64, no_dumps)
    engine = EmbeddedEngine(data)
    yield create_app(Settings(data=data), engine).test_client()
    engine.close()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/id/merged", "/id/new"),
        ("/page/merged", "/page/new"),
        ("/data/merged.ttl", "/data/new.ttl"),
    ],
)
def test_merged_thing_leads_on(changed: FlaskClient, path: str, target: str) -> None:
    response = changed.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, target)
    assert response.content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["/id/withdrawn", "/page/withdrawn", "/data/withdrawn.ttl"])
def test_withdrawn_thing_is_gone_and_says_what_replaced_it(changed: FlaskClient, path: str) -> None:
    shown = page(changed, path, 410)
    assert shown.one("h1").text == "Withdrawn"
    alert = shown.one("div", role="alert").text
    assert "Old <plan> was withdrawn from the graph." in alert
    assert "It was replaced by /" in alert
    assert "new" in alert


def test_withdrawn_without_successor_says_so(changed: FlaskClient) -> None:
    alert = page(changed, "/page/lost", 410).one("div", role="alert").text
    assert "Nothing stands in its place." in alert


def test_replaced_policy_keeps_its_page(changed: FlaskClient) -> None:
    assert page(changed, "/page/former").one("h1").text == "Former"
    assert changed.get("/data/former.ttl").status_code == 200
