"""Reading a table, from CSV or from JSON objects, row by row and within limits."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

from kg.errors import BadData

ENCODINGS: Final = ("utf-8", "utf-16", "iso-8859-1", "windows-1252")
ROWS: Final = 1_000_000
COLUMNS: Final = 500
CELL: Final = 131_072  # characters of a cell
DEPTH: Final = 20  # levels of nesting in a JSON object


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number in the file, counted from 1, and its cells by column.

    A cell holds one value, or several where a path leads to a list.
    """

    number: int
    cells: dict[str, tuple[str, ...]]


def read_rows(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Iterator[Row]:
    """Yield the rows of a CSV file, or of a JSON file with a list of objects or one a line.

    The columns of an object are paths into it, such as ``name/common``; ``*`` stands for every
    element of a list. Raises :class:`~kg.errors.BadData` with row and column.
    """
    text = read_text(path, encoding)
    if path.suffix in (".json", ".jsonl"):
        yield from _json_rows(text, path.name)
    else:
        yield from _csv_rows(text, path.name, delimiter)


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of ``path`` without a byte order mark.

    Raises :class:`~kg.errors.BadData` for bytes that are no such text.
    """
    data = path.read_bytes()
    if encoding == "utf-8" and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadData(
            "The file is UTF-16, not UTF-8",
            where=f"{path.name}, byte 1",
            remedy="Store it as UTF-8, or say so in the mapping (dialect, encoding).",
        )
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadData(
            f"Byte {error.start} is no {encoding}",
            where=f"{path.name}, row {line}",
            remedy="Store the file as UTF-8, or name its encoding in the mapping.",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadData(
            "The file holds a null byte",
            where=f"{path.name}, row {line}",
            remedy="Store the table as plain text.",
        )
    return text


def _csv_rows(text: str, name: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    try:
        for number, cells in enumerate(reader, 1):
            if number == 1:
                header = _header(cells, name)
                continue
            if number > ROWS:
                raise _too_much(name, f"more than {ROWS} rows")
            if not cells:
                continue
            if len(cells) != len(header):
                raise BadData(
                    f"The row has {len(cells)} cells instead of {len(header)}",
                    where=f"{name}, row {number}",
                    remedy="Give every row a cell for each column of the header.",
                )
            yield Row(number, {key: (cell,) for key, cell in zip(header, cells, strict=True)})
    except csv.Error as error:
        raise BadData(
            f"The table cannot be read: {error}",
            where=f"{name}, row {reader.line_num}",
            remedy="Correct the quotation marks, or shorten the cell.",
        ) from None
    if not header:
        raise BadData("The file is empty", where=name, remedy="Give a table with a header.")


def _header(cells: list[str], name: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    if len(header) > COLUMNS:
        raise _too_much(name, f"more than {COLUMNS} columns")
    for place, cell in enumerate(header, 1):
        if not cell or cell in header[: place - 1]:
            fault = f"The header {cell!r} stands twice" if cell else "A header is missing"
            raise BadData(
                fault, where=f"{name}, row 1, column {place}", remedy="Name each column once."
            )
    return header


def _json_rows(text: str, name: str) -> Iterator[Row]:
    try:
        if name.endswith(".jsonl"):
            lines = [line for line in text.splitlines() if line.strip()]
            objects: Any = [json.loads(line) for line in lines]
        else:
            objects = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadData(
            f"The file is not JSON: {error}", where=name, remedy="Correct the file."
        ) from None
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise BadData(
            "The file is no list of objects", where=name, remedy="Give one object for each row."
        )
    if len(objects) > ROWS:
        raise _too_much(name, f"more than {ROWS} rows")
    for number, one in enumerate(objects, 1):
        cells: dict[str, list[str]] = {}
        _flatten(one, "", cells, f"{name}, row {number}", 0)
        yield Row(number, {key: tuple(values) for key, values in cells.items()})


def _flatten(value: Any, path: str, cells: dict[str, list[str]], where: str, depth: int) -> None:
    if depth > DEPTH:
        raise BadData(
            f"The object nests more than {DEPTH} levels", where=where, remedy="Flatten the data."
        )
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{path}/{key}" if path else key, cells, where, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            whole = not isinstance(inner, dict | list)
            _flatten(inner, path if whole else f"{path}/*", cells, where, depth + 1)
    elif value is not None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        cells.setdefault(path, []).append(text)


def _too_much(name: str, what: str) -> BadData:
    return BadData(f"The table has {what}", where=name, remedy="Cut it into several datasets.")
