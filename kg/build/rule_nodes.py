"""The derivation rules as things of the graph, so that what they derived can name them."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.rules import Rule
from kg.namespaces import DCTERMS
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS

GRAPH: Final = "rules"  # the name of the graph that describes the rules


def rule_quads(rules: Iterable[Rule], base: str) -> list[Quad]:
    """Return the statements that describe ``rules``: the rule ``x`` is ``<base>id/rule-x``.

    That is the IRI which a rule file writes where it records a derivation.
    """
    graph = NamedNode(f"{base}graph/{GRAPH}")
    quads = []
    for rule in rules:
        node = NamedNode(f"{base}id/rule-{rule.name}")
        for predicate, value in (
            (RDF + "type", NamedNode(POL + "Rule")),
            (RDFS + "label", Literal(rule.title, language="en")),
            (DCTERMS + "description", Literal(rule.description, language="en")),
        ):
            quads.append(Quad(node, NamedNode(predicate), value, graph))
    return quads
