"""`policykg void`: what a dataset lacks to be linked is named, and nothing of it is fetched."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kg.errors import BadData
from kg.linking.readiness import readiness

Run = Callable[..., Result]
PREFIXES = """
@prefix : <https://data.example.org/party/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix void: <http://rdfs.org/ns/void#> .
"""
DESCRIBED = """
<https://data.example.org/> a void:Dataset ; dcterms:title "Parties"@en ;
  dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  dcterms:publisher <https://example.org/> ; dcterms:modified "2026-01-01" ;
  void:dataDump <https://data.example.org/all.ttl> ; void:uriSpace "https://data.example.org/" ;
  void:exampleResource :one .
"""
READY = f"""{PREFIXES}{DESCRIBED}
:one a schema:Organization ; rdfs:label "One"@en ;
  schema:sameAs <http://www.wikidata.org/entity/Q1>, <https://w3id.org/policykg/id/pakistan> .
"""


def lacking(path: Path) -> dict[str, bool]:
    """Return what is not met, and whether it is only a wish."""
    return {one.about: one.wish for one in readiness(path) if not one.met}


def written(folder: Path, text: str, name: str = "data.ttl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_dataset_that_is_ready(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, READY)
    assert lacking(path) == {}
    said = run("void", path)
    assert said.exit_code == 0
    assert "ok      links: 1 of 1 things are linked (" in said.stdout


@pytest.mark.parametrize(
    ("old", "new", "lacks"),
    [
        (DESCRIBED, "", {"description": False}),
        ("dcterms:license", "rdfs:comment", {"licence": False}),
        ("dcterms:publisher", "rdfs:comment", {"publisher": False}),
        ("dcterms:modified", "rdfs:comment", {"date": True}),
        ("void:dataDump", "rdfs:comment", {"way to the data": False}),
        ('rdfs:label "One"@en ;', "", {"labels": False}),
        ('"One"@en', '"One"', {"languages": True}),
        (":one a schema:Organization ;", ":one", {"types": False}),
        ("schema:sameAs", "schema:about", {"links": False}),
        (", <https://w3id.org/policykg/id/pakistan>", "", {"links to this graph": True}),
        ("schema:sameAs", "owl:sameAs", {"owl:sameAs": True}),
        (":one a", "[] a schema:Thing . :one a", {"nameless things": True}),
        (":one a", '<urn:two> a schema:Thing ; rdfs:label "Two"@en . :one a', {"names": False}),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, old: str, new: str, lacks: dict[str, bool]
) -> None:
    assert old in READY
    found = lacking(written(tmp_path, READY.replace(old, new)))
    assert lacks.items() <= found.items()
    if ":one a" not in old or new == "":
        assert found == lacks


def test_what_lacks_is_told_with_a_remedy(run: Run, tmp_path: Path) -> None:
    said = run("void", written(tmp_path, READY.replace("dcterms:license", "rdfs:comment")))
    assert said.exit_code == 1
    assert "lacks   licence: is missing\n        Add dcterms:license.\n" in said.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("data.ttl", "<a> <b>", r"data\.ttl, line 1"),
        ("data.ttl", "", "says nothing"),
        ("data.txt", "x", "No format is known"),
        ("data.jsonld", '{"@context": "http://127.0.0.1:1/c", "a": 1}', "data.jsonld"),
        ("data.rdf", '<!DOCTYPE r [<!ENTITY a "b">]><r/>', "XML entities"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(BadData, match=said) as error:
        readiness(written(tmp_path, text, name))
    assert str(tmp_path) not in str(error.value)
