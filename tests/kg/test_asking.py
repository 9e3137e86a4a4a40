"""`policykg query` answers catalogue questions, files and standard input, in every format."""

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.catalogue import load_catalogue
from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS

SELECT = """
PREFIX id: <https://w3id.org/policykg/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?label ?nothing WHERE {
  VALUES ?thing { id:india id:pakistan }
  ?thing rdfs:label ?label . FILTER (LANG(?label) = 'en')
} ORDER BY ?label
"""
CONSTRUCT = SELECT.replace(
    "SELECT ?thing ?label ?nothing", "CONSTRUCT { ?thing rdfs:label ?label }"
)
CONSTRUCT = CONSTRUCT.replace("ORDER BY ?label", "")
TABLE = """\
thing        label     nothing
-----------  --------  -------
id:india     India
id:pakistan  Pakistan
2 rows
"""


def test_without_a_question_the_catalogue_is_listed(run) -> None:
    result = run("query")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split("  ", 1) for line in result.stdout.splitlines()]
    catalogue = load_catalogue()
    assert {name: title.strip() for name, title in lines} == {
        name: question.title for name, question in catalogue.items()
    }
    assert [name for name, _ in lines] == sorted(catalogue)


@pytest.mark.parametrize("name", sorted(load_catalogue()))
def test_each_question_is_answered_with_its_examples(run, built: Path, name: str) -> None:
    result = run("query", name, "--data", built)
    assert (result.exit_code, result.stderr) == (0, "")
    head = result.stdout.splitlines()[0].split()
    assert head[: len(load_catalogue()[name].columns)] == [
        column.name for column in load_catalogue()[name].columns
    ]
    assert not result.stdout.endswith("\n0 rows\n")


def test_rows_are_a_table_by_default(run, built: Path) -> None:
    result = run("query", "-", "--data", built, input=SELECT)
    assert (result.exit_code, result.stdout) == (0, TABLE)
    assert run("query", "-", "-f", "table", "--data", built, input=SELECT).stdout == TABLE


def test_one_row_is_no_rows(run, built: Path) -> None:
    query = SELECT.replace("id:india", "")
    assert run("query", "-", "--data", built, input=query).stdout.endswith("\n1 row\n")


def test_a_long_value_is_cut(run, built: Path) -> None:
    query = f'SELECT ("{"x" * 100}" AS ?long) ("a\\n  b" AS ?lines) {{}}'
    result = run("query", "-", "--data", built, input=query)
    assert result.stdout.splitlines()[2] == f"{'x' * 59}…  a b"


def test_a_query_in_a_file_is_asked(run, built: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.rq"
    file.write_text(SELECT, encoding="utf-8")
    assert run("query", file, "--data", built).stdout == TABLE


def test_a_yes_or_no_question_is_answered_so(run, built: Path) -> None:
    assert run("query", "-", "--data", built, input="ASK { ?s ?p ?o }").stdout == "yes\n"
    assert run("query", "-", "--data", built, input="ASK { ?s ?p ?s }").stdout == "no\n"


@pytest.mark.parametrize("format", RESULT_FORMATS, ids=lambda f: f.extension)
def test_rows_come_in_every_format(run, built: Path, format) -> None:
    result = run("query", "-", "-f", format.extension, "--data", built, input=SELECT)
    assert (result.exit_code, result.stderr) == (0, "")
    text = result.stdout_bytes.decode()
    if format.extension == "json":
        rows = [
            [row["thing"]["value"], row["label"]["value"]]
            for row in json.loads(text)["results"]["bindings"]
        ]
    elif format.extension == "csv":
        rows = [row[:2] for row in csv.reader(io.StringIO(text))][1:]
    elif format.extension == "tsv":
        lines = [line.split("\t") for line in text.splitlines()[1:]]
        rows = [
            [thing.strip("<>"), label.removesuffix("@en").strip('"')] for thing, label, _ in lines
        ]
    else:
        assert format.extension == "xml"
        assert text.startswith('<?xml version="1.0"?>')
        rows = [
            [part.split("<uri>")[1].split("</uri>")[0], part.split('"en">')[1].split("<")[0]]
            for part in text.split("<result>")[1:]
        ]
    base = "https://w3id.org/policykg/id/"
    assert rows == [[f"{base}india", "India"], [f"{base}pakistan", "Pakistan"]]


@pytest.mark.parametrize("format", GRAPH_FORMATS, ids=lambda f: f.extension)
def test_graphs_come_in_every_format(run, built: Path, format) -> None:
    result = run("query", "-", "-f", format.extension, "--data", built, input=CONSTRUCT)
    assert (result.exit_code, result.stderr) == (0, "")
    found = {str(quad.object) for quad in parse(result.stdout_bytes, format=format.engine)}
    assert found == {'"India"@en', '"Pakistan"@en'}


def test_a_graph_is_turtle_by_default(run, built: Path) -> None:
    result = run("query", "-", "--data", built, input=CONSTRUCT)
    assert len(list(parse(result.stdout_bytes, format=RdfFormat.TURTLE))) == 2


@pytest.mark.parametrize(("query", "format"), [(SELECT, "ttl"), (CONSTRUCT, "csv")])
def test_a_format_of_the_other_kind_is_refused(run, built: Path, query: str, format: str) -> None:
    result = run("query", "-", "-f", format, "--data", built, input=query)
    assert (result.exit_code, result.stdout) == (1, "")
    what = "bindings" if query == SELECT else "a graph"
    assert result.stderr.startswith(
        f"Error: The result is {what}, and no format for it is acceptable. On offer: "
    )


def test_a_parameter_takes_the_place_of_its_example(run, built: Path) -> None:
    example = run("query", "framework-goals", "--data", built).stdout
    value = "framework=https://w3id.org/policykg/id/national-internal-security-policy"
    other = run("query", "framework-goals", "-p", value, "--data", built)
    assert other.exit_code == 0
    assert other.stdout != example
    short = value.replace("https://w3id.org/policykg/id/", "id:")
    assert run("query", "framework-goals", "--param", short, "--data", built).stdout == other.stdout


REFUSED = {
    "a format that is not known": (
        ["open-questions", "-f", "yaml"],
        "There is no format 'yaml' (--format). "
        "Known: table, json, xml, csv, tsv, ttl, nt, rdf, jsonld, trig, nq.",
    ),
    "a question that is not known": (
        ["no-such-question"],
        "There is neither a question nor a readable file of that name "
        "(No such file or directory) (no-such-question). "
        "`policykg query` without a name lists the questions.",
    ),
    "a parameter that is not known": (
        ["on-a-day", "-p", "dy=2014-12-16"],
        "The query on-a-day has no parameter 'dy' ('dy'). Its parameters: day.",
    ),
    "a parameter without a value": (
        ["on-a-day", "-p", "day"],
        "'day' is no parameter with a value (--param). Write NAME=VALUE.",
    ),
    "a parameter for a query of one's own": (
        ["-", "-p", "day=2014-12-16"],
        "Only questions of the catalogue take parameters (--param). "
        "Write the value into the query.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_answered_is_refused(run, built: Path, case: str) -> None:
    arguments, message = REFUSED[case]
    result = run("query", *arguments, "--data", built, input="SELECT * { ?s ?p ?o }")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {message}\n"


def test_a_query_that_does_not_parse_is_refused_with_its_place(run, built: Path) -> None:
    result = run("query", "-", "--data", built, input="SELECT * {\n  ?s ?p ?? }\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The query does not parse: ")
    assert "(line 2, column 11)" in result.stderr


def test_a_file_that_is_not_utf_8_is_refused(run, built: Path, tmp_path: Path) -> None:
    file = tmp_path / "latin.rq"
    file.write_bytes(b"# caf\xe9\nASK {}")
    result = run("query", file, "--data", built)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: The query is not UTF-8 text ({file}). Store the file as UTF-8.\n"
    )


def test_standard_input_that_is_not_utf_8_is_refused(run, built: Path) -> None:
    result = run("query", "-", "--data", built, input=b"# caf\xe9\nASK {}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == ("Error: The query is not UTF-8 text (standard input). Send UTF-8.\n")


def test_a_graph_that_was_not_built_is_told(run, tmp_path: Path) -> None:
    result = run("query", "open-questions", "--data", tmp_path / "nothing")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: No graph has been built here ({tmp_path / 'nothing'}). "
        "Run `policykg build`, or start `policykg serve` without --no-build.\n"
    )


def test_words_are_taken_for_a_question_and_answered(run, built: Path) -> None:
    result = run("ask", "compare", "NAP", "and", "NISP", "--data", built)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "1. How does National Action Plan compare with National Internal Security Policy?"
    )
    command = lines[1].split()
    assert command[:3] == ["policykg", "query", "frameworks-compared"]
    answer = run(*command[1:], "--data", built).stdout
    assert result.stdout.endswith(f"\n\n{answer}")


def test_an_answer_for_programs_stands_alone(run, built: Path) -> None:
    result = run("ask", "compare NAP and NISP", "-f", "csv", "--data", built)
    assert result.exit_code == 0
    assert list(csv.reader(io.StringIO(result.stdout)))[0][-2:] == ["first", "second"]
    assert result.stderr.startswith("1. How does National Action Plan compare")


@pytest.mark.parametrize("words", ["zzzz qqqq", "?", "x" * 201])
def test_words_that_ask_nothing_are_told(run, built: Path, words: str) -> None:
    result = run("ask", words, "--data", built)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(
        ("Error: No question of the catalogue fits", "Error: The words have more than 200")
    )
