"""The embedded engine answers in every format, from one version, and refuses what it must."""

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import QueryResultsFormat
from pyoxigraph import QuerySolutions
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from pyoxigraph import parse_query_results

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.formats import Format
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import NotAcceptable
from kg.errors import QueryRefused
from kg.errors import QuerySyntaxError
from kg.errors import StoreError
from kg.errors import StoreMissing

E = "http://example.org/"
JSON = "application/sparql-results+json"
ONE = NamedNode(E + "graph/one")
TWO = NamedNode(E + "graph/two")
BOTH = Formats(JSON, "text/turtle")


def quad(name: str, value: str, graph: NamedNode) -> Quad:
    return Quad(NamedNode(E + name), NamedNode(E + "p"), Literal(value), graph)


def publish(data: Path, *quads: Quad) -> None:
    VersionWriter(data).publish(quads, str(quads), lambda folder: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(tmp_path, quad("a", "one", ONE), quad("b", "two", TWO))
    return tmp_path


@pytest.fixture
def small(data: Path) -> EmbeddedEngine:
    return EmbeddedEngine(data)


def values(engine: EmbeddedEngine, query: Query) -> list[str]:
    return [str(row["o"]) for row in engine.rows(query)]


ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.extension)
def test_bindings_in_each_format(small: EmbeddedEngine, form: Format[QueryResultsFormat]) -> None:
    media_type = form.media_type
    answer = small.answer(Query(ALL), Formats(media_type, None))
    body = answer.body
    assert (answer.form, answer.media_type) == ("bindings", media_type)
    assert answer.version == small.version()
    assert body == {
        "text/csv": b"o\r\none\r\ntwo\r\n",
        "text/tab-separated-values": b'?o\n"one"\n"two"\n',
    }.get(media_type, body)
    if media_type.endswith(("+json", "+xml")):
        parsed = parse_query_results(body, format=form.engine)
        assert isinstance(parsed, QuerySolutions)
        assert [solution["o"] for solution in parsed] == [Literal("one"), Literal("two")]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (JSON, b'{"head":{},"boolean":true}'),
        ("text/csv", b"true"),
        ("text/tab-separated-values", b"true"),
    ],
)
def test_boolean(small: EmbeddedEngine, media_type: str, body: bytes) -> None:
    answer = small.answer(Query("ASK { ?s ?p ?o }"), Formats(media_type, None))
    assert (answer.form, answer.media_type) == ("boolean", media_type)
    assert answer.body == body


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.extension)
def test_graph_in_each_format(small: EmbeddedEngine, form: Format[RdfFormat]) -> None:
    media_type = form.media_type
    query = Query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    answer = small.answer(query, Formats(None, media_type))
    assert (answer.form, answer.media_type) == ("graph", media_type)
    kind = RdfFormat.from_media_type(media_type)
    assert kind is not None
    found = {str(q.object) for q in parse(answer.body, format=kind)}
    assert found == {'"one"', '"two"'}


def test_aliases_answer_with_the_proper_media_type(small: EmbeddedEngine) -> None:
    answer = small.answer(Query(ALL), Formats("application/json", "text/plain"))
    assert answer.media_type == JSON
    assert json.loads(answer.body)["head"] == {"vars": ["o"]}
    described = small.answer(Query(f"DESCRIBE <{E}a>"), Formats("application/json", "text/plain"))
    assert described.media_type == "application/n-triples"


@pytest.mark.parametrize(
    ("query", "formats", "offered"),
    [
        (ALL, Formats(None, "text/turtle"), [f.media_type for f in RESULT_FORMATS]),
        (ALL, Formats("text/html", None), [f.media_type for f in RESULT_FORMATS]),
        ("ASK { }", Formats(None, None), [f.media_type for f in RESULT_FORMATS]),
        ("DESCRIBE <x:y>", Formats(JSON, None), [f.media_type for f in GRAPH_FORMATS]),
        ("DESCRIBE <x:y>", Formats(JSON, JSON), [f.media_type for f in GRAPH_FORMATS]),
    ],
)
def test_nothing_acceptable(
    small: EmbeddedEngine, query: str, formats: Formats, offered: list[str]
) -> None:
    with pytest.raises(NotAcceptable) as error:
        small.answer(Query(query), formats)
    assert list(error.value.offered) == offered


def test_without_a_dataset_all_graphs_are_one(small: EmbeddedEngine) -> None:
    assert values(small, Query(ALL)) == ['"one"', '"two"']
    named = Query("SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o")
    assert values(small, named) == ['"one"', '"two"']


@pytest.mark.parametrize(
    "query",
    [
        Query(f"SELECT ?o FROM <{ONE.value}> {{ ?s ?p ?o }}"),
        Query(f"PREFIX g: <{E}graph/> SELECT ?o FROM g:one {{ ?s ?p ?o }}"),
        Query(f"BASE <{E}> SELECT ?o FROM <graph/one> {{ ?s ?p ?o }}"),
        Query("SELECT ?o FROM <graph/one> { ?s ?p ?o }", base_iri=E),
        Query(f"SELECT ?o FROM NAMED <{ONE.value}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
        Query("SELECT ?o { ?s ?p ?o }", default_graphs=(ONE.value,)),
        Query("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", named_graphs=(ONE.value,)),
        # The dataset of the request goes before that of the query.
        Query(f"SELECT ?o FROM <{TWO.value}> {{ ?s ?p ?o }}", default_graphs=(ONE.value,)),
    ],
)
def test_dataset_of_query_or_request(small: EmbeddedEngine, query: Query) -> None:
    assert values(small, query) == ['"one"']


@pytest.mark.parametrize(
    "query",
    [
        Query(f"SELECT *\nFROM <{E}graph/none> {{ ?s ?p ?o }}"),
        Query(f"SELECT * FROM NAMED <{E}graph/none> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
        Query(f"PREFIX e: <{E}> SELECT * FROM e:none {{ ?s ?p ?o }}"),
        Query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"),
        Query("SELECT * { ?s ?p ?o }", default_graphs=(E + "graph/none",)),
        Query("SELECT * { GRAPH ?g { ?s ?p ?o } }", named_graphs=(E + "graph/none",)),
    ],
)
def test_graph_that_is_not_in_the_store_is_empty(small: EmbeddedEngine, query: Query) -> None:
    assert small.rows(query) == []


def test_service_is_refused_before_evaluation(small: EmbeddedEngine) -> None:
    with pytest.raises(QueryRefused) as error:
        small.answer(Query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), BOTH)
    assert (error.value.status, error.value.where) == (403, "line 1, column 12")
    with pytest.raises(QueryRefused):
        small.rows(Query("PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?s ?p ?o } }"))


def test_service_as_variable_or_text_is_answered(small: EmbeddedEngine) -> None:
    query = Query('SELECT ?service { ?service ?p "one" FILTER ("SERVICE" != "") }')
    assert small.rows(query) == [{"service": NamedNode(E + "a")}]


@pytest.mark.parametrize(
    "text", ["one", '" . ?s ?p "two', "'''", '"""', "\\", "} #", "\n", "\u202e😀", ""]
)
def test_values_are_bound_as_they_are(small: EmbeddedEngine, text: str) -> None:
    query = Query("SELECT ?s ?o { ?s ?p ?o }", bindings={"o": Literal(text)})
    expected = [{"s": NamedNode(E + "a"), "o": Literal("one")}] if text == "one" else []
    assert small.rows(query) == expected


def test_bound_iri_restricts_the_answer(small: EmbeddedEngine) -> None:
    query = Query("SELECT ?o ?s { ?s ?p ?o }", bindings={"s": NamedNode(E + "b")})
    assert small.rows(query) == [{"o": Literal("two"), "s": NamedNode(E + "b")}]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("SELECT", 1, 7), ("SELECT *\nWHERE {\n  ?s ?p }", 3, 10), ("", 1, 1)],
)
def test_syntax_error_has_line_and_column(
    small: EmbeddedEngine, text: str, line: int, column: int
) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        small.answer(Query(text), BOTH)
    assert (error.value.line, error.value.column) == (line, column)
    assert error.value.where == f"line {line}, column {column}"
    assert error.value.detail.startswith("The query does not parse: ")


def test_update_is_no_query(small: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntaxError):
        small.answer(Query("DELETE WHERE { ?s ?p ?o }"), BOTH)
    assert values(small, Query(ALL)) == ['"one"', '"two"']


def test_only_select_has_rows(small: EmbeddedEngine) -> None:
    with pytest.raises(QueryRefused, match="Only a SELECT query has rows"):
        small.rows(Query("ASK { }"))


def test_rows_leave_unbound_variables_out(small: EmbeddedEngine) -> None:
    assert small.rows(Query("SELECT ?x ?y { BIND (1 AS ?x) }")) == [{"x": Literal(1)}]


def test_reader_notices_a_newer_version(small: EmbeddedEngine, data: Path) -> None:
    assert (small.version().number, values(small, Query(ALL))) == (1, ['"one"', '"two"'])
    publish(data, quad("c", "three", ONE))
    assert values(small, Query(ALL)) == ['"three"']
    assert small.version().number == 2
    assert small.answer(Query(ALL), BOTH).version.number == 2


def test_answers_go_on_while_versions_retire(small: EmbeddedEngine, data: Path) -> None:
    for number in range(6):
        publish(data, quad("c", str(number), ONE))
        assert values(small, Query(ALL)) == [f'"{number}"']


def test_close_lets_go_and_a_later_query_opens_again(small: EmbeddedEngine) -> None:
    small.close()
    assert values(small, Query(ALL)) == ['"one"', '"two"']


def test_nothing_built_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        EmbeddedEngine(tmp_path / "none").version()


def test_damaged_store_is_explained(data: Path) -> None:
    for path in (data / "versions" / "1" / "store").iterdir():
        path.unlink()
    with pytest.raises(StoreError, match="is damaged") as error:
        EmbeddedEngine(data).rows(Query(ALL))
    assert error.value.remedy is not None
    assert error.value.remedy.startswith("Restore a backup with `policykg restore FILE`")
