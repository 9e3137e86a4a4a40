"""HermiT finds what contradicts itself, and the profile checker what leaves OWL 2 DL."""

from collections.abc import Callable
from pathlib import Path

import pytest
from requirements import require_java
from small import SmallReport

from kg.build.checks.consistency import check_consistency
from kg.build.checks.java import find_java
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.errors import BuildError

PREFIXES = """
@prefix id: <https://w3id.org/policykg/id/> .
@prefix pol: <https://w3id.org/policykg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def check(small: SmallReport) -> list[CheckResult]:
    return check_consistency(read_sources(small.settings, small.layout))


def add(file: Path, turtle: str) -> None:
    before = file.read_text(encoding="utf-8") if file.exists() else PREFIXES
    file.write_text(f"{before}\n{turtle}\n", encoding="utf-8")


def test_the_real_report_is_consistent_and_inside_the_profile(
    linked_sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # where a service of systemd is
    require_java()
    consistency, profile = check_consistency(linked_sources, required=True)
    assert (consistency.name, list(consistency.findings), consistency.skipped) == (
        "consistency",
        [],
        "",
    )
    assert (profile.name, list(profile.findings), profile.skipped) == ("profile", [], "")
    assert int(consistency.looked_at.removesuffix(" triples")) > 5000


def test_a_contradiction_names_the_file_without_which_there_is_none(small: SmallReport) -> None:
    require_java()
    # By way of a range: a member is an actor, and what it is a member of too.
    add(small.folder / "wrong.ttl", "id:fisheries-act pol:hasMember id:iceland .")
    (consistency, _) = check(small)
    assert list(consistency.findings) == [
        Finding(
            # Either file alone is consistent.
            "iceland-fisheries/report.ttl, iceland-fisheries/wrong.ttl",
            "The statements contradict each other",
            "Look for a thing with two kinds that exclude each other, by its own types or by the "
            "domains and ranges of its properties.",
        )
    ]


def test_a_contradiction_within_one_file_names_that_one(small: SmallReport) -> None:
    require_java()
    add(small.folder / "wrong.ttl", "id:someone a pol:Person, pol:Country .")
    (consistency, _) = check(small)
    assert [finding.where for finding in consistency.findings] == ["iceland-fisheries/wrong.ttl"]


def test_a_class_without_possible_members_is_found(
    small: SmallReport, copied_ontology: Callable[[], Path]
) -> None:
    require_java()
    file = copied_ontology() / "policykg.ttl"
    add(file, "pol:Impossible a owl:Class ; rdfs:subClassOf pol:Person, pol:Country .")
    line = (
        file.read_text(encoding="utf-8")
        .splitlines()
        .index("pol:Impossible a owl:Class ; rdfs:subClassOf pol:Person, pol:Country .")
    )
    (consistency, _) = check(small)
    assert list(consistency.findings) == [
        Finding(
            f"ontology/policykg.ttl:{line + 1} pol:Impossible",
            "No member of pol:Impossible is possible",
            "Two of its superclasses, domains or ranges exclude each other: correct one of them.",
        )
    ]


def test_an_axiom_outside_the_profile_is_found(
    small: SmallReport, copied_ontology: Callable[[], Path]
) -> None:
    require_java()
    add(copied_ontology() / "policykg.ttl", "pol:Report rdfs:subClassOf pol:NeverDeclared .")
    (consistency, profile) = check(small)
    assert list(consistency.findings) == []
    assert [finding.where for finding in profile.findings] == ["profile"]
    assert profile.findings[0].message.startswith("Use of undeclared class: pol:NeverDeclared")
    assert profile.findings[0].remedy == (
        "Change the axiom so that the ontology stays inside OWL 2 DL."
    )


def test_an_axiom_that_the_reasoner_does_not_take_is_found(
    small: SmallReport, copied_ontology: Callable[[], Path]
) -> None:
    require_java()
    # It is transitive, so it may not be functional.
    add(copied_ontology() / "policykg.ttl", "pol:locatedIn a owl:FunctionalProperty .")
    consistency, _ = check(small)
    (finding,) = consistency.findings
    assert finding.where == "consistency"
    assert finding.message.startswith(
        "HermiT cannot judge the graph: Non-simple property "
        "'<https://w3id.org/policykg/ontology#locatedIn>'"
    )
    assert finding.remedy == "Look for an axiom or a literal that HermiT does not know."


@pytest.mark.usefixtures("no_java")
def test_without_java_each_check_says_in_one_line_that_it_was_not_run(small: SmallReport) -> None:
    assert check(small) == [
        CheckResult(name, "-", skipped="not run: no Java found")
        for name in ("consistency", "profile")
    ]


@pytest.mark.usefixtures("no_java")
def test_without_java_the_checks_fail_if_they_are_required(small: SmallReport) -> None:
    results = check_consistency(read_sources(small.settings, small.layout), required=True)
    assert results == [
        CheckResult(
            name,
            "-",
            [
                Finding(
                    name,
                    "The check cannot run: no Java found",
                    "Install a Java development kit, or leave --require-reasoner out.",
                )
            ],
        )
        for name in ("consistency", "profile")
    ]


def fake_java(folder: Path, script: str) -> None:
    folder.mkdir(parents=True)
    command = folder / "java"
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    command.chmod(0o755)


@pytest.mark.usefixtures("no_java")
def test_a_java_that_fails_is_an_error_and_not_a_pass(
    small: SmallReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_java(tmp_path / "jdk" / "bin", "echo 'out of memory.' >&2; exit 3")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    consistency, _ = check(small)
    assert list(consistency.findings) == [
        Finding(
            "consistency",
            "HermiT cannot judge the graph: out of memory",
            "Look for an axiom or a literal that HermiT does not know.",
        )
    ]


@pytest.mark.usefixtures("no_java")
def test_a_profile_checker_that_fails_is_an_error_and_not_a_pass(
    small: SmallReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # HermiT is called by its class, the profile checker by its file.
    script = 'case "$*" in *--list-modules*) echo jdk.compiler@17;; *.java*) exit 1;; esac'
    fake_java(tmp_path / "jdk" / "bin", script)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    with pytest.raises(BuildError) as caught:
        check(small)
    assert caught.value.detail == "The profile checker failed: no message"
    assert caught.value.where == "profile"
    assert caught.value.remedy == ("Run it with another Java development kit (11 or later).")


@pytest.mark.usefixtures("no_java")
def test_a_runtime_without_a_compiler_leaves_the_profile_out(
    small: SmallReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_java(tmp_path / "jre" / "bin", "exit 0")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jre"))
    consistency, profile = check(small)
    assert list(consistency.findings) == []
    assert profile.skipped == "not run: Java is no development kit (JDK)"


def test_java_is_found_by_java_home_before_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_java(tmp_path / "one" / "bin", "exit 0")
    fake_java(tmp_path / "two", "exit 0")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "one"))
    monkeypatch.setenv("PATH", str(tmp_path / "two"))
    java = find_java()
    assert java is not None
    assert java.command == str(tmp_path / "one" / "bin" / "java")
    assert java.archive.is_file()
    monkeypatch.delenv("JAVA_HOME")
    java = find_java()
    assert java is not None
    assert java.command == str(tmp_path / "two" / "java")
