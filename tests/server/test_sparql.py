"""The SPARQL endpoint: the SPARQL 1.1 Protocol, and the form for people."""

import json
import re
import shlex
from html import escape
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from pyoxigraph import QueryResultsFormat
from pyoxigraph import QuerySolutions
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse
from pyoxigraph import parse_query_results

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.versions import VersionStore
from kg.namespaces import GRAPH
from kg.namespaces import ID
from kg.namespaces import ONTOLOGY
from kg.settings import Settings
from server.app import SECURITY_HEADERS
from server.app import create_app
from server.sparql_page import example_query

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NAP = ID + "national-action-plan"
LABEL = f"""SELECT ?label WHERE {{
  <{NAP}> <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(LANG(?label) = "en")
}}"""
CONSTRUCT = f"CONSTRUCT {{ <{NAP}> ?p ?o }} WHERE {{ <{NAP}> ?p ?o }}"
EXPECTED = {
    "head": {"vars": ["label"]},
    "results": {
        "bindings": [
            {"label": {"type": "literal", "value": "National Action Plan", "xml:lang": "en"}}
        ]
    },
}
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@pytest.fixture(scope="module")
def store(built: Path, engine: EmbeddedEngine) -> Store:
    return Store.read_only(str(VersionStore(built).store_path(engine.version())))


def test_a_query_by_get(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": LABEL})
    assert response.status_code == 200
    assert json.loads(response.data) == EXPECTED
    assert dict(response.headers) == {
        "Content-Type": "application/sparql-results+json",
        "Content-Length": str(len(response.data)),
        "ETag": response.headers["ETag"],
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Vary": "Accept, Accept-Encoding",
        **SECURITY_HEADERS,
    }


def test_a_query_by_form(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": LABEL})
    assert (response.status_code, json.loads(response.data)) == (200, EXPECTED)


@pytest.mark.parametrize("content_type", [DIRECT, DIRECT + "; charset=UTF-8"])
def test_a_query_by_direct_post(client: FlaskClient, content_type: str) -> None:
    response = client.post("/sparql", data=LABEL, content_type=content_type)
    assert (response.status_code, json.loads(response.data)) == (200, EXPECTED)


def test_head_is_get_without_the_body(client: FlaskClient) -> None:
    got = client.get("/sparql", query_string={"query": LABEL})
    head = client.head("/sparql", query_string={"query": LABEL})
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("accept", "media_type", "results_format"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", "JSON"),
        ("application/json", "application/sparql-results+json", "JSON"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "XML"),
        ("text/xml", "application/sparql-results+xml", "XML"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "TSV"),
        ("*/*", "application/sparql-results+json", "JSON"),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json", "JSON"),
    ],
)
def test_formats_of_bindings(
    client: FlaskClient, accept: str, media_type: str, results_format: str
) -> None:
    response = client.get("/sparql", query_string={"query": LABEL}, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, media_type)
    solutions = parse_query_results(
        response.data, format=getattr(QueryResultsFormat, results_format)
    )
    assert isinstance(solutions, QuerySolutions)
    assert [str(solution["label"]) for solution in solutions] == ['"National Action Plan"@en']


def test_csv(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": LABEL, "format": "csv"})
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.data == b"label\r\nNational Action Plan\r\n"


@pytest.mark.parametrize(
    ("accept", "content_type", "rdf_format"),
    [
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("text/turtle", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("text/plain", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/trig", "application/trig", RdfFormat.TRIG),
        ("application/n-quads", "application/n-quads", RdfFormat.N_QUADS),
    ],
)
def test_formats_of_graphs(
    client: FlaskClient, store: Store, accept: str, content_type: str, rdf_format: RdfFormat
) -> None:
    response = client.get("/sparql", query_string={"query": CONSTRUCT}, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, content_type)
    expected = {quad.triple for quad in store.quads_for_pattern(NamedNode(NAP), None, None)}
    assert {quad.triple for quad in parse(response.data, format=rdf_format)} == expected
    assert len(expected) > 3


@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [
        (
            LABEL,
            "text/turtle",
            [
                "application/sparql-results+json",
                "application/sparql-results+xml",
                "text/csv",
                "text/tab-separated-values",
            ],
        ),
        (
            CONSTRUCT,
            "text/csv",
            [
                "text/turtle",
                "application/n-triples",
                "application/rdf+xml",
                "application/ld+json",
                "application/trig",
                "application/n-quads",
            ],
        ),
    ],
)
def test_no_acceptable_format(
    client: FlaskClient, query: str, accept: str, offered: list[str]
) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    assert response.json["offered"] == offered
    assert response.json["remedy"] == f"On offer: {', '.join(offered)}."
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("parameters", "rows"),
    [
        ([], True),
        ([("default-graph-uri", GRAPH + "usip-charting-pakistan")], True),
        ([("default-graph-uri", GRAPH + "links")], False),
        (
            [
                ("default-graph-uri", GRAPH + "links"),
                ("default-graph-uri", GRAPH + "usip-charting-pakistan"),
            ],
            True,
        ),
        ([("named-graph-uri", GRAPH + "usip-charting-pakistan")], False),
    ],
)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_the_dataset_of_the_protocol(
    client: FlaskClient, way: str, parameters: list[tuple[str, str]], rows: bool
) -> None:
    if way == "get":
        response = client.get("/sparql?" + urlencode([("query", LABEL), *parameters]))
    elif way == "form":
        body = urlencode([("query", LABEL), *parameters])
        response = client.post("/sparql", data=body, content_type=FORM)
    else:
        response = client.post("/sparql?" + urlencode(parameters), data=LABEL, content_type=DIRECT)
    assert response.status_code == 200
    bindings = json.loads(response.data)["results"]["bindings"]
    assert bindings == (EXPECTED["results"]["bindings"] if rows else [])


def test_the_protocols_dataset_overrides_from(client: FlaskClient) -> None:
    query = LABEL.replace("WHERE", f"FROM <{GRAPH}usip-charting-pakistan> WHERE")
    links = {"query": query, "default-graph-uri": GRAPH + "links"}
    assert json.loads(client.get("/sparql", query_string={"query": query}).data) == EXPECTED
    overridden = json.loads(client.get("/sparql", query_string=links).data)
    assert overridden["results"]["bindings"] == []


def test_named_graphs_of_the_protocol(client: FlaskClient) -> None:
    query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    named = [GRAPH + "links", GRAPH + "ontology"]
    parameters = [("query", query), *(("named-graph-uri", iri) for iri in named)]
    response = client.get("/sparql?" + urlencode(parameters))
    bindings = json.loads(response.data)["results"]["bindings"]
    assert [row["g"]["value"] for row in bindings] == named


@pytest.mark.parametrize(
    ("path", "data", "content_type", "status", "title", "where"),
    [
        ("/sparql?query=ASK{}&query=ASK{}", None, None, 400, "Bad parameter", "query"),
        ("/sparql?query=", None, None, 400, "Bad parameter", "query"),
        ("/sparql?query=%20%0A", None, None, 400, "Bad parameter", "query"),
        ("/sparql?query=%FF", None, None, 400, "Bad parameter", None),
        ("/sparql?query=ASK{}&format=png", None, None, 400, "Bad parameter", "format"),
        ("/sparql?query=ASK{}&format=csv&format=xml", None, None, 400, "Bad parameter", "format"),
        (
            "/sparql?query=ASK{}&default-graph-uri=nothing",
            None,
            None,
            400,
            "Bad parameter",
            "default-graph-uri",
        ),
        ("/sparql?update=DROP%20ALL", None, None, 403, "Query refused", "update"),
        ("/sparql", b"", FORM, 400, "Bad parameter", "query"),
        ("/sparql", b"", DIRECT, 400, "Bad parameter", "query"),
        ("/sparql", b"query=ASK{}&query=ASK{}", FORM, 400, "Bad parameter", "query"),
        ("/sparql?query=ASK{}", b"query=ASK{}", FORM, 400, "Bad parameter", "query"),
        ("/sparql?query=ASK{}", b"ASK {}", DIRECT, 400, "Bad parameter", "query"),
        ("/sparql", b"ASK {} # \xff", DIRECT, 400, "Bad parameter", None),
        ("/sparql", b"query=%ff", FORM, 400, "Bad parameter", None),
        ("/sparql", b"&".join([b"a=b"] * 1001), FORM, 400, "Bad parameter", None),
        ("/sparql", b"update=DROP%20ALL", FORM, 403, "Query refused", "update"),
        ("/sparql", b"DROP ALL", "application/sparql-update", 403, "Query refused", "update"),
        ("/sparql", b"ASK {}", "text/plain", 415, "Unsupported media type", "Content-Type"),
        ("/sparql", b"ASK {}", None, 415, "Unsupported media type", "Content-Type"),
        (
            "/sparql",
            b"ASK {}",
            DIRECT + "; charset=latin-1",
            415,
            "Unsupported media type",
            "Content-Type",
        ),
    ],
)
def test_bad_requests(
    client: FlaskClient,
    path: str,
    data: bytes | None,
    content_type: str | None,
    status: int,
    title: str,
    where: str | None,
) -> None:
    if data is None:
        response = client.get(path)
    else:
        response = client.post(path, data=data, content_type=content_type)
    problem = response.json
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert (problem["status"], problem["title"], problem.get("where")) == (status, title, where)
    assert problem["remedy"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }", 403),
        ("DROP ALL", 400),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", 400),
    ],
)
def test_what_no_query_may(client: FlaskClient, query: str, status: int) -> None:
    assert client.get("/sparql", query_string={"query": query}).status_code == status


def test_from_never_leaves_the_store(client: FlaskClient) -> None:
    query = "ASK FROM <file:///etc/passwd> { ?s ?p ?o }"
    response = client.get("/sparql", query_string={"query": query})
    assert (response.status_code, response.json) == (200, {"head": {}, "boolean": False})


def test_unknown_parameters_do_not_matter(client: FlaskClient) -> None:
    query = {"query": LABEL, "output": "json", "results": "json", "timeout": "1000"}
    assert json.loads(client.get("/sparql", query_string=query).data) == EXPECTED


def test_a_graph_iri_with_a_plus_sign_in_a_query(client: FlaskClient) -> None:
    response = client.get("/sparql?query=SELECT+(1%2B1+AS+?two)+{}&format=csv")
    assert response.data == b"two\r\n2\r\n"


SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.mark.parametrize(
    ("parameters", "accept", "rdf_format"),
    [
        ({}, None, RdfFormat.TURTLE),
        ({}, "*/*", RdfFormat.TURTLE),
        ({}, "application/rdf+xml", RdfFormat.RDF_XML),
        ({"format": "nt"}, BROWSER, RdfFormat.N_TRIPLES),
    ],
)
def test_programs_get_a_description_of_the_service(
    client: FlaskClient, parameters: dict[str, str], accept: str | None, rdf_format: RdfFormat
) -> None:
    headers = {"Accept": accept} if accept else {}
    response = client.get("/sparql", query_string=parameters, headers=headers)
    assert response.status_code == 200
    assert response.headers["Vary"] == "Accept"
    described = Store()
    described.load(response.data, format=rdf_format)
    endpoint = NamedNode("https://kg.example.org/sparql")
    said = {
        (quad.predicate.value.removeprefix(SD), quad.object.value.removeprefix(SD))
        for quad in described.quads_for_pattern(endpoint, None, None)
        if isinstance(quad.object, NamedNode)
    }
    assert {
        ("endpoint", "https://kg.example.org/sparql"),
        ("supportedLanguage", "SPARQL11Query"),
        ("feature", "UnionDefaultGraph"),
        ("resultFormat", "http://www.w3.org/ns/formats/SPARQL_Results_JSON"),
        ("resultFormat", "http://www.w3.org/ns/formats/Turtle"),
        ("defaultDataset", "https://kg.example.org/sparql#dataset"),
    } <= said


def test_the_host_of_a_request_enters_no_link(client: FlaskClient) -> None:
    for accept in ("text/html", "text/turtle"):
        response = client.get("/sparql", headers={"Host": "evil.example", "Accept": accept})
        assert response.status_code == 200
        assert "evil.example" not in response.text
        assert "https://kg.example.org/sparql" in response.text


def test_without_a_public_address_links_name_host_and_port(
    engine: EmbeddedEngine, built: Path
) -> None:
    for host, shown in (("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("10.0.0.7", "10.0.0.7")):
        client = create_app(Settings(data=built, host=host, port=8123), engine).test_client()
        assert f"<http://{shown}:8123/sparql>" in client.get("/sparql").text


def test_who_accepts_bindings_only_is_asked_for_a_query(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert (response.status_code, response.json["detail"]) == (400, "There is no query")


def test_people_get_a_form(client: FlaskClient, engine: EmbeddedEngine) -> None:
    response = client.get("/sparql", headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        **SECURITY_HEADERS,
    }
    assert '<form method="get" action="/sparql"' in response.text
    assert 'role="alert"' not in response.text
    assert len(engine.rows(Query(example_query()))) == 10


def curl_of(page: str) -> list[str]:
    """Return the words of the command line on the page, as a shell would read them."""
    match = re.search(r"<pre[^>]*>(curl .*?)</pre>", page, re.DOTALL)
    assert match
    return shlex.split(unescape(match.group(1)))


@pytest.mark.parametrize("query", [None, "ASK { ?s ?p 'it''s' } # \"$HOME\" `x` \\ !", LABEL])
def test_the_command_line_is_the_query(client: FlaskClient, query: str | None) -> None:
    parameters = {"query": query} if query else {}
    page = client.get("/sparql", query_string=parameters, headers={"Accept": BROWSER}).text
    assert curl_of(page) == [
        "curl",
        "-H",
        "Accept: text/csv, text/turtle",
        "--data-urlencode",
        f"query={query or example_query()}",
        "https://kg.example.org/sparql",
    ]


def test_people_get_a_table(client: FlaskClient) -> None:
    query = f"SELECT ?thing ?label WHERE {{ BIND(<{NAP}> AS ?thing) {LABEL[LABEL.index('<') :]}"
    response = client.get("/sparql", query_string={"query": query, "format": "html"})
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert '<th scope="col">thing</th><th scope="col">label</th>' in response.text
    assert (
        '<td><a href="/id/national-action-plan"><bdi>id:national-action-plan</bdi></a></td>'
        "<td><bdi>National Action Plan</bdi></td>"
    ) in response.text
    assert "1 row." in response.text


def test_a_long_table_is_cut_and_says_so(engine: EmbeddedEngine, built: Path) -> None:
    client = create_app(Settings(data=built, page_rows=3), engine).test_client()
    query = "SELECT ?n WHERE { VALUES ?n { 1 2 3 4 5 } }"
    page = client.get("/sparql", query_string={"query": query, "format": "html"}).text
    assert page.count("<td>") == 3
    assert "The first 3 of 5 rows" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s ?p ?o }", "Yes."),
        ("ASK { <a:b> ?p ?o }", "No."),
        (f"CONSTRUCT {{ <{ONTOLOGY}> ?p ?o }} WHERE {{ <{ONTOLOGY}> ?p ?o }}", "&lt;" + ONTOLOGY),
        ('SELECT ("<script>alert(1)</script>" AS ?x) {}', "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("SELECT (<javascript:alert(1)> AS ?x) {}", "<bdi>&lt;javascript:alert(1)&gt;</bdi>"),
        ("SELECT (<<( <a:a> <a:b> 'c' )>> AS ?x) {}", "<bdi>&lt;&lt; "),
    ],
)
def test_other_results_on_the_page(client: FlaskClient, query: str, shown: str) -> None:
    response = client.get("/sparql", query_string={"query": query, "format": "html"})
    assert response.status_code == 200
    assert shown in response.text
    assert "<script>" not in response.text
    assert 'href="javascript' not in response.text


@pytest.mark.parametrize(
    ("query", "status", "where"),
    [
        ("SELEC", 400, "line 1, column 6"),
        ("SELECT * { SERVICE <http://a.example/> {} }", 403, "line 1, column 12"),
    ],
)
def test_people_see_what_is_wrong(client: FlaskClient, query: str, status: int, where: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": BROWSER})
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert 'role="alert"' in response.text
    assert f"<code>{where}</code>" in response.text
    assert escape(query.splitlines()[0]) in response.text
