"""Lines come in the order of their bytes, however many there are and however few fit in memory."""

import random

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.build.counting import count
from kg.build.ordering import in_order
from kg.build.ordering import store_lines

BASE = "https://w3id.org/policykg/"


@pytest.mark.parametrize("number", [0, 1, 6, 7, 8, 14, 50])
def test_runs_that_wait_on_the_disk_are_merged(number: int) -> None:
    lines = [f"{random.Random(place).random()}\n".encode() for place in range(number)]
    assert list(in_order(lines, 7)) == sorted(lines)


def test_lines_are_ordered_like_the_terms_in_them() -> None:
    values = [
        *(NamedNode("urn:a"), NamedNode("urn:ab"), NamedNode("urn:a/b"), NamedNode("urn:ä")),
        *(Literal("a"), Literal("a", language="en"), Literal("a", language="en-gb")),
        *(Literal("a b"), Literal("ab"), Literal('a"'), Literal("a\nb"), Literal("\U0001f600")),
        Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ]
    nodes = [value for value in values if isinstance(value, NamedNode)]
    quads = [Quad(s, p, o, g) for s in nodes for p in nodes for o in values for g in nodes[:2]]
    random.Random(1).shuffle(quads)
    store = Store()
    store.extend(quads)
    whole = sorted(quads, key=lambda q: tuple(map(str, q)))
    assert list(store_lines(store)) == [f"{quad} .\n".encode() for quad in whole]
    graph = nodes[0]
    of_graph = [f"{q.triple} .\n".encode() for q in whole if q.graph_name == graph]
    assert list(store_lines(store, graph)) == of_graph


def test_a_statement_of_two_graphs_counts_once() -> None:
    thing, other = NamedNode(f"{BASE}id/a"), NamedNode(f"{BASE}topic/b")
    near, one, two = NamedNode("urn:p"), NamedNode("urn:g1"), NamedNode("urn:g2")
    store = Store()
    for graph in (one, two):
        store.add(Quad(thing, near, other, graph))
        store.add(Quad(other, near, Literal("x y", language="en"), graph))
    counts = count(store_lines(store), BASE)
    assert (counts.triples, counts.subjects, counts.objects) == (2, 2, 2)
    assert (counts.entities, counts.uses["urn:p"]) == (2, 2)
    assert counts.graphs == {"urn:g1": 2, "urn:g2": 2}
