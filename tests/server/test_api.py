"""What programs are told: the vocabulary in use, and the interface in OpenAPI."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from jsonschema import ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator
from served import Served
from served import environment

from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import POL
from server.used_terms import EXTENSION
from server.used_terms import used_terms
from server.used_terms import words_of
from tests.server.html_page import parse

ONTOLOGY = "https://w3id.org/policykg/graph/ontology"


@pytest.fixture
def vocabulary(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/api/vocabulary")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert isinstance(response.json, dict)
    return response.json


def by_name(vocabulary: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in vocabulary[kind]}


def counted(engine: EmbeddedEngine, pattern: str) -> int:
    text = (
        f"PREFIX pol: <{POL}> SELECT (COUNT(*) AS ?count) WHERE {{ SELECT DISTINCT * WHERE {{"
        f" GRAPH ?graph {{ {pattern} }} FILTER (?graph != <{ONTOLOGY}>) }} }}"
    )
    [row] = engine.rows(Query(text))
    return int(row["count"].value)  # type: ignore[union-attr]


def test_vocabulary_counts_what_the_data_uses(
    vocabulary: dict[str, Any], engine: EmbeddedEngine
) -> None:
    goal = by_name(vocabulary, "classes")["pol:Goal"]
    assert goal["iri"] == POL + "Goal"
    assert goal["label"] == "goal"
    assert goal["definition"]
    [row] = engine.rows(
        Query(f"SELECT (COUNT(DISTINCT ?x) AS ?count) WHERE {{ ?x a <{POL}Goal> }}")
    )
    assert goal["count"] == int(row["count"].value)  # type: ignore[union-attr]
    addressed = by_name(vocabulary, "properties")["pol:addressedTo"]
    assert addressed["count"] == counted(engine, "?claim pol:addressedTo ?actor") > 0
    assert engine.rows(Query(f"SELECT * WHERE {{ <{goal['example']['iri']}> a <{POL}Goal> }}"))


def test_vocabulary_says_what_occurs_together(vocabulary: dict[str, Any]) -> None:
    recommendation = by_name(vocabulary, "classes")["pol:Recommendation"]
    together = dict(recommendation["properties"])
    assert together["pol:addressedTo"] > 0
    assert "pol:hasGoal" not in together
    addressed = by_name(vocabulary, "properties")["pol:addressedTo"]
    assert dict(addressed["classes"])["pol:Recommendation"] == together["pol:addressedTo"]
    assert "pol:Actor" in dict(addressed["values"])
    for kind in ("classes", "properties"):
        counts = [one["count"] for one in vocabulary[kind]]
        assert counts == sorted(counts, reverse=True)


def test_vocabulary_names_its_prefixes_and_values(vocabulary: dict[str, Any]) -> None:
    names = [one["name"] for kind in ("classes", "properties") for one in vocabulary[kind]]
    used = {name.partition(":")[0] for name in names if not name.startswith("<")}
    assert used <= set(vocabulary["prefixes"])
    assert vocabulary["others"]["pol:possible"] == "possible"


def test_vocabulary_is_counted_once_a_version(app: Flask, client: FlaskClient) -> None:
    first = client.get("/api/vocabulary")
    known = app.extensions[EXTENSION]
    assert client.get("/api/vocabulary").data == first.data
    assert app.extensions[EXTENSION] is known
    again = client.get("/api/vocabulary", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    with app.app_context():
        other = app.extensions["policykg"]
        assert used_terms(other) is known


@pytest.mark.parametrize(
    ("local", "words"),
    [("prefLabel", "pref label"), ("mapping_date", "mapping date"), ("Claim", "claim")],
)
def test_name_without_a_label_is_read_as_words(local: str, words: str) -> None:
    assert words_of(local) == words


def test_openapi_describes_every_question(client: FlaskClient) -> None:
    response = client.get("/api/openapi.json")
    assert response.content_type == "application/json"
    document = response.json
    assert isinstance(document, dict)
    OpenAPIV31SpecValidator(document).validate()
    for name, query in load_catalogue().items():
        operation = document["paths"][f"/queries/{name}.{{format}}"]["get"]
        given = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
        assert given == [parameter.name for parameter in query.parameters]
        assert operation["summary"] == query.title
        results = operation["responses"]["200"]["content"]["application/sparql-results+json"]
        solution = results["schema"]["properties"]["results"]["properties"]["bindings"]["items"]
        columns = [column.name for column in query.columns]
        assert list(solution["properties"]) == [*columns, *given]
    ids = [item["get"]["operationId"] for item in document["paths"].values()]
    assert len(set(ids)) == len(ids) == len(load_catalogue()) + 5


@pytest.mark.parametrize("path", ["/api/search", "/api/suggest", "/api/ask"])
def test_openapi_describes_search(client: FlaskClient, path: str) -> None:
    document = client.get("/api/openapi.json").json
    assert isinstance(document, dict)
    operation = document["paths"][path]["get"]
    assert operation["tags"] == ["Search"]
    examples = {one["name"]: one["example"] for one in operation["parameters"]}
    answer = client.get(path, query_string={name: examples[name] for name in ("q", "limit")}).json
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    checked = Draft202012Validator({**schema, "components": document["components"]})
    checked.validate(answer)
    assert any(answer[name] for name in ("hits", "suggestions", "questions") if name in answer)
    with pytest.raises(ValidationError):
        checked.validate({**answer, "other": 1})


def test_interface_can_be_read(client: FlaskClient) -> None:
    shown = parse(client.get("/api").get_data(as_text=True))
    headings = {heading.text for heading in shown.all("h3")}
    assert {query.title for query in load_catalogue().values()} <= headings
    linked = [link.attributes["href"] for link in shown.one("main").all("a")]
    assert "/api/openapi.json" in linked
    for address in [one for one in linked if one.startswith("/queries/")][:6]:
        assert client.get(address).status_code == 200


def test_program_that_makes_requests_up_finds_nothing_wrong(
    built: Path, start_for_module: Callable[..., Served], tmp_path: Path
) -> None:
    server = start_for_module("--no-build", "--data", built, "--port", "0")
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,"
        "response_schema_conformance,negative_data_rejection,positive_data_acceptance"
    )
    command = [
        Path(sys.executable).with_name("schemathesis"),
        *("run", f"{server.address}/api/openapi.json", "--phases", "examples,fuzzing"),
        *("--max-examples", "3", "--seed", "7", "--no-color", "--checks", checks),
        *("--report", "junit", "--report-junit-path", tmp_path / "report.xml"),
    ]
    run = subprocess.run(
        command, capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
    tested = re.search(r"(\d+) passed|Tested: (\d+)", run.stdout)
    assert tested, run.stdout[-2000:]


@pytest.mark.parametrize("path", ["/api/vocabulary", "/api/openapi.json"])
def test_texts_in_other_scripts_stay_readable(client: FlaskClient, path: str) -> None:
    data = client.get(path).data
    assert json.loads(data)
    assert b"\\u" not in data
