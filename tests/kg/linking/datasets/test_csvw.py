"""Tables become statements by a mapping; what is wrong is told with row and column."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.errors import BadData
from kg.linking.datasets.csvw import table_triples
from kg.linking.datasets.csvw_mapping import CONTEXT
from kg.linking.datasets.csvw_mapping import read_mapping
from kg.linking.datasets.tables import read_rows
from kg.namespaces import ID
from kg.namespaces import SKOS
from kg.namespaces import XSD

COLUMNS: list[dict[str, Any]] = [
    {"name": "code", "titles": "Code", "propertyUrl": "skos:notation", "required": True},
    {"name": "name", "titles": "Name", "propertyUrl": "skos:prefLabel", "lang": "en"},
    {
        "name": "above",
        "titles": "Above",
        "propertyUrl": "skos:broader",
        "valueUrl": f"{ID}x-{{above}}",
    },
    {"name": "kind", "propertyUrl": "rdf:type", "virtual": True, "valueUrl": "skos:Concept"},
]


def mapping(folder: Path, columns: Any = None, **other: Any) -> Path:
    path = folder / "mapping.json"
    table = {
        "@context": CONTEXT,
        "tableSchema": {"aboutUrl": f"{ID}x-{{code}}", "columns": columns or COLUMNS},
        **other,
    }
    path.write_text(json.dumps(table), encoding="utf-8")
    return path


def triples(folder: Path, text: str | bytes, name: str = "t.csv", **other: Any) -> list[Triple]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(table_triples(path, read_mapping(mapping(folder, **other))))


def fault(folder: Path, text: str | bytes, **other: Any) -> tuple[str, str]:
    with pytest.raises(BadData) as caught:
        triples(folder, text, **other)
    return caught.value.detail, caught.value.where or ""


def node(name: str) -> NamedNode:
    return NamedNode(name)


ONE = [
    Triple(node(f"{ID}x-a%2F1"), node(f"{SKOS}notation"), Literal("a/1")),
    Triple(node(f"{ID}x-a%2F1"), node(f"{SKOS}prefLabel"), Literal("Ärger", language="en")),
    Triple(node(f"{ID}x-a%2F1"), node(f"{SKOS}broader"), node(f"{ID}x-b")),
    Triple(
        node(f"{ID}x-a%2F1"),
        node("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        node(f"{SKOS}Concept"),
    ),
]


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_row_becomes_statements(tmp_path: Path, start: str) -> None:
    assert triples(tmp_path, f"{start}Code,Name,Above\na/1,Ärger,b\n") == ONE


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    assert len(triples(tmp_path, "Code,Name,Above\na,,\n")) == 2


def test_another_encoding_is_read_if_it_is_named(tmp_path: Path) -> None:
    text = "Code;Name;Above\na/1;Ärger;b\n".encode("windows-1252")
    assert triples(tmp_path, text, dialect={"encoding": "windows-1252", "delimiter": ";"}) == ONE
    assert fault(tmp_path, text) == ("Byte 20 is no utf-8", "t.csv, row 2")
    assert fault(tmp_path, "Code".encode("utf-16")) == (
        "The file is UTF-16, not UTF-8",
        "t.csv, byte 1",
    )


def test_a_formula_is_only_text(tmp_path: Path) -> None:
    found = triples(tmp_path, "Code,Name,Above\na,\"=cmd|'/C calc'!A0\",\n")
    assert found[1].object == Literal("=cmd|'/C calc'!A0", language="en")


@pytest.mark.parametrize(
    ("text", "detail", "where"),
    [
        ("Code,Name,Name\n", "The header 'Name' stands twice", "t.csv, row 1, column 3"),
        ("Code,,Above\n", "A header is missing", "t.csv, row 1, column 2"),
        ("Code,Name\na,b\n", "There is no column 'Above'", "t.csv, row 1"),
        ("Code,Name,Above\na,b,c\na,b\n", "The row has 2 cells instead of 3", "t.csv, row 3"),
        ("Code,Name,Above\n,b,c\n", "The cell is empty", "t.csv, row 2, column Code"),
        ("Code,Name,Above\na,b\0,c\n", "The file holds a null byte", "t.csv, row 2"),
        ("", "The file is empty", "t.csv"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path: Path, text: str, detail: str, where: str) -> None:
    assert fault(tmp_path, text) == (detail, where)


def test_a_value_of_another_kind_is_told(tmp_path: Path) -> None:
    columns = [COLUMNS[0], {**COLUMNS[1], "datatype": "date", "lang": ""}]
    good = triples(tmp_path, "Code,Name\na,2026-01-31\n", columns=columns)
    assert good[1].object == Literal("2026-01-31", datatype=node(f"{XSD}date"))
    assert fault(tmp_path, "Code,Name\na,31.1.2026\n", columns=columns) == (
        "'31.1.2026' is no date",
        "t.csv, row 2, column Name",
    )


def test_a_value_that_is_no_iri_is_told(tmp_path: Path) -> None:
    columns = [COLUMNS[0], {**COLUMNS[2], "titles": "Name", "valueUrl": "{+above}"}]
    for bad in ("no iri", "javascript", "<x>"):
        _, where = fault(tmp_path, f"Code,Name\na,{bad}\n", columns=columns)
        assert where == "t.csv, row 2, column Name"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"@context": "https://evil.example/context"}, "The mapping has another @context"),
        ({"tables": []}, "'tables' is not supported"),
        ({"dialect": {"encoding": "rot13"}}, "The encoding 'rot13' is not supported"),
        ({"columns": [{"name": "a", "transform": "x.js"}]}, "'transform' is not supported"),
        ({"columns": [{"name": "a", "propertyUrl": "nope:x"}]}, "The prefix 'nope' is unknown"),
        ({"columns": [{"name": "a"}]}, "{code} is no column"),
        ({"columns": [{"name": "a b"}]}, "The column has no name"),
        ({"columns": [{"name": "code", "datatype": "any"}]}, "The datatype 'any' is not supported"),
    ],
)
def test_a_mapping_that_cannot_be_used(tmp_path: Path, change: dict[str, Any], detail: str) -> None:
    with pytest.raises(BadData) as caught:
        read_mapping(mapping(tmp_path, **change))
    assert caught.value.detail.startswith(detail)
    assert str(caught.value.where).startswith("mapping.json")


def test_objects_are_rows_with_paths(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        '[{"a": {"b": [1, true, null]}, "c": [{"d": "x"}, {"d": "y"}]}]', encoding="utf-8"
    )
    [row] = read_rows(path)
    assert row.number == 1
    assert row.cells == {"a/b": ("1", "true"), "c/*/d": ("x", "y")}


@pytest.mark.parametrize("text", ["{}", "[1]", "[", "[" * 5000])
def test_what_is_no_list_of_objects_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadData):
        list(read_rows(path))


def test_an_object_that_nests_too_deeply_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1}\n' + '{"a":' * 30 + "1" + "}" * 30 + "\n", encoding="utf-8")
    with pytest.raises(BadData) as caught:
        list(read_rows(path))
    assert caught.value.where == "t.jsonl, row 2"


def test_a_wrong_check_digit_is_told_with_row_and_column(tmp_path: Path) -> None:
    columns = [
        {"name": "code", "titles": "Code"},
        {
            "name": "isni",
            "titles": "ISNI",
            "propertyUrl": "schema:sameAs",
            "valueUrl": "https://isni.org/isni/{isni}",
        },
    ]
    good = "Code,ISNI\na,0000000404337882\n"
    assert len(triples(tmp_path, good, columns=columns)) == 1
    detail, where = fault(tmp_path, f"{good}b,0000000404337883\n", columns=columns)
    assert detail.endswith("has a wrong check digit for ISNI")
    assert where == "t.csv, row 3, column ISNI"
