"""Every constraint of every shape fails on a mutant of the real data: none passes vacuously."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from rdflib import RDF
from rdflib import SH
from rdflib import BNode
from rdflib import Graph
from small import SmallReport

from kg.build.checks import mutants as checking
from kg.build.checks.mutants import COMBINING
from kg.build.checks.mutants import Row
from kg.build.checks.mutants import Trial
from kg.build.checks.mutation import Constraint
from kg.build.checks.mutation import constraints
from kg.build.checks.shapes import TARGETS
from kg.build.checks.shapes import focus_nodes
from kg.build.checks.shapes import named_shape
from kg.build.checks.shapes import violations
from kg.build.layout import packaged_layout
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.errors import SourceSyntaxError
from kg.settings import Settings

ROWS = checking.read_rows(packaged_layout())
# The shapes are read when the tests are collected, to name each constraint.
TEXT = read_sources(Settings()).shapes.text


@cache
def shapes() -> Graph:
    return Graph().parse(data=TEXT, format="turtle")


CONSTRAINTS = sorted(constraints(shapes()), key=str)
BY_RULE = [one for one in CONSTRAINTS if one.parameter not in COMBINING]


@pytest.fixture(scope="module")
def trial(linked_sources: Sources) -> Trial:
    # A nameless shape is the same only in the same graph.
    return Trial(checking.trial(linked_sources).data, shapes())


def test_the_real_data_conform_to_every_shape(trial: Trial) -> None:
    assert violations(trial.data, shapes()) == []


def test_every_shape_with_a_target_meets_nodes_of_the_real_data(trial: Trial) -> None:
    counts = focus_nodes(trial.data, shapes())
    assert [shape for shape, count in counts.items() if count == 0] == []
    assert set(counts) == {str(one.target_shape) for one in CONSTRAINTS}


def test_every_target_of_every_shape_meets_nodes_of_the_real_data(trial: Trial) -> None:
    targets = {(one.target_shape, one.target) for one in CONSTRAINTS}
    unmet = [
        (str(shape), by, node)
        for shape, (by, node) in targets
        if not any(TARGETS[by](trial.data, node))
    ]
    assert unmet == []


@pytest.mark.parametrize("constraint", BY_RULE, ids=map(str, BY_RULE))
def test_a_mutant_breaks_the_constraint(constraint: Constraint, trial: Trial) -> None:
    size = len(trial.data)
    assert trial.breaks(constraint)
    assert len(trial.data) == size


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.shape}: {row.breaks}" for row in ROWS])
def test_a_mutant_breaks_the_combination(row: Row, trial: Trial) -> None:
    assert trial.breaks_combination(row)


def test_every_combination_has_as_many_mutants_as_it_can_break_in_ways() -> None:
    wanted: Counter[str] = Counter()
    for shape, parameter in {(one.shape, one.parameter) for one in CONSTRAINTS}:
        if parameter in COMBINING:
            lists = len(list(shapes().objects(shape, parameter)))
            name = named_shape(shapes(), shape).rsplit("/", 1)[-1]
            wanted[name] += 2 if parameter == SH.xone else lists
    have = Counter(row.shape for row in ROWS)
    assert wanted
    assert {name: have[name] for name in wanted} == wanted


def test_no_shape_is_out_of_reach_of_the_mutants() -> None:
    declared = {
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes().subjects(RDF.type, kind)
    }
    reached = {one.shape for one in CONSTRAINTS} | {one.target_shape for one in CONSTRAINTS}
    assert {str(shape) for shape in declared - reached if not isinstance(shape, BNode)} == set()


def test_the_check_counts_the_mutants(linked_sources: Sources) -> None:
    result = checking.check_mutants(linked_sources, ROWS)
    made = len(BY_RULE) + len(ROWS)
    assert list(result.findings) == []
    assert result.looked_at == f"{made} mutants, {made} caught"


def test_a_mutant_that_is_let_through_is_found(linked_sources: Sources) -> None:
    # The constraint stays where it is, but its shape is no longer heeded.
    lame = re.sub(r"(?m)^shape:source-text-length a [^;]*;", r"\g<0> sh:deactivated true ;", TEXT)
    assert lame != TEXT
    spoilt = replace(linked_sources, shapes=replace(linked_sources.shapes, text=lame))
    findings = checking.check_mutants(spoilt, ()).findings
    passed = "a mutant passes source-text SourceText source-text-length"
    assert findings
    assert {one.message.rpartition(" ")[0] for one in findings} == {passed}


def test_mutants_of_data_that_have_changed_are_found(linked_sources: Sources) -> None:
    row = replace(ROWS[0], remove=["pol:undertakes"])
    unknown = replace(ROWS[0], shape="claim-evidence")
    findings = checking.check_mutants(linked_sources, [row, unknown]).findings
    assert [finding.message for finding in findings] == [
        f"{row.node} has no pol:undertakes to remove",
        "shape:claim-evidence combines no others",
    ]


@pytest.mark.parametrize("text", ["[[mutant]", '[[mutant]]\nbreaks = "no shape"', "\x80"])
def test_a_file_of_mutants_that_cannot_be_read_is_named(small: SmallReport, text: str) -> None:
    (small.folder / "mutants.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceSyntaxError, match=r"iceland-fisheries/mutants\.toml"):
        checking.read_rows(small.layout)


def test_constraints_without_nodes_are_counted(small: SmallReport) -> None:
    result = checking.check_mutants(read_sources(small.settings, small.layout), ())
    assert list(result.findings) == []
    assert result.counts["unmet"] > 0
    assert f"{result.counts['unmet']} constraints meet no node" in result.looked_at


def test_the_mutants_ship() -> None:
    assert {row.file for row in ROWS} == {"usip-charting-pakistan/mutants.toml"}
