"""Values are written into each group that names their variables, and nowhere else."""

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import QuerySolutions
from pyoxigraph import Store
from pyoxigraph import Variable

from kg.engine.interface import Term
from kg.engine.remote.binding import with_values

A = NamedNode("urn:a")
X: dict[str, Term] = {"x": A}


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ("SELECT * { ?x ?p ?o }", "SELECT * { VALUES (?x) { (<urn:a>) } <urn:a> ?p ?o }"),
        ("SELECT ?x { ?s ?p ?o }", "SELECT ?x { VALUES (?x) { (<urn:a>) } ?s ?p ?o }"),
        ("ASK { ?s ?p ?o }", "ASK { ?s ?p ?o }"),
        (
            "CONSTRUCT { ?x ?p ?o } WHERE { ?x ?p ?o }",
            "CONSTRUCT { ?x ?p ?o } WHERE { VALUES (?x) { (<urn:a>) } <urn:a> ?p ?o }",
        ),
        (
            "SELECT * { { SELECT ?x { ?x ?p ?o } LIMIT 1 } }",
            "SELECT * { { SELECT ?x { VALUES (?x) { (<urn:a>) } <urn:a> ?p ?o } LIMIT 1 } }",
        ),
        (
            "SELECT * { VALUES ?x { <urn:b> } ?s ?p ?o FILTER NOT EXISTS { ?x ?p ?s } }",
            "SELECT * { VALUES ?x { <urn:b> } ?s ?p ?o FILTER NOT EXISTS { VALUES (?x) "
            "{ (<urn:a>) } <urn:a> ?p ?s } }",
        ),
        (
            "SELECT * { ?x ?p ?o # ( \n FILTER (?o = ?x) BIND (1 AS ?n) GRAPH ?x { ?s ?p ?x } }",
            "SELECT * { VALUES (?x) { (<urn:a>) } <urn:a> ?p ?o # ( \n FILTER (?o = ?x) "
            "BIND (1 AS ?n) GRAPH <urn:a> { VALUES (?x) { (<urn:a>) } ?s ?p <urn:a> } }",
        ),
        ('SELECT * { ?s ?p "{ ?x" } # { ?x', 'SELECT * { ?s ?p "{ ?x" } # { ?x'),
    ],
)
def test_where_values_stand(query: str, bound: str) -> None:
    assert with_values(query, X) == bound


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x ?o { ?x ?p ?o }",
        "SELECT ?x (COUNT(?o) AS ?n) { ?x ?p ?o } GROUP BY ?x",
        "SELECT ?x ?o { { ?x <urn:p> ?o } UNION { ?s <urn:q> ?o FILTER (?s = ?x) } }",
        "SELECT ?x ?s { ?s ?p ?o OPTIONAL { ?s <urn:q> ?z FILTER (?z = ?x) } }",
        "SELECT ?x ?l { ?s <urn:p> ?o BIND (STR(?x) AS ?l) }",
        "SELECT ?x ?n { { SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o } GROUP BY ?x } }",
        "SELECT ?x ?s { ?s <urn:q> ?o MINUS { ?s <urn:q> ?x } }",
        "SELECT ?x ?s { ?s <urn:q>* ?x FILTER (?s != ?x) }",
    ],
)
def test_the_answer_is_that_of_the_engines_own_binding(query: str) -> None:
    store = Store()
    store.update(
        'INSERT DATA { <urn:a> <urn:p> <urn:b>, "c" ; <urn:q> <urn:a> . <urn:b> <urn:q> <urn:a> . '
        "<urn:d> <urn:p> <urn:e> ; <urn:q> <urn:f> }"
    )
    assert rows(store, with_values(query, X), {}) == rows(store, query, X)
    assert rows(store, query, X)


def test_a_value_is_never_read_as_sparql() -> None:
    hostile = Literal('"} } INSERT DATA { <urn:a> <urn:b> <urn:c> } #\\')
    store = Store()
    store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    text = with_values("SELECT ?x ?s { ?s ?p ?o }", {"x": hostile})
    assert [row[0] for row in rows(store, text, {})] == [str(hostile)]


def rows(store: Store, query: str, values: dict[str, Term]) -> list[tuple[str, ...]]:
    bound = {Variable(name): term for name, term in values.items()}
    found = store.query(query, substitutions=bound) if bound else store.query(query)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return sorted(tuple(str(row[name]) for name in names) for row in found)
