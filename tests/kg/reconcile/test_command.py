"""`policykg reconcile`: a table of messy names comes back with IRIs and identifiers."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

import server.cli
from kg.namespaces import ID

MESSY = Path(__file__).with_name("messy.csv")


@pytest.fixture
def fill(built: Path, tmp_path: Path) -> Callable[..., tuple[Result, list[dict[str, str]]]]:
    """Return a function that runs the command; it returns the result and the rows written."""

    def run(table: Path, *options: str) -> tuple[Result, list[dict[str, str]]]:
        out = tmp_path / "out.csv"
        arguments = ["reconcile", str(table), "-o", str(out), "--data", str(built), *options]
        result = CliRunner().invoke(server.cli.main, arguments)
        rows = []
        if out.exists():
            with out.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        return result, rows

    return run


def test_fifty_messy_names(fill: Callable[..., tuple[Result, list[dict[str, str]]]]) -> None:
    result, rows = fill(MESSY, "--column", "name")
    assert result.exit_code == 0, result.output
    assert len(rows) == 50
    wrong = {}
    for row in rows:
        expected = ID + row["slug"] if row["slug"] else ""
        got = [row["policykg_iri"].replace("/topic/", "/id/topic:"), row["wikidata"]]
        got += [row["iso-3166-1-alpha-3"], row["eurovoc"]]
        if got != [expected, row["q"], row["iso"], row["ev"]]:
            wrong[row["name"]] = got
    assert not wrong
    assert "50 rows, 50 with a name" in result.output


def test_formulas_and_other_cells(
    fill: Callable[..., tuple[Result, list[dict[str, str]]]], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes("\ufeffn;note\r\nIran;=cmd|' /C calc'!A0\r\n;x\r\n".encode("utf-16"))
    result, rows = fill(table, "--column", "n", "-p", "pol:memberOf")
    assert result.exit_code == 0, result.output
    assert (rows[0]["note"], rows[0]["policykg_iri"]) == ("'=cmd|' /C calc'!A0", f"{ID}iran")
    assert rows[0]["pol:memberOf"] == "Shanghai Cooperation Organization"
    assert rows[1]["policykg_iri"] == ""


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        ("a,b\nIran,x\n1,2,3\n", ("--column", "a"), "row 3, column 3"),
        ("a,a\nIran,x\n", ("--column", "a"), "columns 1, 2"),
        ("a\nIran\n", ("--column", "b"), "no column 'b'"),
        ("a\nIran\n", ("--column", "a", "--type", "Actr"), "class 'Actr'"),
        ("a\nIran\n", ("--column", "a", "--encoding", "x"), "no encoding 'x'"),
        ("a\nIran\n", ("--column", "a", "--separator", "::"), "not one sign"),
    ],
)
def test_fault_writes_nothing(
    fill: Callable[..., tuple[Result, list[dict[str, str]]]],
    tmp_path: Path,
    content: str,
    options: tuple[str, ...],
    told: str,
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(content)
    result, rows = fill(table, *options)
    assert (result.exit_code, rows) == (1, [])
    assert told in result.output
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".csv"] == []
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["t.csv"]


def test_missing_file(
    fill: Callable[..., tuple[Result, list[dict[str, str]]]], tmp_path: Path
) -> None:
    result, rows = fill(tmp_path / "no.csv", "--column", "a")
    assert (result.exit_code, rows) == (1, [])
    assert "cannot be read" in result.output
