"""A table of mappings as a file that is changed row by row, each time whole or not at all."""

import os
import tempfile
from dataclasses import dataclass
from dataclasses import field
from itertools import takewhile
from pathlib import Path
from typing import Final

from kg.errors import BadData
from kg.linking.sssom import COLUMNS
from kg.namespaces import BASE
from kg.namespaces import PREFIXES

PREFIXES_OF_ROWS: Final = ("id", "topic", "schema", "skos", "semapv", "sssom")


@dataclass(slots=True)
class MappingFile:
    """The header, the columns and the rows of a table; a row has a text for each column."""

    path: Path
    header: list[str]
    columns: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)

    def save(self) -> None:
        """Write the file by way of another one, so that it is never seen half written.

        Raises :class:`~kg.errors.BadData` if the folder cannot be written.
        """
        try:
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", newline="", dir=self.path.parent, delete=False
            ) as new:
                new.write(self.text())
                new.flush()
                os.fsync(new.fileno())
            if self.path.exists():
                os.chmod(new.name, self.path.stat().st_mode & 0o777)
            else:
                os.chmod(new.name, 0o644)
            os.replace(new.name, self.path)
        except OSError as error:
            raise BadData(
                f"The table cannot be written: {error.strerror}",
                where=str(self.path),
                remedy="Give a file in a folder that you may write.",
            ) from None

    def text(self) -> str:
        """Return the table as it is written."""
        lines = [*self.header, "\t".join(self.columns)]
        lines += [
            "\t".join(safe_cell(row.get(name, "")) for name in self.columns) for row in self.rows
        ]
        return "\n".join(lines) + "\n"


def safe_cell(text: str) -> str:
    """Return a cell without line breaks, and such that no spreadsheet takes it for a formula."""
    plain = " ".join(text.split())
    return f"'{plain}" if plain.startswith(("=", "+", "@", "-")) else plain


def new_mapping_file(path: Path, title: str, base: str = BASE) -> MappingFile:
    """Return an empty table for ``path``, which is not written yet."""
    name = path.name.removesuffix(".sssom.tsv")
    prefixes = [
        f"#  {prefix}: {PREFIXES[prefix].replace(BASE, base)}" for prefix in PREFIXES_OF_ROWS
    ]
    header = [
        f"#mapping_set_id: {base}mappings/{name}",
        f"#mapping_set_title: {title}",
        "#license: https://creativecommons.org/licenses/by/4.0/",
        "#curie_map:",
        *prefixes,
    ]
    return MappingFile(path, header, list(COLUMNS))


def load_mapping_file(path: Path) -> MappingFile:
    """Return the table in ``path``.

    Raises :class:`~kg.errors.BadData` with the row for a file that is none.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadData(
            f"The table is not UTF-8: byte {error.start} does not fit",
            where=path.name,
            remedy="Store it as UTF-8.",
        ) from None
    except OSError as error:
        raise BadData(
            f"The table cannot be read: {error.strerror}", where=str(path), remedy="Check the path."
        ) from None
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    body = lines[len(header) :]
    columns = body[0].split("\t") if body else []
    if "subject_id" not in columns:
        raise BadData(
            "The table has no column subject_id",
            where=f"{path.name}, row {len(header) + 1}",
            remedy="Give an SSSOM table, tab-separated.",
        )
    rows = []
    for number, line in enumerate(body[1:], len(header) + 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise BadData(
                f"The row has {len(cells)} cells instead of {len(columns)}",
                where=f"{path.name}, row {number}",
                remedy="Give it a cell for each column.",
            )
        rows.append(dict(zip(columns, cells, strict=True)))
    return MappingFile(path, header, columns, rows)
