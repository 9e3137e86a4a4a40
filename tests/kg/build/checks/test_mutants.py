"""Every constraint of every shape fails on a mutant of the real data: none passes vacuously."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import mutation
import pytest
from mutation import Breaker
from mutation import Change
from mutation import Constraint
from rdflib import RDF
from rdflib import SH
from rdflib import BNode
from rdflib import Graph
from rdflib import URIRef
from rdflib.term import Node

from kg.build.checks import shapes as checking
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.namespaces import PREFIXES
from kg.namespaces import expand
from kg.settings import Settings

COMBINING = (SH.xone, SH["or"], SH["not"], SH["and"])
ROWS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("mutants.toml").read_text(encoding="utf-8")
)["mutant"]


@cache
def shapes() -> Graph:
    """Return the shapes; they are read when the tests are collected, to name each constraint."""
    text = read_sources(Settings()).shapes.text
    return Graph().parse(data=text, format="turtle")


CONSTRAINTS = sorted(mutation.constraints(shapes()), key=str)
BY_RULE = [one for one in CONSTRAINTS if one.parameter not in COMBINING]


@pytest.fixture(scope="module")
def data(linked_sources: Sources) -> Graph:
    return checking.rdflib_graph(linked_sources.quads())


def nodes(data: Graph, predicate: Node, target: Node) -> Iterator[Node]:
    return checking._TARGETS[predicate](data, target)


def named(shape: Node | None) -> str:
    return checking._named_shape(shapes(), shape)


def broken(data: Graph, change: Change) -> list[tuple[str, Node]]:
    """Return the shape and the kind of constraint of each result on the changed node."""
    size = len(data)
    change.apply(data)
    try:
        _, report = checking.validation_report(data, shapes(), [change.focus])
    finally:
        change.undo(data)
    assert len(data) == size
    return [
        (named(report.value(result, SH.sourceShape)), component)
        for result, component in report.subject_objects(SH.sourceConstraintComponent)
        if report.value(result, SH.focusNode) == change.focus
    ]


def test_the_real_data_conform_to_every_shape(data: Graph) -> None:
    assert checking.violations(data, shapes()) == []


def test_every_shape_with_a_target_meets_nodes_of_the_real_data(data: Graph) -> None:
    counts = checking.focus_nodes(data, shapes())
    assert [shape for shape, count in counts.items() if count == 0] == []
    assert set(counts) == {str(one.target_shape) for one in CONSTRAINTS}


def test_every_target_of_every_shape_meets_nodes_of_the_real_data(data: Graph) -> None:
    targets = {(one.target_shape, one.target) for one in CONSTRAINTS}
    unmet = [(str(shape), t) for shape, t in targets if not any(nodes(data, *t))]
    assert unmet == []


@pytest.mark.parametrize("constraint", BY_RULE, ids=map(str, BY_RULE))
def test_a_mutant_breaks_the_constraint(constraint: Constraint, data: Graph) -> None:
    change = Breaker(data, shapes(), nodes).change(constraint)
    expected = (named(constraint.shape), constraint.component)
    assert expected in broken(data, change), f"{change} is not caught"


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['shape']}: {row['breaks']}" for row in ROWS])
def test_a_mutant_breaks_the_combination(row: dict[str, Any], data: Graph) -> None:
    change = change_of(row, data)
    shape = str(URIRef(f"https://w3id.org/policykg/shape/{row['shape']}"))
    components = {component for found, component in broken(data, change) if found == shape}
    kinds = [p for p in COMBINING if shapes().value(URIRef(shape), p)]
    name = mutation.local(kinds[0])
    assert components == {SH[f"{name.capitalize()}ConstraintComponent"]}


def change_of(row: dict[str, Any], data: Graph) -> Change:
    node = URIRef(expand(row["node"]))
    change = Change(node)
    for name in row.get("remove", []):
        prop = URIRef(expand(name.removeprefix("^")))
        pattern = (None, prop, node) if name.startswith("^") else (node, prop, None)
        found = list(data.triples(pattern))
        assert found, f"{row['node']} has no {name} to remove"
        change.removed += found
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    if "add" in row:
        change.added += Graph().parse(data=f"{prefixes}<{node}> {row['add']} .", format="turtle")
    assert not any(triple in data for triple in change.added)
    return change


def test_every_combination_has_as_many_mutants_as_it_can_break_in_ways() -> None:
    wanted: Counter[str] = Counter()
    for shape, parameter in {(one.shape, one.parameter) for one in CONSTRAINTS}:
        if parameter in COMBINING:
            lists = len(list(shapes().objects(shape, parameter)))
            wanted[named(shape).rsplit("/", 1)[-1]] += 2 if parameter == SH.xone else lists
    have = Counter(row["shape"] for row in ROWS)
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
