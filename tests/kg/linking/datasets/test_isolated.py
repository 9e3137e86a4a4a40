"""Files are read in a process of their own: hostile ones are refused, and harm nobody."""

from pathlib import Path

import pytest

from kg.errors import BadData
from kg.linking.datasets.isolated import read_isolated

TURTLE = "<https://x.example/a> <https://x.example/p> 'a' .\n"


def read(path: Path, text: str | bytes, kind: str = "rdf") -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    out = path.parent / "out.nt"
    read_isolated(path, kind, "x", out)
    return out.read_text(encoding="utf-8")


def fault(path: Path, text: str | bytes, kind: str = "rdf") -> BadData:
    with pytest.raises(BadData) as caught:
        read(path, text, kind)
    assert "Nothing was imported." in str(caught.value.remedy)
    return caught.value


def test_a_good_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path / "a.ttl", TURTLE)
    assert found == '<https://x.example/a> <https://x.example/p> "a" .\n'


def test_malformed_rdf_is_told_with_line_and_column(tmp_path: Path) -> None:
    found = fault(tmp_path / "a.ttl", TURTLE + "<https://x.example/a> nonsense .\n")
    assert found.where == "a.ttl, line 2, column 23"
    assert found.detail.startswith("The file is no Turtle: ")


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    )
    found = fault(tmp_path / "a.rdf", bomb)
    assert found.detail == "The file declares XML entities"


@pytest.mark.parametrize(
    "context",
    [
        '"http://127.0.0.1:9/context.jsonld"',
        '{"@version": 1.1, "@import": "http://127.0.0.1:9/context.jsonld"}',
        '{"p": {"@id": "https://x.example/p", "@context": "http://127.0.0.1:9/c.jsonld"}}',
    ],
)
def test_a_remote_context_is_not_fetched(tmp_path: Path, context: str) -> None:
    text = f'{{"@context": {context}, "@id": "https://x.example/a", "p": {{"q": 1}}}}'
    found = fault(tmp_path / "a.jsonld", text)
    assert found.where == "a.jsonld, @context"
    assert "nothing is fetched" in found.detail


@pytest.mark.parametrize("cut", [1, 10, 40, 70])
def test_a_file_that_was_cut_off_is_not_half_imported(tmp_path: Path, cut: int) -> None:
    """The parser of RDF/XML takes what it has, and says nothing of what is missing."""
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="https://x.ex/">'
        '\n<rdf:Description rdf:about="https://x.ex/a"><x:b>1</x:b></rdf:Description>'
        '\n<rdf:Description rdf:about="https://x.ex/c"><x:b>2</x:b></rdf:Description></rdf:RDF>'
    )
    assert len(read(tmp_path / "a.rdf", text).splitlines()) == 2
    found = fault(tmp_path / "a.rdf", text[:-cut])
    assert found.detail.startswith("The data is no XML: ")
    assert str(found.where).startswith("a.rdf, line 3, column ")


@pytest.mark.parametrize(
    "iri", ["https://isni.org/isni/0000000404337883", "https://ror.org/00pnp4y97"]
)
def test_an_identifier_with_a_wrong_check_digit_is_refused(tmp_path: Path, iri: str) -> None:
    good = f"{TURTLE}<https://x.example/a> <https://x.example/p> <https://ror.org/00pnp4y96> .\n"
    assert len(read(tmp_path / "a.ttl", good).splitlines()) == 2
    found = fault(
        tmp_path / "a.ttl", f"{good}<https://x.example/a> <https://x.example/q> <{iri}> ."
    )
    assert "wrong check digit" in found.detail
    assert found.where == "a.ttl, statement 3, about <https://x.example/a>"


def test_imports_are_not_followed(tmp_path: Path) -> None:
    owl = "http://www.w3.org/2002/07/owl#imports"
    found = read(tmp_path / "a.ttl", f"<https://x.example/a> <{owl}> <file:///etc/passwd> .\n")
    assert len(found.splitlines()) == 1


def test_a_file_that_nests_too_deeply_ends_only_its_reader(tmp_path: Path) -> None:
    for name, text in (("a.ttl", "<https://x.example/a> <https://x.example/p> " + "(" * 3_000_000),
                       ("a.json", "[" * 3_000_000)):  # fmt: skip
        found = fault(tmp_path / name, text, "popolo" if name.endswith("json") else "rdf")
        assert name in str(found.where)


@pytest.mark.parametrize(
    ("name", "text", "detail"),
    [
        ("a.exe", "x", "No format is known by the extension .exe"),
        ("a.ttl", "", "The file says nothing"),
        ("a.csv", "a,b\n", "No format is known by the extension .csv"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, text: str, detail: str) -> None:
    assert fault(tmp_path / name, text).detail == detail


def test_a_table_needs_a_mapping(tmp_path: Path) -> None:
    assert fault(tmp_path / "a.csv", "a,b\n", "csvw").detail == "A table needs a mapping"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="There is no such file"):
        read_isolated(tmp_path / "none.ttl", "rdf", "x", tmp_path / "out.nt")
