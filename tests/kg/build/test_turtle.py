"""A Turtle file is read whole, or refused with line, column and remedy."""

from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.turtle import read_turtle
from kg.errors import SourceSyntaxError

BLANK_REMEDY = "Give the node an IRI of its own, so that it can be linked and cited."


def read(folder: Path, text: str | bytes, **options: object) -> list[Quad]:
    path = folder / "a.ttl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_turtle(path, "report/a.ttl", "urn:graph", **options).quads  # type: ignore[arg-type]


def test_a_file_becomes_quads_of_its_graph(tmp_path: Path) -> None:
    assert read(tmp_path, '<urn:a> <urn:b> "Æðey"@is .') == [
        Quad(
            NamedNode("urn:a"),
            NamedNode("urn:b"),
            Literal("Æðey", language="is"),
            NamedNode("urn:graph"),
        )
    ]


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        (
            '<urn:a> <urn:b> "c"\n<urn:d> <urn:e> <urn:f> .\n',
            "A dot is expected at the end of statements",
            "2:1",
        ),
        ("\n id:a <urn:b> 1 .\n", "The prefix id: has not been declared", "2:2"),
        ('<urn:a> <urn:b> "x\n', "Unexpected end of file", "1:17"),
        ("<urn:a> <urn:b> <not an iri> .\n", "Invalid IRI code point ' '", "1:17"),
        ("<urn:a> <urn:b> <relative> .\n", "No scheme found in an absolute IRI", "1:17"),
    ],
)
def test_a_fault_names_line_and_column(tmp_path: Path, text: str, reason: str, place: str) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(tmp_path, text)
    assert caught.value.detail == f"The file is not Turtle: {reason}"
    assert caught.value.where == f"report/a.ttl:{place}"
    assert caught.value.remedy == "Correct this place."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<urn:a> <urn:b> 1 .\n[] <urn:b> 2 .\n", "report/a.ttl:2"),
        ("<urn:a> <urn:b> 1 ;\n  <urn:b> 2 .\n\n_:x <urn:b> 2 .\n", "report/a.ttl:4"),
        ("<urn:a> <urn:b> _:c .\n", "report/a.ttl, <urn:a>"),
    ],
)
def test_a_blank_node_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(tmp_path, text)
    assert caught.value.detail == "A blank node is used with <urn:b>"
    assert caught.value.where == place
    assert caught.value.remedy == BLANK_REMEDY


def test_a_blank_node_may_stand_where_it_is_allowed(tmp_path: Path) -> None:
    assert len(read(tmp_path, "<urn:a> <urn:b> [ <urn:c> 1 ] .", blank=True)) == 2


def test_a_file_that_is_not_utf_8_is_refused_with_the_byte(tmp_path: Path) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(tmp_path, b'<urn:a> <urn:b> "caf\xe9" .\n')
    assert caught.value.detail == "The file is not UTF-8 text: byte 20 does not fit"
    assert caught.value.where == "report/a.ttl"
    assert caught.value.remedy == "Store the file as UTF-8."


def test_a_file_that_is_missing_is_named_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read_turtle(tmp_path / "none.ttl", "report/none.ttl", "urn:graph")
    assert caught.value.detail == "The file cannot be read: No such file or directory"
    assert caught.value.where == str(tmp_path / "none.ttl")
    assert caught.value.remedy == "Put the file there, or make it readable."


def test_the_base_moves_the_names_of_things_and_not_the_vocabulary(tmp_path: Path) -> None:
    text = (
        "@prefix id: <https://w3id.org/policykg/id/> .\n"
        "@prefix pol: <https://w3id.org/policykg/ontology#> .\n"
        "id:a pol:addresses <https://w3id.org/policykg/topic/t> .\n"
    )
    (quad,) = read(tmp_path, text, base="https://kg.example.org/x/")
    assert str(quad.subject) == "<https://kg.example.org/x/id/a>"
    assert str(quad.predicate) == "<https://w3id.org/policykg/ontology#addresses>"
    assert str(quad.object) == "<https://kg.example.org/x/topic/t>"
