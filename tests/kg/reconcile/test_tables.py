"""Tables of any encoding and separator; what is wrong is told with row and column."""

from pathlib import Path

import pytest

from kg.errors import BadParameter
from kg.reconcile.tables import opened
from kg.reconcile.tables import safe

ROWS = [["Näp", "1"], ["Iran", "2"]]


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("windows-1252", "windows-1252"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_guessed(
    tmp_path: Path, encoding: str, read_as: str, separator: str
) -> None:
    file = tmp_path / "table.csv"
    lines = [separator.join(row) for row in [["name", "note"], *ROWS]]
    file.write_bytes("\r\n".join(lines).encode(encoding))
    with opened(file) as table:
        assert (table.header, table.encoding) == (("name", "note"), read_as)
        assert table.separator == separator
        assert list(table.rows) == ROWS


def test_large_table_is_read_in_turn(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("name,note\n" + "Iran,x\n" * 200_000)
    with opened(file) as table:
        assert sum(1 for _ in table.rows) == 200_000


def test_column_by_name_or_number(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("Name,Name,,note\na,b,c,d\n")
    with opened(file) as table:
        assert table.column("NOTE") == 3
        assert table.column("2") == 1
        with pytest.raises(BadParameter, match="in the columns 1, 2"):
            table.column("name")
        with pytest.raises(BadParameter, match=r"no column 'x'.*column 3 has no name"):
            table.column("x")


@pytest.mark.parametrize(
    ("content", "detail", "where"),
    [
        (b"", "no header", "row 1"),
        (b",,\na,b,c\n", "no header", "row 1"),
        (b"a,b\n1,2\n1,2,3\n", "3 cells and the header 2", "row 3, column 3"),
        (b'a,b\n1,"' + b"x" * 140_000, "cannot be read", "row 2"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "never closed", "row 3"),
        (b"a,b\n1,2\n3,4\0\n", "null byte", "row 3, column 2"),
    ],
)
def test_faults_name_their_place(tmp_path: Path, content: bytes, detail: str, where: str) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(BadParameter) as caught, opened(file) as table:
        list(table.rows)
    assert detail in caught.value.detail
    assert where in str(caught.value.where)


def test_a_quotation_mark_within_a_cell_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text('a,b\n"1",5" pipe\n', encoding="utf-8")
    with opened(file) as table:
        assert list(table.rows) == [["1", '5" pipe']]


def test_wrong_bytes_far_in_are_told(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"name\n" + b"Iran\n" * 400_000 + b"N\xe4p\n")
    with pytest.raises(BadParameter, match="--encoding"), opened(file) as table:
        list(table.rows)


def test_short_rows_are_filled(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b,c\n1\n")
    with opened(file) as table:
        assert list(table.rows) == [["1", "", ""]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=cmd|x", "'=cmd|x"), ("+1a", "'+1a"), ("@x", "'@x"), ("\tx", "'\tx"), ("-5", "-5")],
)
def test_no_cell_runs(cell: str, written: str) -> None:
    assert safe(cell) == written
