"""Things as tidy JSON objects, which say the same as the Turtle to whoever reads JSON-LD."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyld import jsonld
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from kg.namespaces import RDFS
from kg.namespaces import TOPIC
from tests.server.reading import values

ADDRESS = "https://kg.example.org/context.jsonld"


def get(client: FlaskClient, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (200, "application/json")
    found: dict[str, Any] = response.json or {}
    return found


def test_an_object_is_tidy(client: FlaskClient) -> None:
    found = get(client, "/data/national-action-plan.json")
    assert found["@context"] == ADDRESS
    assert found["@id"] == "id:national-action-plan"
    assert found["@type"] == ["Policy", "PolicyFramework"]
    assert found["label"] == {"en": "National Action Plan"}
    assert found["policyOf"]["@id"] == "id:pakistan"
    assert found["policyOf"]["label"]["ur"] == "پاکستان"
    claim = get(client, "/data/usip-charting-pakistan-c012.json")
    assert claim["negated"] is False
    assert claim["certainty"]["@id"] == "pol:certain"
    assert claim["certainty"]["label"]["en"] == "certain"
    assert isinstance(claim["statement"], str)


def statements(client: FlaskClient, path: str) -> set[str]:
    """Return the statements of a JSON document as a JSON-LD processor reads them."""
    context = client.get("/context.jsonld").json

    def load(address: str, options: dict[str, Any]) -> dict[str, Any]:
        assert address == ADDRESS
        return {"contextUrl": None, "documentUrl": address, "document": context}

    options = {"format": "application/n-quads", "documentLoader": load}
    text: str = jsonld.to_rdf(get(client, path), options)
    return {str(quad.triple) for quad in parse(text, RdfFormat.N_QUADS)}


def turtle(client: FlaskClient, iri: str, path: str) -> set[str]:
    """Return the thing's own statements as its Turtle has them."""
    quads = parse(client.get(path).data, RdfFormat.TURTLE)
    return {str(quad.triple) for quad in quads if quad.subject == NamedNode(iri)}


@pytest.mark.parametrize(
    "slug",
    [
        "national-action-plan",
        "usip-charting-pakistan",
        "usip-charting-pakistan-c012",
        "usip-charting-pakistan-p007",
        "pakistan",
    ],
)
def test_it_says_what_the_turtle_says(client: FlaskClient, slug: str) -> None:
    found = statements(client, f"/data/{slug}.json")
    own = {one for one in found if one.startswith(f"<{ID}{slug}> ")}
    assert own == turtle(client, ID + slug, f"/data/{slug}.ttl")
    # What else it says are labels.
    assert {one.split(" ")[1] for one in found - own} <= {f"<{RDFS}label>"}


def test_topics_are_objects_too(client: FlaskClient, engine: EmbeddedEngine) -> None:
    topics = [iri for iri in values(engine, "?x a skos:Concept") if iri.startswith(TOPIC)]
    slug = min(topics).removeprefix(TOPIC)
    assert get(client, f"/data/topic/{slug}.json")["@id"] == f"topic:{slug}"


def test_values_that_stand_twice_have_their_label_each_time(client: FlaskClient) -> None:
    found = json.dumps(get(client, "/data/national-action-plan.json"))
    assert '"implementationAffectedBy": ["id:' not in found
