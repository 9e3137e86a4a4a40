"""The JSON-LD context gives a plain JSON document the meaning of the vocabulary."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import RDF
from rdflib import XSD
from rdflib import Graph
from rdflib import Literal
from rdflib import Namespace

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from kg.namespaces import ONTOLOGY
from kg.namespaces import POL as VOCABULARY
from kg.namespaces import PREFIXES
from tests.server.reading import values

LABELS = {"label": "rdfs:label", "prefLabel": "skos:prefLabel", "altLabel": "skos:altLabel"}
POL, THING = Namespace(VOCABULARY), Namespace(ID)


def context(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/context.jsonld")
    assert response.status_code == 200
    assert response.content_type == "application/ld+json"
    document = response.json
    assert isinstance(document, dict)
    assert list(document) == ["@context"]
    found: dict[str, Any] = document["@context"]
    return found


# rdflib's own parser uses a class of rdflib that is on its way out.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_document_with_the_context_gives_the_right_triples(client: FlaskClient) -> None:
    document = {
        "@context": context(client),
        "@id": "id:c1",
        "@type": "Finding",
        "statement": "The plan has a goal.",
        "hedge": {"@value": "شاید", "@language": "ur"},
        "subject": "id:plan",
        "predicate": "pol:hasGoal",
        "object": "id:goal",
        "certainty": "pol:certain",
        "negated": False,
        "when": "2014-12",
        "earliest": "2014-12-01",
        "evidence": [{"@id": "id:p1", "@type": "Passage", "start": 3, "quote": "a goal"}],
        "rdfs:label": {"@value": "One", "@language": "en"},
    }
    c1, p1 = THING.c1, THING.p1
    expected = {
        (c1, RDF.type, POL.Finding),
        (c1, POL.statement, Literal("The plan has a goal.", lang="en")),
        (c1, POL.hedge, Literal("شاید", lang="ur")),
        (c1, POL.subject, THING.plan),
        (c1, POL.predicate, POL.hasGoal),
        (c1, POL.object, THING.goal),
        (c1, POL.certainty, POL.certain),
        (c1, POL.negated, Literal(False)),
        (c1, POL.when, Literal("2014-12")),
        (c1, POL.earliest, Literal("2014-12-01", datatype=XSD.date)),
        (c1, POL.evidence, p1),
        (p1, RDF.type, POL.Passage),
        (p1, POL.start, Literal(3)),
        (p1, POL.quote, Literal("a goal", lang="en")),
        (c1, Namespace(PREFIXES["rdfs"]).label, Literal("One", lang="en")),
    }
    assert set(Graph().parse(data=json.dumps(document), format="json-ld")) == expected


def test_every_term_and_every_prefix_is_in_it(client: FlaskClient, engine: EmbeddedEngine) -> None:
    found = context(client)
    assert {name: found[name] for name in PREFIXES} == PREFIXES
    terms = [
        t.removeprefix(VOCABULARY) for t in values(engine, f"?x rdfs:isDefinedBy <{ONTOLOGY}>")
    ]
    assert len(terms) > 200
    assert set(found) == {"@version", *PREFIXES, *LABELS, *terms}
    for term in terms:
        definition = found[term]
        iri = definition if isinstance(definition, str) else definition["@id"]
        assert iri == f"pol:{term}"


def test_the_kind_of_value_follows_the_ontology(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    found = context(client)
    for term in values(engine, f"?x a owl:ObjectProperty ; rdfs:isDefinedBy <{ONTOLOGY}>"):
        name = term.removeprefix(VOCABULARY)
        assert found[name] == {"@id": f"pol:{name}", "@type": "@id"}
    for datatype in ("integer", "date", "boolean"):
        for term in values(engine, f"?x a owl:DatatypeProperty ; rdfs:range xsd:{datatype}"):
            name = term.removeprefix(VOCABULARY)
            # Whole numbers and booleans are those of JSON, which has them itself.
            typed = {"@id": f"pol:{name}", "@type": "xsd:date"}
            assert found[name] == (typed if datatype == "date" else f"pol:{name}")
    for name, iri in LABELS.items():
        assert found[name] == {"@id": iri, "@container": "@language"}


def test_it_is_kept_and_asked_for_again_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/context.jsonld")
    assert first.cache_control.max_age == 300
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/context.jsonld", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/context.jsonld").data == first.data
