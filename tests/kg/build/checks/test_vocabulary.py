"""The ontology documents itself; what it leaves out is found with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small import SmallReport

from kg.build.checks.vocabulary import check_vocabulary
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import read_sources


def test_the_real_ontology_has_no_findings(sources: Sources) -> None:
    result = check_vocabulary(sources)
    assert list(result.findings) == []
    assert int(result.looked_at.removesuffix(" terms")) > 200


def changed(
    small: SmallReport, copied_ontology: Callable[[], Path], old: str, new: str
) -> list[Finding]:
    file = copied_ontology() / "policykg.ttl"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return list(check_vocabulary(read_sources(small.settings, small.layout)).findings)


@pytest.mark.parametrize(
    ("line", "property"),
    [
        ("  owl:priorVersion <https://w3id.org/policykg/ontology/0.1.0> ;\n", "owl:priorVersion"),
        ("  owl:versionIRI <https://w3id.org/policykg/ontology/1.0.0> ;\n", "owl:versionIRI"),
        ('  dcterms:creator "The policykg maintainers" ;\n', "dcterms:creator"),
        ('  vann:preferredNamespacePrefix "pol" ;\n', "vann:preferredNamespacePrefix"),
    ],
)
def test_a_header_without_a_part_is_found(
    small: SmallReport, copied_ontology: Callable[[], Path], line: str, property: str
) -> None:
    assert changed(small, copied_ontology, line, "") == [
        Finding("ontology/policykg.ttl", f"The header has no {property}", "Add it.")
    ]


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ('rdfs:label "x"@en ; skos:definition "d"@en ; skos:example "e"@en', []),
        ('rdfs:label "x"@en ; skos:definition "d"@en ; skos:scopeNote "e"@en', []),
        ('skos:definition "d"@en ; skos:example "e"@en', ["The term has no rdfs:label"]),
        ('rdfs:label "x"@en ; skos:example "e"@en', ["The term has no skos:definition"]),
        (
            'rdfs:label "x"@en ; skos:definition "d"@en',
            ["The term has neither skos:example nor skos:scopeNote"],
        ),
    ],
)
def test_a_term_without_a_part_is_found(
    small: SmallReport, copied_ontology: Callable[[], Path], given: str, messages: list[str]
) -> None:
    mark = "# Classes\n"
    found = changed(small, copied_ontology, mark, f"{mark}\npol:New a owl:Class ; {given} .\n")
    text = (small.layout.ontology / "policykg.ttl").read_text(encoding="utf-8").splitlines()
    line = 1 + next(i for i, row in enumerate(text) if row.startswith("pol:New "))
    assert [finding.message for finding in found] == messages
    assert {f.where for f in found} <= {f"ontology/policykg.ttl:{line} pol:New"}
