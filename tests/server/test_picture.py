"""The picture to explore: page, data and drawing say the same, bounded, in any state."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

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
from tests.server.html_page import Element
from tests.server.reading import page

NISP = "/picture?start=national-internal-security-policy"
MARKUP = "\"><script>alert(1)</script>\u202e'&amp;"
AROUND = 1200  # things around the hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of a graph in which very many things lead to one with a hostile name."""
    graph = NamedNode("https://w3id.org/policykg/graph/test")
    quads = []

    def say(subject: str, predicate: str, value: NamedNode | Literal) -> None:
        quads.append(Quad(NamedNode(subject), NamedNode(predicate), value, graph))

    say(ID + "hub", RDFS + "label", Literal(MARKUP, language="en"))
    for number in range(AROUND):
        say(f"{ID}near-{number:04}", POL + "concerns", NamedNode(ID + "hub"))
        say(f"{ID}near-{number:04}", RDF + "type", NamedNode(POL + ("Event", "Goal")[number % 2]))
    say(ID + "hub", POL + "concerns", NamedNode(ID + "hub"))
    say(ID + "hub", POL + "concerns", NamedNode("javascript:alert(2)"))
    data = tmp_path_factory.mktemp("hub") / "data"

    def no_dumps(folder: Path) -> None:
        assert folder.is_dir()

    VersionWriter(data).publish(quads, "0" * 64, no_dumps)
    engine = EmbeddedEngine(data)
    yield create_app(Settings(data=data), engine).test_client()
    engine.close()


def data_of(client: FlaskClient, path: str) -> dict[str, Any]:
    response = client.get(path.replace("/picture?", "/picture.json?"))
    assert (response.status_code, response.mimetype) == (200, "application/json")
    found: dict[str, Any] = json.loads(response.get_data())
    return found


def cells(shown: Element, heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading."""
    body = shown.section(heading).one("tbody")
    return [[cell.text for cell in (*row.all("th"), *row.all("td"))] for row in body.all("tr")]


def test_links_come_with_their_certainty_and_claims(client: FlaskClient) -> None:
    shown = page(client, NISP)
    assert shown.one("h1").text == "Links around National Internal Security Policy"
    links = cells(shown, "Links")
    assert [
        "Provincial governments of Pakistan",
        "takes ownership of",
        "National Internal Security Policy",
        "┈┈ unclear",
    ] in [row[:4] for row in links]
    assert all(re.search(r"c\d{3}", row[4]) for row in links if "recorded" not in row[3])


@pytest.mark.parametrize(
    "path",
    [
        NISP,
        f"{NISP}&open=national-action-plan&open=pakistan",
        f"{NISP}&open=pakistan&kind=Goal&certainty=certain",
        "/picture?start=topic/counterterrorism",
        "/picture?start=usip-charting-pakistan-c035",
    ],
)
def test_page_data_and_drawing_say_the_same(client: FlaskClient, path: str) -> None:
    shown, found = page(client, path), data_of(client, path)
    names = {node["name"]: node["label"] for node in found["nodes"]}
    assert sorted(names.values()) == sorted(row[0] for row in cells(shown, "Things"))
    assert [
        [names[link["start"]], link["relation"], names[link["end"]]] for link in found["links"]
    ] == [row[:3] for row in cells(shown, "Links")]
    drawn = client.get(path.replace("/picture?", "/picture.svg?"))
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert found["nodes"][0]["label"] in drawn.get_data(as_text=True)


def test_a_thing_is_opened_and_closed_by_links(client: FlaskClient) -> None:
    def step(path: str, name: str) -> str:
        things = page(client, path).section("Things")
        (link,) = things.all("a", data_step=name)
        address = link.attributes["href"]
        assert address is not None
        assert address in [node["change"] for node in data_of(client, path)["nodes"]]
        return address

    opened = step(NISP, "pakistan")
    assert opened == f"{NISP}&open=pakistan"
    assert len(data_of(client, opened)["nodes"]) > len(data_of(client, NISP)["nodes"])
    assert step(opened, "pakistan") == NISP


def test_no_more_than_so_many_are_opened(client: FlaskClient) -> None:
    names = [node["name"] for node in data_of(client, "/picture?start=pakistan")["nodes"][1:]]
    full = "/picture?start=pakistan" + "".join(f"&open={name}" for name in names[:8])
    shown = page(client, full)
    assert "8 things are opened, which is as many as can be" in shown.one("main").text
    steps = [
        link.text for link in shown.section("Things").all("a") if "data-step" in link.attributes
    ]
    assert set(steps) == {"Collapse"}
    response = client.get(f"{full}&open={names[8]}", headers={"Accept": "application/json"})
    assert response.status_code == 400


def test_kinds_and_certainties_are_chosen(client: FlaskClient) -> None:
    all_of_it = data_of(client, NISP)
    unclear = data_of(client, f"{NISP}&certainty=unclear")
    assert [link["certainty"] for link in unclear["links"]] == ["unclear"]
    assert len(unclear["nodes"]) == 2
    kinds = data_of(client, f"{NISP}&kind=Situation&kind=Country")
    assert {node["kind"] for node in kinds["nodes"]} == {"policy framework", "situation", "country"}
    assert len(kinds["nodes"]) < len(all_of_it["nodes"])
    shown = page(client, f"{NISP}&kind=Situation")
    boxes = shown.all("input", type="checkbox", name_="kind")
    checked = [box.attributes["value"] for box in boxes if "checked" in box.attributes]
    assert checked == ["Situation"]
    assert len(boxes) > 3
    empty = page(client, f"{NISP}&certainty=possible")
    assert "No link is shown" in empty.section("Links").text


def test_a_state_costs_one_query(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Query] = []
    real = EmbeddedEngine.rows

    def counted(self: EmbeddedEngine, query: Query) -> object:
        asked.append(query)
        return real(self, query)

    monkeypatch.setattr(EmbeddedEngine, "rows", counted)
    page(client, f"{NISP}&open=national-action-plan&open=pakistan&open=usip-charting-pakistan")
    assert len(asked) == 1


def test_the_query_behind_it_runs_as_it_is_shown(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, f"{NISP}&open=pakistan")
    (link,) = [one for one in shown.all("a") if one.text == "See these links in SPARQL"]
    (text,) = parse_qs(urlsplit(link.attributes["href"] or "").query)["query"]
    assert len(list(engine.rows(Query(text)))) > 50


def test_a_hub_is_bounded_and_says_so(hub: FlaskClient) -> None:
    found = data_of(hub, "/picture?start=hub")
    assert len(found["nodes"]) == 500
    assert found["more"] == ["hub"]
    shown = page(hub, "/picture?start=hub")
    assert len(cells(shown, "Things")) == 500
    assert "Not everything around" in shown.one("main").text
    goals = data_of(hub, "/picture?start=hub&kind=Goal")
    assert {node["kind"] for node in goals["nodes"][1:]} == {"pol:Goal"}


def test_hostile_names_stay_text(hub: FlaskClient) -> None:
    shown = page(hub, "/picture?start=hub")
    assert shown.code() == []
    assert shown.one("h1").text == f"Links around {' '.join(MARKUP.split())}"
    addresses = [link.attributes["href"] or "" for link in shown.all("a")]
    assert not [one for one in addresses if "javascript" in one.lower() and "/sparql" not in one]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/picture?start=nothing-of-this-name", 404),
        ("/picture?start=a%3Cb", 400),
        ("/picture?start=graph/derived", 400),
        (f"/picture?start={'x' * 600}", 400),
        (f"{NISP}&open=a%00b", 400),
        (f"{NISP}&certainty=sure", 400),
        (f"{NISP}&colour=red", 400),
        (f"{NISP}&kind={'k' * 300}", 400),
        ("/picture?begin=pakistan", 400),
        ("/picture.json", 400),
        (f"/picture.svg?{NISP.partition('?')[2]}&scheme=blue", 400),
    ],
)
def test_wrong_parameters_are_explained(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path, headers={"Accept": "application/problem+json"})
    assert response.status_code == status
    told = response.get_json()
    assert told["remedy"] or told["where"]


def test_without_a_start_it_offers_some(client: FlaskClient) -> None:
    shown = page(client, "/picture")
    addresses = [link.attributes["href"] for link in shown.one("main").all("a")]
    assert "/picture?start=national-action-plan" in addresses


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/page/national-action-plan", "national-action-plan"),
        ("/page/usip-charting-pakistan-c035", "usip-charting-pakistan-c035"),
        ("/page/topic/counterterrorism", "topic%2Fcounterterrorism"),
    ],
)
def test_every_page_of_a_thing_leads_to_it(client: FlaskClient, path: str, start: str) -> None:
    shown = page(client, path)
    (link,) = [one for one in shown.all("a") if one.text == "Explore its links in a picture"]
    assert link.attributes["href"] == f"/picture?start={start}"
    page(client, f"/picture?start={start}")
