"""Tables as people send them: any encoding, any separator, one row after the other."""

import codecs
import csv
import io
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Final
from typing import TextIO

from kg.errors import BadParameter

if TYPE_CHECKING:
    from _csv import Writer

SEPARATORS: Final = ",;\t|"
_LOOKED_AT: Final = 1 << 20  # bytes from which the encoding and the separator are guessed
_LINES: Final = 50
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header, its rows in turn, and how it was read; rows are as long as the
    header.
    """

    header: tuple[str, ...]
    rows: Iterator[list[str]]
    encoding: str
    separator: str

    def column(self, name: str) -> int:
        """Return the place of the column ``name``, from 0; a number names a place from 1.

        Raises :class:`~kg.errors.BadParameter` if there is none or several.
        """
        wanted = name.strip()
        places = [n for n, one in enumerate(self.header) if one.strip() == wanted]
        if not places:
            places = [
                n for n, one in enumerate(self.header) if one.strip().lower() == wanted.lower()
            ]
        if len(places) > 1:
            numbers = ", ".join(str(place + 1) for place in places)
            raise BadParameter(
                f"The header of row 1 has {name[:80]!r} in the columns {numbers}",
                where="--column",
                remedy="Give the number of the one that is meant.",
            )
        if places:
            return places[0]
        if wanted.isdecimal() and 1 <= int(wanted) <= len(self.header):
            return int(wanted) - 1
        known = ", ".join(one.strip() or f"(column {n} has no name)" for n, one in _numbered(self))
        raise BadParameter(
            f"The table has no column {name[:80]!r}",
            where="--column",
            remedy=f"Columns: {known[:600]}. A number counts from 1.",
        )


@contextmanager
def opened(
    path: Path, encoding: str | None = None, separator: str | None = None
) -> Iterator[Table]:
    """Open the table in the file ``path``; what is not given is guessed.

    Raises :class:`~kg.errors.BadParameter`, also while rows are read, with the row at fault.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except OSError as error:
        raise BadParameter(
            f"The file cannot be read: {error.strerror}", where=str(path), remedy="Give another."
        ) from None
    encoding = encoding or _encoding(start)
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise BadParameter(
            f"There is no encoding {encoding!r}", where="--encoding", remedy="Such as utf-8."
        ) from None
    with path.open(encoding=encoding, newline="") as text:
        yield table(text, str(path), encoding, separator)


def decoded(data: bytes) -> str:
    """Return the text of a small table, its encoding guessed."""
    return data.decode(_encoding(data[:_LOOKED_AT]), errors="replace")


def table(text: TextIO, where: str, encoding: str = "utf-8", separator: str | None = None) -> Table:
    """Return the table in ``text``, which can be read twice from its start.

    Raises as :func:`opened` does.
    """
    separator = separator or _separator(text, where)
    rows = _rows(text, separator, where)
    header = next(rows, None)
    if header is None or not any(cell.strip() for cell in header):
        raise BadParameter(
            "The table has no header", where=f"{where}, row 1", remedy="Name its columns there."
        )
    header[0] = header[0].removeprefix("\ufeff")
    return Table(tuple(header), _as_long(rows, len(header), where), encoding, separator)


def safe(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet runs it: a formula gets an apostrophe before it."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or _is_number(cell):
        return cell
    return f"'{cell}"


def writer(text: TextIO, separator: str = ",") -> "Writer":
    """Return a writer of rows to ``text``; the cells given to it must be :func:`safe`."""
    return csv.writer(text, delimiter=separator, lineterminator="\r\n")


def line(cells: Sequence[str], separator: str = ",") -> str:
    """Return one row, its cells made safe."""
    out = io.StringIO()
    writer(out, separator).writerow([safe(cell) for cell in cells])
    return out.getvalue()


def _encoding(start: bytes) -> str:
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name
    try:
        # What is cut off within a letter at the end is no fault.
        codecs.getincrementaldecoder("utf-8")("strict").decode(start, final=False)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _separator(text: TextIO, where: str) -> str:
    try:
        lines = list(islice(text, _LINES))
    except ValueError:
        raise _not_text(where, 1) from None
    text.seek(0)
    best = max(SEPARATORS, key=lambda one: _fits(lines, one))
    return best if _fits(lines, best) > 0 else ","


def _fits(lines: list[str], separator: str) -> int:
    """Return how many columns ``separator`` makes if it makes as many in each row, else less."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return 0
    if not counts or counts[0] == 1:
        return 0
    same = sum(count == counts[0] for count in counts)
    return counts[0] if same == len(counts) else 1 if same * 2 > len(counts) else 0


def _rows(text: TextIO, separator: str, where: str) -> Iterator[list[str]]:
    raw: list[str] = []  # the lines of the row at hand
    reader = csv.reader(_kept(text, raw), delimiter=separator)
    number = 0
    while True:
        number += 1
        last, raw[:] = raw[:], []
        try:
            row = next(reader, None)
        except UnicodeError:
            raise _not_text(where, number) from None
        except csv.Error as error:
            raise BadParameter(
                f"This row cannot be read: {error}",
                where=f"{where}, row {number}",
                remedy="Close its quotation marks; a cell may have 131,072 characters.",
            ) from None
        if row is None:
            if _is_open("".join(last), separator):
                raise BadParameter(
                    "A quotation mark is opened and never closed",
                    where=f"{where}, row {number - 1}",
                    remedy="Close it: all that follows would be one cell.",
                )
            return
        for place, cell in enumerate(row, 1):
            if "\0" in cell:
                raise BadParameter(
                    "The cell holds a null byte",
                    where=f"{where}, row {number}, column {place}",
                    remedy="Store the table as plain text.",
                )
        yield row


def _kept(text: TextIO, lines: list[str]) -> Iterator[str]:
    """Yield the lines of ``text``, each of which is put into ``lines`` as well."""
    for line_ in text:
        lines.append(line_)
        yield line_


def _is_open(last: str, separator: str) -> bool:
    """Return whether a quotation mark of the ``last`` row is not closed."""
    if last.count('"') % 2 == 0:
        return False
    try:
        list(csv.reader(io.StringIO(last, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _as_long(rows: Iterator[list[str]], columns: int, where: str) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 2):
        if len(row) > columns and any(cell.strip() for cell in row[columns:]):
            raise BadParameter(
                f"The row has {len(row)} cells and the header {columns}",
                where=f"{where}, row {number}, column {columns + 1}",
                remedy="Put quotation marks around cells that hold the separator.",
            )
        yield [*row[:columns], *[""] * (columns - len(row))]


def _not_text(where: str, row: int) -> BadParameter:
    return BadParameter(
        "There are bytes that are no text in this encoding",
        where=f"{where}, row {row}",
        remedy="Give the right one with --encoding, such as windows-1252.",
    )


def _numbered(of: Table) -> list[tuple[int, str]]:
    return list(enumerate(of.header, 1))


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
