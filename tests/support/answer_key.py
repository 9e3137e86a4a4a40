"""An independent reader's rows for the competency questions, and how they are put beside ours.

``tests/competency/README.md`` says what each file of the key holds.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

Row = tuple[str, ...]
Entry = tuple[str, str, str]
Table = list[dict[str, str]]

_EVERYWHERE = "*"
_NOTHING = "–"


class AnswerKey:
    """The key in a folder.

    ``asked`` are the questions as the reader had them, ``notes`` the reader's passages and remarks,
    both by the question's name. ``same`` gives for a question (or ``*``), a column (several, with
    ``|`` between; or ``*``) and the reader's words the label of the graph that means the same.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = {line["number-slug"]: line for line in self.table("questions")}
        self.notes = {line["number-slug"]: line for line in self.table("notes")}
        self.disagreements = self.table("disagreements")
        self.same: dict[Entry, str] = {
            (line["question"], line["column"], line["key"]): line["graph"]
            for line in self.table("same")
        }

    def table(self, name: str) -> Table:
        """Return the lines of a table by the names of their columns."""
        with (self.folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))

    def rows(self, question: str) -> list[Row]:
        """Return the reader's rows, the names of the columns first."""
        lines = (self.folder / f"{question}.tsv").read_text(encoding="utf-8").splitlines()
        return [tuple(line.split("\t")) for line in lines]

    def disagreements_on(self, question: str) -> Table:
        """Return the lines of ``disagreements.tsv`` for one question."""
        return [line for line in self.disagreements if line["question"] == question]

    def translated(self, question: str, rows: Iterable[Row]) -> list[Row]:
        """Return rows of the reader in the labels of the graph."""
        header = self.rows(question)[0]
        return [self._translate(question, header, row)[0] for row in rows]

    def entries(self, question: str, rows: Iterable[Row]) -> set[Entry]:
        """Return the entries of ``same`` that serve to translate ``rows``."""
        header = self.rows(question)[0]
        return {entry for row in rows for entry in self._translate(question, header, row)[1]}

    def _translate(self, question: str, header: Row, row: Row) -> tuple[Row, list[Entry]]:
        cells = dict(zip(header, row, strict=True))
        used = self._over_several(question, cells)
        found = {
            column: label
            for entry in used
            for column, label in zip(_cells(entry[1]), _cells(self.same[entry]), strict=True)
        }
        for column in cells.keys() - found.keys():
            entry = self._entry(question, column, cells[column])
            if entry:
                used.append(entry)
            found[column] = self.same[entry] if entry else cells[column]
        return tuple(found[column] for column in header), used

    def _over_several(self, question: str, cells: dict[str, str]) -> list[Entry]:
        """Return the entries for several cells of a row together that fit this row."""
        return [
            entry
            for entry in self.same
            if entry[0] == question
            and len(columns := _cells(entry[1])) > 1
            and tuple(cells[column] for column in columns) == _cells(entry[2])
        ]

    def _entry(self, question: str, column: str, words: str) -> Entry | None:
        """Return the entry for one cell; that of the question goes before that of all."""
        places = ((question, column), (_EVERYWHERE, column), (_EVERYWHERE, _EVERYWHERE))
        return next(((*place, words) for place in places if (*place, words) in self.same), None)


def rows_of_cell(text: str) -> list[Row]:
    """Return rows that stand in one cell of a table.

    A semicolon stands between rows, a bar between cells, a dash for an empty cell.
    """
    return [_cells(row) for row in text.split(" ; ")] if text else []


def spans(text: str) -> list[tuple[int, int]]:
    """Return pairs of start and end in code points from ``start-end``, with spaces between."""
    return [(int(start), int(end)) for start, end in (span.split("-") for span in text.split())]


def plain(cell: str) -> str:
    """Return ``cell`` without capital letters and with one form of the apostrophe."""
    return cell.casefold().replace("’", "'")


def counted(rows: Iterable[Row]) -> Counter[Row]:
    """Return how often each row stands there, cells taken as :func:`plain` gives them."""
    return Counter(tuple(plain(cell) for cell in row) for row in rows)


def _cells(text: str) -> Row:
    return tuple("" if cell == _NOTHING else cell for cell in text.split(" | "))
