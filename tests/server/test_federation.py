"""Two servers on loopback: a query of one asks the other, and each is a good target for others."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request
from urllib.request import urlopen

import pytest
from served import Served
from small import FOLDER

from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.catalogue.federated import catalogue_query
from kg.catalogue.federated import load_federated
from kg.engine.guard import asks_elsewhere
from kg.errors import BadParameter
from kg.errors import QueryRefused
from kg.linking.datasets.beside import add
from kg.linking.datasets.manifest import Manifest
from kg.namespaces import ID
from kg.settings import Settings

GONE = "http://127.0.0.1:9/sparql"  # where nobody listens
SAME = "https://schema.org/sameAs"
# Somebody else's graph: another report, and statements of their own on what we link to.
THEIRS = f"""
@prefix pol: <https://w3id.org/policykg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix x: <https://x.example/> .
x:pk <{SAME}> wd:Q843 . wd:Q843 rdfs:label "Pakistan (theirs)"@en ; x:capital "Islamabad" .
x:c1 pol:subject x:pk ; pol:statement "Their claim on Pakistan." .
<http://zbw.eu/stw/descriptor/16395-6> skos:broader x:violence .
x:violence skos:prefLabel "Violence (theirs)"@en ; skos:broader x:harm .
x:harm skos:prefLabel "Harm (theirs)"@en .
"""


@pytest.fixture(scope="module")
def theirs(
    start_for_module: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Return the endpoint of a server with another report and somebody's statements beside it."""
    folder = tmp_path_factory.mktemp("theirs")
    packaged = packaged_layout()
    layout = Layout(packaged.ontology, packaged.queries, folder / "no-links", (FOLDER,))
    with pytest.MonkeyPatch.context() as patch:  # without Java, which checks what others check
        patch.delenv("JAVA_HOME", raising=False)
        patch.setenv("PATH", str(folder))
        build(Settings(data=folder / "data"), Options(layout=layout))
    file = folder / "theirs.ttl"
    file.write_text(THEIRS, encoding="utf-8")
    manifest = Manifest(
        "theirs", "Theirs", "Somebody", "https://x.example/", "https://x.example/licence",
        "a licence", "rdf", date(2026, 1, 1), True,
    )  # fmt: skip
    add(Settings(data=folder / "data"), manifest, file)
    there = start_for_module("--no-build", "--data", folder / "data", "--port", "0")
    return f"{there.address}/sparql"


@pytest.fixture(scope="module")
def config(theirs: str, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of settings that allows the other endpoint by name."""
    path = tmp_path_factory.mktemp("ours") / "policykg.toml"
    path.write_text(f'data = "{built}"\nservices = ["{theirs}", "{GONE}"]\n', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ours(start_for_module: Callable[..., Served], config: Path) -> str:
    return start_for_module("--no-build", "--config", config, "--port", "0").address


def ask(endpoint: str, query: str, media_type: str = "application/sparql-results+json") -> bytes:
    body = urlencode({"query": query}).encode()
    with urlopen(Request(endpoint, body, {"Accept": media_type}), timeout=60) as answer:
        return answer.read()  # type: ignore[no-any-return]


def rows(endpoint: str, query: str) -> list[dict[str, str]]:
    found = json.loads(ask(endpoint, query))["results"]["bindings"]
    return [{name: one["value"] for name, one in row.items()} for row in found]


EXPECTED = {
    "names-elsewhere": {("name", "Pakistan (theirs)"), ("thing", f"{ID}pakistan")},
    "claims-elsewhere": {("statement", "Their claim on Pakistan."), ("thing", f"{ID}pakistan")},
    "broader-topics-elsewhere": {
        ("broaderLabel", "Violence (theirs)"),
        ("broaderLabel", "Harm (theirs)"),
    },
    "statements-elsewhere": {("value", "Islamabad"), ("property", "https://x.example/capital")},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_catalogue_asks_the_other_endpoint(ours: str, theirs: str, name: str) -> None:
    given = {"endpoint": theirs}
    if name == "statements-elsewhere":
        given["thing"] = f"{ID}pakistan"
    with urlopen(f"{ours}/queries/{name}.csv?{urlencode(given)}") as answer:
        table = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))
    assert {pair for row in table for pair in row.items()} >= EXPECTED[name]
    with urlopen(f"{ours}/queries/{name}") as answer:  # by its example, which the settings name
        page = answer.read().decode()
        assert answer.headers["Cache-Control"] == "no-store"
    found = next(value for key, value in EXPECTED[name] if not value.startswith("http"))
    assert found in page
    assert f"/queries/{name}" in urlopen(f"{ours}/queries").read().decode()


def test_the_catalogue_asks_no_endpoint_that_is_not_allowed(ours: str) -> None:
    asked = urlencode({"endpoint": "http://127.0.0.1:1/sparql"})
    for path in ("names-elsewhere.csv", "names-elsewhere"):
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{ours}/queries/{path}?{asked}")
        with refused.value as reply:
            assert (reply.code, b"asks only endpoints" in reply.read()) == (403, True)


def test_each_question_to_other_endpoints_is_expected_to_find_something() -> None:
    assert sorted(load_federated()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_question_is_answered_by_two_servers(theirs: str, ours: str, name: str) -> None:
    query = load_federated()[name]
    given = {one.name: one.example for one in query.parameters} | {"endpoint": theirs}
    asked = catalogue_query(query, given)
    assert f"<{theirs}>" in asked.text
    text = asked.text.replace("?thing ?relation", f"<{ID}pakistan> ?relation", 1)
    found = rows(f"{ours}/sparql", text if name == "statements-elsewhere" else asked.text)
    assert EXPECTED[name] <= {pair for row in found for pair in row.items()} | {
        ("thing", f"{ID}pakistan")
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_question_is_answered_by_the_command(
    theirs: str, config: Path, run: Callable[..., Any], name: str
) -> None:
    # The endpoint need not be given: it is the one that the settings name.
    done = run("federated", name, "--config", config)
    assert done.returncode == 0, done.stderr
    table = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["endpoint"] for row in table} == {theirs}
    assert EXPECTED[name] <= {pair for row in table for pair in row.items()}


def test_an_endpoint_that_no_setting_names_is_not_asked(
    ours: str, theirs: str, config: Path, run: Callable[..., Any]
) -> None:
    other = theirs.replace("127.0.0.1", "127.0.0.2")
    done = run("federated", "names-elsewhere", "-p", f"endpoint={other}", "--config", config)
    assert done.returncode != 0
    assert "asks only endpoints that its settings name" in done.stderr
    with pytest.raises(HTTPError) as refused:
        ask(f"{ours}/sparql", f"SELECT * {{ SERVICE <{other}> {{ ?s ?p ?o }} }}")
    assert refused.value.code == 403
    refused.value.close()


def test_an_endpoint_is_an_iri_and_nothing_else() -> None:
    query = load_federated()["names-elsewhere"]
    for value in ("x", "http://a/> { } #", "http://a/\\u003e"):
        with pytest.raises(BadParameter):
            catalogue_query(query, {"endpoint": value})
    with pytest.raises(QueryRefused):
        asks_elsewhere(query.text, ("http://a/sparql",))
    bound = catalogue_query(query, {"endpoint": "http://a/sparql"})
    assert asks_elsewhere(bound.text, ("http://a/sparql",))


def test_an_endpoint_that_is_gone_is_told_or_passed_over(
    config: Path, run: Callable[..., Any]
) -> None:
    given = ("-p", f"endpoint={GONE}", "--config", config)
    told = run("federated", "names-elsewhere", *given)
    assert told.returncode != 0
    assert told.stdout == ""
    assert "The query cannot be done" in told.stderr
    silent = run("federated", "statements-elsewhere", *given)
    assert silent.returncode == 0, silent.stderr
    table = list(csv.DictReader(io.StringIO(silent.stdout)))
    assert "http://www.wikidata.org/entity/Q843" in {row["other"] for row in table}
    assert {row["value"] for row in table} == {""}


# As a target: what other engines send us.


def test_ask_is_answered(theirs: str) -> None:
    for subject, answer in (("https://x.example/pk", True), ("https://x.example/none", False)):
        found = json.loads(ask(theirs, f"ASK {{ <{subject}> ?p ?o }}"))
        assert found == {"head": {}, "boolean": answer}


@pytest.mark.parametrize("place", ["in the pattern", "behind the pattern"])
def test_a_block_of_a_thousand_bindings_is_joined(ours: str, place: str) -> None:
    """A bound join sends the bindings that it has in blocks, as VALUES."""
    things = " ".join(f"(<http://www.wikidata.org/entity/Q{number}>)" for number in range(1, 1001))
    values = f"VALUES (?same) {{ {things} }}"
    pattern = f"?thing <{SAME}> ?same"
    query = (
        f"SELECT ?thing ?same {{ {values} {pattern} }}"
        if place == "in the pattern"
        else f"SELECT ?thing ?same {{ {pattern} }} {values}"
    )
    found = {row["thing"]: row["same"].rpartition("/")[2] for row in rows(f"{ours}/sparql", query)}
    assert found[f"{ID}pakistan"] == "Q843"
    assert found[f"{ID}india"] == "Q668"
    assert all(int(item[1:]) <= 1000 for item in found.values())
    # Every one of the things with an item of so low a number is found.
    low = f"SELECT ?thing ?same {{ {pattern} }}"
    items = {row["thing"]: row["same"] for row in rows(f"{ours}/sparql", low)}
    wanted = {
        thing
        for thing, same in items.items()
        if same.startswith("http://www.wikidata.org/entity/Q")
        and int(same.rpartition("/Q")[2]) <= 1000
    }
    assert wanted <= set(found)


def test_two_blocks_cover_what_one_does_not(ours: str) -> None:
    found: set[str] = set()
    for start in (1, 1001):
        items = " ".join(
            f"<http://www.wikidata.org/entity/Q{n}>" for n in range(start, start + 1000)
        )
        query = f"SELECT ?thing {{ VALUES ?same {{ {items} }} ?thing <{SAME}> ?same }}"
        found |= {row["thing"].removeprefix(ID) for row in rows(f"{ours}/sparql", query)}
    assert {"pakistan", "india", "narendra-modi", "astana", "islamabad"} <= found
