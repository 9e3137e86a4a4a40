"""Rules run until nothing is new, whatever their order, and never make a blank node."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store

from kg.build.derive import derive
from kg.build.read import Sources
from kg.build.rules import Rule
from kg.build.rules import read_rules
from kg.errors import BuildError

CHAIN = "<urn:a> <urn:next> <urn:b> . <urn:b> <urn:next> <urn:c> . <urn:c> <urn:next> <urn:d> ."
STEP = "CONSTRUCT { ?x <urn:later> ?y } WHERE { ?x <urn:next> ?y }"
TRANSITIVE = "CONSTRUCT { ?x <urn:later> ?z } WHERE { ?x <urn:later> ?y . ?y <urn:later> ?z }"
GRAPH = "urn:derived"


def rule(name: str, text: str, kind: str = "closure") -> Rule:
    return Rule(name, name, name, kind, text, f"ontology/rules/{name}.rq")  # type: ignore[arg-type]


def store_of(turtle: str) -> Store:
    store = Store()
    store.load(turtle.encode(), format=RdfFormat.TURTLE, to_graph=NamedNode("urn:given"))
    return store


def in_graph(store: Store, graph: str = GRAPH) -> set[tuple[str, str, str]]:
    return {
        tuple(str(term).strip("<>").removeprefix("urn:") for term in quad)[:3]  # type: ignore[misc]
        for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
    }


def test_closure_rules_reach_a_fixpoint() -> None:
    store = store_of(CHAIN)
    derivation = derive(store, [rule("step", STEP), rule("transitive", TRANSITIVE)], GRAPH)
    pairs = {("a", "b"), ("b", "c"), ("c", "d"), ("a", "c"), ("b", "d"), ("a", "d")}
    assert in_graph(store) == {(x, "later", y) for x, y in pairs}
    assert derivation.total == 6
    assert derivation.by_rule == {"step": 3, "transitive": 3}


def test_the_order_of_the_rules_does_not_matter() -> None:
    results = []
    for rules in (
        [rule("step", STEP), rule("transitive", TRANSITIVE)],
        [rule("transitive", TRANSITIVE), rule("step", STEP, "shortcut")],
    ):
        store = store_of(CHAIN)
        derive(store, rules, GRAPH)
        results.append(in_graph(store))
    assert results[0] == results[1]


def test_what_is_asserted_is_not_derived_again() -> None:
    store = store_of(CHAIN + " <urn:a> <urn:later> <urn:b> .")
    assert derive(store, [rule("step", STEP)], GRAPH).total == 2
    assert ("a", "later", "b") not in in_graph(store)


def test_nothing_is_added_to_the_graphs_that_are_there() -> None:
    store = store_of(CHAIN)
    before = in_graph(store, "urn:given")
    derive(store, [rule("step", STEP)], GRAPH)
    assert in_graph(store, "urn:given") == before


def test_a_second_run_adds_nothing() -> None:
    store = store_of(CHAIN)
    rules = [rule("step", STEP), rule("transitive", TRANSITIVE)]
    derive(store, rules, GRAPH)
    assert derive(store, rules, "urn:again").total == 0


@pytest.mark.parametrize(
    "template", ["_:node <urn:of> ?x", "?x <urn:of> _:node"], ids=["subject", "object"]
)
def test_a_rule_that_makes_a_blank_node_is_refused(template: str) -> None:
    store = store_of("<urn:a> <urn:next> <urn:b> .")
    text = f"CONSTRUCT {{ {template} }} WHERE {{ ?x <urn:next> ?y }}"
    with pytest.raises(BuildError) as caught:
        derive(store, [rule("blank", text)], GRAPH)
    assert caught.value.detail.startswith("The rule makes a blank node: ")
    assert caught.value.where == "ontology/rules/blank.rq"
    assert caught.value.remedy == (
        "Make an IRI from what the node depends on, with IRI(CONCAT(...))."
    )
    assert in_graph(store) == set()


def test_every_packaged_rule_adds_to_the_real_report(built: Path, sources: Sources) -> None:
    store = Store()
    store.extend(sources.quads())
    derivation = derive(store, read_rules(sources.rules), sources.graph("derived"))
    # The ontology states its symmetric and inverse properties in full; see test_rule_files.py.
    idle = {name for name, count in derivation.by_rule.items() if count == 0}
    assert idle <= {"closure-transitive"}
    assert derivation.total == len(list(store)) - len(set(sources.quads()))


def test_the_direct_statement_and_its_record_stand_in_the_derived_graph(built: Path) -> None:
    store = Store.read_only(str(built / "current" / "store"))
    base = "https://w3id.org/policykg/"
    direct = Quad(
        NamedNode(f"{base}id/national-action-plan"),
        NamedNode(f"{base}ontology#hasGoal"),
        NamedNode(f"{base}id/goal-combat-terrorism"),
        NamedNode(f"{base}graph/derived"),
    )
    assert direct in store
