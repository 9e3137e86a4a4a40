"""Which queries may be answered from a cache, and what form of result they ask for."""

import pytest

from kg.engine.repeatable import is_repeatable
from kg.engine.repeatable import result_form


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?now ?rand { ?now ?rand 'NOW() RAND() UUID()' } # STRUUID()",
        "PREFIX rand: <urn:now> SELECT * { rand:now rand:uuid ?known }",
        "SELECT * { [] ?p _:b }",
        "SELECT ?service { ?service a <urn:SERVICE> }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_repeatable(query: str) -> None:
    assert is_repeatable(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (rand() AS ?r) {}",
        "SELECT (UUID() AS ?u) {}",
        "SELECT (StrUUID() AS ?u) {}",
        "SELECT (BNODE() AS ?b) {}",
        r"SELECT (\u004eOW() AS ?t) {}",
        "SELECT * { FILTER(1<2&&1<RAND()) }",
        "SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE:x { ?s ?p ?o } }",
        "CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { _:b ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_not_repeatable(query: str) -> None:
    assert not is_repeatable(query)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "bindings"),
        ("# CONSTRUCT\nBASE <urn:ASK>\nPREFIX describe: <urn:x> ask {}", "boolean"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }", "graph"),
        ("describe <urn:x>", "graph"),
        ("?select", None),
    ],
)
def test_the_form_of_the_result(query: str, form: str | None) -> None:
    assert result_form(query) == form
