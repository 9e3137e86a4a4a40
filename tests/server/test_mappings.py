"""The mappings are published again: as a table, as JSON and as RDF, and all three say the same."""

import json

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.build.links import read_links
from kg.build.read import Sources
from kg.engine.embedded import EmbeddedEngine
from kg.linking.sssom import read_table
from kg.namespaces import SSSOM
from server.app import SECURITY_HEADERS


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("json", "application/json"),
        ("ttl", "text/turtle; charset=utf-8"),
    ],
)
def test_a_download(
    client: FlaskClient, engine: EmbeddedEngine, extension: str, media_type: str
) -> None:
    response = client.get(f"/mappings.sssom.{extension}")
    assert response.status_code == 200
    tag = f'"{engine.version().digest[:32]}-mappings-{extension}"'
    assert dict(response.headers) == {
        "Content-Type": media_type,
        "Content-Length": str(len(response.data)),
        "Content-Disposition": f"attachment; filename=policykg-mappings.sssom.{extension}",
        "Cache-Control": "public, max-age=300",
        "ETag": tag,
        "Vary": "Accept-Encoding",
        **SECURITY_HEADERS,
    }
    again = client.get(f"/mappings.sssom.{extension}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_the_table_says_what_the_sources_say(client: FlaskClient, sources: Sources) -> None:
    text = client.get("/mappings.sssom.tsv").text
    found, findings = read_table(text, "published", None)
    ours, _ = read_links(sources)
    assert findings == []

    def told(mappings: list) -> set[tuple[object, ...]]:
        columns = ("object_source", "comment", "author_label", "reviewer_label", "mapping_date")
        return {
            (
                *(one.subject, one.predicate, one.object, one.negated),
                float(one.values["confidence"]),
                *(one.values.get(column, "") for column in columns),
            )
            for one in mappings
        }

    assert told(found) == told(ours)
    assert len(found) == len(ours)


def test_json_and_rdf_say_the_same_as_the_table(client: FlaskClient) -> None:
    rows, _ = read_table(client.get("/mappings.sssom.tsv").text, "published", None)
    data = json.loads(client.get("/mappings.sssom.json").data)
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(data["mappings"]) == len(rows)
    first = data["mappings"][0]
    assert first["subject_id"] == "id:afghanistan"
    assert first["confidence"] == 0.9
    assert data["curie_map"]["id"] == "https://w3id.org/policykg/id/"
    graph = list(parse(client.get("/mappings.sssom.ttl").data, format=RdfFormat.TURTLE))
    targets = sorted(
        quad.object.value
        for quad in graph
        if quad.predicate == NamedNode(SSSOM + "object_id") and isinstance(quad.object, NamedNode)
    )
    assert targets == sorted(row.object for row in rows)


def test_an_unknown_extension_names_those_there_are(client: FlaskClient) -> None:
    response = client.get("/mappings.sssom.xlsx")
    assert response.status_code == 404
    assert response.json["remedy"] == "Known: .tsv, .json, .ttl."


def test_a_parameter_is_refused(client: FlaskClient) -> None:
    assert client.get("/mappings.sssom.tsv?format=x").status_code == 400
