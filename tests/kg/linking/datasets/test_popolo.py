"""Popolo files become persons, organisations, memberships and periods."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.errors import BadData
from kg.linking.datasets.popolo import popolo_triples
from kg.namespaces import BASE
from kg.namespaces import ID
from kg.namespaces import PREFIXES

FIXTURE = Path(__file__).parents[3] / "fixtures" / "datasets" / "assembly.json"


def node(local: str) -> NamedNode:
    return NamedNode(f"{ID}x-{local}")


def term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


@pytest.fixture
def data() -> Any:
    return json.loads(FIXTURE.read_text(encoding="utf-8").replace("ITEM", "Q77"))


def read(folder: Path, data: Any) -> set[Triple]:
    path = folder / "assembly.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return set(popolo_triples(path, "x", BASE))


def test_a_membership_joins_person_party_period_and_area(tmp_path: Path, data: Any) -> None:
    found = read(tmp_path, data)
    membership = node("membership-membership-1")
    assert {triple for triple in found if triple.subject == membership} == {
        Triple(membership, term("rdf:type"), term("org:Membership")),
        Triple(membership, term("org:member"), node("person-p1")),
        Triple(membership, term("org:organization"), node("organization-house")),
        Triple(membership, term("schema:affiliation"), node("organization-party")),
        Triple(membership, term("dcterms:isPartOf"), node("event-term-14")),
        Triple(membership, term("schema:areaServed"), node("area-area-na-1_%28x%29")),
    }
    party = node("organization-party")
    assert Triple(party, term("skos:altLabel"), Literal("مسلم لیگ", language="ur")) in found
    item = NamedNode("http://www.wikidata.org/entity/Q77")
    assert Triple(party, term("schema:sameAs"), item) in found


@pytest.mark.parametrize(
    ("part", "change", "detail", "where"),
    [
        ("persons", {"name": ""}, "The entry has no name", "persons 1"),
        ("persons", {"id": None}, "The entry has no id", "persons 1"),
        ("persons", {"name": ["x"]}, "name is no text", "persons 1"),
        ("events", {"start_date": "soon"}, "start_date 'soon' is no date", "events 1"),
        (
            "persons",
            {"identifiers": [{"scheme": "wikidata", "identifier": "77"}]},
            "identifiers: http://www.wikidata.org/entity/77 is no Wikidata identifier",
            "persons 1",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, data: Any, part: str, change: Any, detail: str, where: str
) -> None:
    data[part][0].update(change)
    with pytest.raises(BadData) as caught:
        read(tmp_path, data)
    assert caught.value.detail.startswith(detail)
    assert caught.value.where == f"assembly.json, {where}"


@pytest.mark.parametrize("data", [[], {}, {"persons": {}}, {"persons": [1]}])
def test_what_is_no_popolo_data_is_told(tmp_path: Path, data: Any) -> None:
    with pytest.raises(BadData):
        read(tmp_path, data)
