"""The page on links: counts, coverage, conflicts, gaps, and how good suggestions are."""

import re
from pathlib import Path

from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from small import SmallReport

from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import GRAPH
from kg.namespaces import ID
from kg.namespaces import PREFIXES
from kg.settings import Settings
from server.app import create_app


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_counts_covers_and_measures(client: FlaskClient) -> None:
    response = client.get("/links")
    assert response.status_code == 200
    shown = text(response.text)
    assert "169 links join the things of the graph to those of others." in shown
    assert "137 were read a second time, against the file of the target." in shown
    assert "Country 10 10 0 0" in shown
    assert "Person 5 1 4 0" in shown
    assert "Nothing: every country, region," in shown
    assert "None: no link contradicts another" in shown
    assert re.search(
        r"EuroVoc, English and French Suggester of links: precision 0\.\d\d \d+ of", shown
    )
    assert "May be passed on under its own licence" in shown
    assert 'href="/mappings.sssom.tsv"' in response.text


def test_a_parameter_is_refused(client: FlaskClient) -> None:
    assert client.get("/links?page=2").status_code == 400


def test_a_graph_without_links_says_so(small: SmallReport, no_java: None) -> None:
    build(small.settings, Options(layout=small.layout))
    engine = EmbeddedEngine(small.data)
    shown = text(create_app(small.settings, engine).test_client().get("/links").text)
    engine.close()
    assert "0 links join" in shown
    assert "Nothing is linked." in shown
    assert "It was not measured" in shown
    assert "nothing yet" in shown


def test_conflicts_are_shown_and_hostile_text_is_only_text(
    small: SmallReport, no_java: None, tmp_path: Path
) -> None:
    build(small.settings, Options(layout=small.layout))
    sssom, graph = PREFIXES["sssom"], NamedNode(GRAPH + "links")

    def mapping(name: str, subject: str) -> list[Quad]:
        node = NamedNode(ID + name)
        said = {
            "subject_id": NamedNode(ID + subject),
            "predicate_id": NamedNode(PREFIXES["schema"] + "sameAs"),
            "object_id": NamedNode("https://x.example/1"),
            "mapping_justification": NamedNode(PREFIXES["semapv"] + "ManualMappingCuration"),
            "confidence": Literal(1),
            "comment": Literal("=<script>alert(1)</script>"),
        }
        kind = Quad(node, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(sssom + "Mapping"), graph)
        return [
            kind,
            *(Quad(node, NamedNode(sssom + key), value, graph) for key, value in said.items()),
        ]

    quads = [*mapping("m1", "a"), *mapping("m2", "b")]
    VersionWriter(small.data).change(lambda store, last: store.extend(quads) or {"by": "test"})
    engine = EmbeddedEngine(small.data)
    client = create_app(Settings(data=small.data), engine).test_client()
    page, table = client.get("/links").text, client.get("/mappings.sssom.tsv").text
    engine.close()
    assert "id:b and id:a become the same by way of https://x.example/1" in text(page)
    assert "<script>alert(1)" not in page
    # A spreadsheet must not run what somebody wrote into the graph.
    assert "\t'=<script>" in table
