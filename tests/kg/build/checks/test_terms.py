"""Undeclared terms and undescribed things are found, with a place and the nearest known name."""

from dataclasses import replace
from pathlib import Path

import pytest
from small import SmallReport

from kg.build.checks.terms import check_terms
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import TextFile
from kg.build.read import read_sources

DECLARE = "Declare it in ontology/."
DESCRIBE = "Describe it, with a type and a label."


def findings(small: SmallReport) -> list[Finding]:
    return list(check_terms(read_sources(small.settings, small.layout)).findings)


def where(small: SmallReport, name: str) -> str:
    return f"iceland-fisheries/report.ttl:{small.line(f'{name} a ')} {name}"


def test_the_real_report_has_none(linked_sources: Sources) -> None:
    result = check_terms(linked_sources)
    assert list(result.findings) == []
    quads = len(list(linked_sources.quads()))
    # Besides the statements, the terms in rules, queries and shapes were looked at.
    assert int(result.looked_at.removesuffix(" uses")) > quads + 500


@pytest.mark.parametrize(
    ("old", "new", "name", "message", "remedy"),
    [
        (
            "id:iceland a pol:Country",
            "id:iceland a pol:Contry",
            "id:iceland",
            "pol:Contry is not declared",
            "Did you mean pol:Country?",
        ),
        (
            "id:iceland a pol:Country",
            "id:iceland a pol:Xyzzy",
            "id:iceland",
            "pol:Xyzzy is not declared",
            DECLARE,
        ),
        (
            "pol:ofCountry id:iceland",
            "pol:offCountry id:iceland",
            "id:ministry-of-fisheries",
            "pol:offCountry is not declared",
            "Did you mean pol:ofCountry?",
        ),
        (
            "pol:ofCountry id:iceland",
            "<https://example.org/of> id:iceland",
            "id:ministry-of-fisheries",
            "<https://example.org/of> is not declared",
            DECLARE,
        ),
        (
            "pol:certainty pol:possible",
            "pol:certainty pol:posible",
            "id:iceland-fisheries-c002",
            "pol:posible is not declared",
            "Did you mean pol:possible?",
        ),
        (
            "pol:predicate pol:locatedIn",
            "pol:predicate <https://example.org/in>",
            "id:iceland-fisheries-c004",
            "<https://example.org/in> is not declared",
            DECLARE,
        ),
        (
            "pol:ofCountry id:iceland",
            "pol:ofCountry id:icelands",
            "id:ministry-of-fisheries",
            "id:icelands has no description with a label",
            "Did you mean id:iceland?",
        ),
        (
            "pol:ofCountry id:iceland",
            "pol:ofCountry id:qq",
            "id:ministry-of-fisheries",
            "id:qq has no description with a label",
            DESCRIBE,
        ),
        (
            "skos:inScheme topic:scheme",
            "skos:inScheme topic:schemes",
            "topic:fisheries",
            "topic:schemes has no description with a label",
            "Did you mean topic:scheme?",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith("declared") else "",
)
def test_what_is_not_known_is_found(
    small: SmallReport, old: str, new: str, name: str, message: str, remedy: str
) -> None:
    small.change(old, new)
    expected = Finding(where(small, name), message, remedy)
    found = findings(small)
    assert found == [expected]


def test_a_thing_without_a_label_is_found_where_it_is_pointed_to(small: SmallReport) -> None:
    small.change('id:fisheries-act a pol:LegalInstrument ;\n  rdfs:label "Fisheries Act"@en .', "")
    found = findings(small)
    assert {finding.where for finding in found} == {
        where(small, f"id:iceland-fisheries-c00{number}") for number in (2, 3)
    }
    assert {finding.message for finding in found} == {
        "id:fisheries-act has no description with a label"
    }


@pytest.mark.parametrize("kind", ["rules", "queries", "shapes"])
@pytest.mark.parametrize("spelled", ["pol:Contry", "<https://w3id.org/policykg/ontology#Contry>"])
def test_a_term_in_a_rule_a_query_or_a_shape_must_be_declared(
    sources: Sources, kind: str, spelled: str
) -> None:
    text = (
        f"# pol:NotMeant in a comment\nASK {{\n  ?x a {spelled}, pol:Country ; ?p 'pol:Text' }}\n"
    )
    file = TextFile(f"{kind}/a.rq", text)
    changed = replace(sources, **{kind: file if kind == "shapes" else [file]})
    assert list(check_terms(changed).findings) == [
        Finding(f"{kind}/a.rq:3", "pol:Contry is not declared", "Did you mean pol:Country?")
    ]


def test_each_fault_is_told_once_in_a_fixed_order(small: SmallReport, tmp_path: Path) -> None:
    text = small.file.read_text(encoding="utf-8").replace("pol:Finding", "pol:Findings")
    small.file.write_text(text, encoding="utf-8")
    found = findings(small)
    assert [finding.where for finding in found] == [
        where(small, f"id:iceland-fisheries-c00{number}") for number in (1, 4)
    ]
    assert {finding.remedy for finding in found} == {"Did you mean pol:Finding?"}
