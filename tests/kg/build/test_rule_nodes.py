"""Each rule is a thing of the graph, with a name and a description."""

from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.build.read import Sources
from kg.build.rule_nodes import rule_quads
from kg.build.rules import Rule
from kg.build.rules import read_rules
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import BASE
from kg.namespaces import PREFIXES

RULE = Rule("a-rule", "A rule", "It does something.", "closure", "", "rules/a-rule.rq")
PREFIX_LINES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def test_a_rule_becomes_three_statements() -> None:
    quads = rule_quads([RULE], "https://example.org/")
    node = NamedNode("https://example.org/id/rule-a-rule")
    assert {quad.subject for quad in quads} == {node}
    assert {quad.graph_name for quad in quads} == {NamedNode("https://example.org/graph/rules")}
    assert [(quad.predicate.value.rpartition("#")[2], quad.object) for quad in quads] == [
        ("type", NamedNode(f"{BASE}ontology#Rule")),
        ("label", Literal("A rule", language="en")),
        ("http://purl.org/dc/terms/description", Literal("It does something.", language="en")),
    ]


def test_every_rule_file_is_in_the_graph(sources: Sources, engine: EmbeddedEngine) -> None:
    rows = engine.rows(
        Query(
            f"{PREFIX_LINES}SELECT ?rule ?label ?text WHERE {{ GRAPH graph:rules "
            "{ ?rule a pol:Rule ; rdfs:label ?label ; dcterms:description ?text } }"
        )
    )
    found = {tuple(row[name].value for name in ("rule", "label", "text")) for row in rows}  # type: ignore[union-attr]
    rules = read_rules(sources.rules)
    assert found == {(f"{BASE}id/rule-{r.name}", r.title, r.description) for r in rules}
    assert len(found) == len(rules) > 10


def test_every_rule_that_a_derivation_names_is_described(engine: EmbeddedEngine) -> None:
    rows = engine.rows(
        Query(
            f"{PREFIX_LINES}SELECT DISTINCT ?rule ?label WHERE "
            "{ ?derivation pol:rule ?rule OPTIONAL { ?rule rdfs:label ?label } }"
        )
    )
    assert len(rows) == 2
    assert all("label" in row for row in rows)


@pytest.mark.parametrize("name", ["direct-object", "direct-value"])
def test_a_rule_file_names_its_own_node(name: str) -> None:
    file = Path(__file__).parents[3] / "ontology" / "rules" / f"{name}.rq"
    assert f"pol:rule id:rule-{name} ;" in file.read_text(encoding="utf-8")
