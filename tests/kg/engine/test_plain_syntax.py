"""What people are told of a query that does not parse."""

import time

import pytest

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.plain_syntax import plain_reason
from kg.errors import QuerySyntaxError


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * WHERE { ?s ?p", "it ends too early; the { of line 1 is still open"),
        ("SELECT * WHERE {\n ?s ?p (?o\n}", "“}” cannot stand here after “?o”"),
        ("SELEC ?x {}", "“SELEC” in line 1 is no keyword; SELECT is"),
        ("SELECT ?x {\n ?x a ?y\n OPTINAL { ?x ?y ?z } }", "“OPTINAL” in line 3 is no keyword"),
        ("SELECT ?x { ?x a pol:Goal }", "the prefix pol: is not declared; begin with PREFIX pol:"),
        ("SELECT ?x { ?x a ?y } LIMIT x", "“x” cannot stand here after “LIMIT”"),
        ("SELECT ?x { FILTER }", "it cannot end with “}” after “FILTER”"),
        ("SELECT ?x { ?x ?y ?z } GROUP BY ?z", "the SELECT contains a variable that is unbound"),
        ("SELECT * { ?s ?p 'abc }", "the ' of line 1 has no other one in that line"),
        ("SELECT * { ?s ?p ?o } # {\n}", "it cannot end with “}” after “}”"),
        ("SELECT * { ?s ?p '{{{' . <http://a/'> ?p", "the { of line 1 is still open"),
    ],
)
def test_reason_is_told_in_words_of_the_query(
    engine: EmbeddedEngine, query: str, said: str
) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        engine.rows(Query(query))
    assert said in error.value.detail
    assert error.value.detail.startswith("The query does not parse: ")
    assert error.value.line is not None


def test_reason_of_another_kind_stays() -> None:
    assert plain_reason("Too many variables", "SELECT", 1, 1) == "Too many variables"


@pytest.mark.parametrize("piece", ["'a' ", "{", "<a>", "x ", "(", '"', "?x "])
def test_megabyte_is_told_as_quickly(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.monotonic()
    assert plain_reason("expected one of x", text, 1, len(text))
    assert plain_reason("expected one of x", text[:49_000], 1, 40_000)
    assert time.monotonic() - began < 20
