"""SERVICE and FROM are found by the grammar's tokens, whatever stands around them."""

import pytest

from kg.engine.guard import asks_elsewhere
from kg.engine.guard import dataset_graphs
from kg.errors import QueryRefused

ELSEWHERE = "<http://127.0.0.1/sparql> { ?a ?b ?c }"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE {ELSEWHERE} }}",
        f"SELECT * {{ service silent {ELSEWHERE} }}",
        f"SELECT * {{ SeRvIcE{ELSEWHERE} }}",
        f"SELECT * {{ # a comment\n SERVICE {ELSEWHERE} }}",
        f"SELECT * {{ # a comment\r SERVICE {ELSEWHERE} }}",
        f"SELECT * {{ S\\u0045RVICE {ELSEWHERE} }}",
        f'SELECT * {{ ?s ?p "\\"" . SERVICE {ELSEWHERE} FILTER ("" = "\\"") }}',
        f"SELECT * {{ ?s ?p '\\'' . SERVICE {ELSEWHERE} FILTER ('' = '\\'') }}",
        f'SELECT * {{ ?s ?p """a " b""" . SERVICE {ELSEWHERE} }}',
        f"SELECT * {{ ?s <http://example.org/#> ?o . SERVICE {ELSEWHERE} }}",
        "SELECT * { SERVICE ?where { ?a ?b ?c } }",
    ],
)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="does not ask other endpoints"):
        asks_elsewhere(query)


@pytest.mark.parametrize(
    "query",
    [
        # The engine reads keywords without a space around them.
        "PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:x { ?a ?b ?c } }",
        "PREFIX SERVICE: <http://x/> PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:x { } }",
        "PREFIX e: <http://127.0.0.1/> SELECT * { SERVICESILENTe:x { ?a ?b ?c } }",
        f"SELECT * {{ SERVICESILENT{ELSEWHERE} }}",
        f"SELECT * {{ ?s ?p 1SERVICE {ELSEWHERE} }}",
        f"SELECT * {{ ?s ?p 1e5SERVICE {ELSEWHERE} }}",
        f"SELECT * {{ ?s ?p trueSERVICE {ELSEWHERE} }}",
        # Resolving escapes first would make long strings of these, with the clause inside.
        f"SELECT * {{ BIND ('\\u0027' AS ?x) SERVICE {ELSEWHERE} BIND ('\\u0027' AS ?y) }}",
        # An escape that the engine does not know makes it read two short strings and a comment.
        f'SELECT * {{ VALUES ?x {{"""a"}} SERVICE {ELSEWHERE} # \\q """\n }}',
        # A comparison, and a comment or a string after it, may look like a relative IRI.
        f"SELECT * {{ FILTER (?a<1#>'''\n) SERVICE {ELSEWHERE} #'''\n }}",
        f"SELECT * {{ FILTER (?a<'>') SERVICE{ELSEWHERE} FILTER (?a<'>') }}",
        # Both readings of the escapes at once.
        f"SELECT * {{ ?s <http://a/\\u0041#> '\\u0027' . SERVICE {ELSEWHERE} FILTER (''='') }}",
    ],
)
def test_hidden_service_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="does not ask other endpoints"):
        asks_elsewhere(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT $SERVICE { $SERVICE ?p ?o }",
        'SELECT * { ?s ?p "SERVICE <http://example.org/> {}" }',
        "SELECT * { ?s ?p 'SERVICE' , '''SERVICE <x> {}''' , \"\"\"it's a \"SERVICE\" \"\"\" }",
        "SELECT * { ?s ?p ?o # SERVICE <http://example.org/> {}\n }",
        "PREFIX service: <http://example.org/> SELECT * { ?s service:x service:y }",
        "PREFIX service: <http://example.org/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
        "SELECT * { ?s <http://example.org/service#it> ?o }",
        "SELECT * { ?s <http://example.org/it's-a-service> ?o }",
        "SELECT * { ?s ?p <#relative> }",
    ],
)
def test_the_word_alone_is_no_clause(query: str) -> None:
    asks_elsewhere(query)


def test_refusal_says_where() -> None:
    with pytest.raises(QueryRefused) as refused:
        asks_elsewhere(f"SELECT *\n# SERVICE\nWHERE {{\n  SERVICE {ELSEWHERE} }}")
    assert refused.value.where == "line 4, column 3"
    assert refused.value.remedy == (
        "Leave SERVICE out, or run the query on an endpoint of your own."
    )


@pytest.mark.parametrize(
    ("query", "graphs"),
    [
        ("SELECT * { ?s ?p ?o }", []),
        ("SELECT * FROM <http://e/a> FROM NAMED <http://e/b> { }", ["http://e/a", "http://e/b"]),
        ("SELECT *FROM<http://e/a>from<http://e/b>{ }", ["http://e/a", "http://e/b"]),
        (
            "PREFIX e: <http://e/> SELECT * FROM e:a from named e:b { }",
            ["http://e/a", "http://e/b"],
        ),
        ("PREFIX : <http://e/> SELECT * FROM :a\\,b { }", ["http://e/a,b"]),
        ("PREFIX from: <http://e/> SELECT * FROM from:a { ?s from:b ?o }", ["http://e/a"]),
        ("BASE <http://e/x/> SELECT * FROM <a> { }", ["http://e/x/a"]),
        ("BASE <http://e/x/> PREFIX e: <y#> SELECT * FROM e:a { }", ["http://e/x/y#a"]),
        ("SELECT * FROM <http://e/\\u0061> { }", ["http://e/a"]),
        ("SELECT * FROM <relative> { }", []),
        ("SELECT ?from { ?from ?named <http://e/a> . FILTER ('FROM <http://e/b>' = ?x) }", []),
        ("SELECT * # FROM <http://e/a>\n { }", []),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://e/a> WHERE { }", ["http://e/a"]),
    ],
)
def test_graphs_of_the_dataset(query: str, graphs: list[str]) -> None:
    assert [iri for iri, _ in dataset_graphs(query)] == graphs


def test_relative_graph_takes_the_base_that_it_is_given() -> None:
    [(iri, token)] = dataset_graphs("SELECT *\nFROM <a> { }", "http://e/b/")
    assert iri == "http://e/b/a"
    assert (token.line, token.column) == (2, 6)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX : <http://e/> SELECT * FROM:x { ?s ?p ?o }",
        "PREFIX : <http://e/> SELECT * FROM NAMED:x { ?s ?p ?o }",
        "SELECT * FROMNAMED<http://e/x> { ?s ?p ?o }",
    ],
)
def test_from_written_in_one_with_its_graph_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="not a keyword"):
        dataset_graphs(query)
