"""Tables as statements by a mapping, as in "Generating RDF from Tabular Data on the Web" (W3C, 17
December 2015), minimal mode.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.errors import BadData
from kg.linking.datasets.csvw_mapping import VARIABLE
from kg.linking.datasets.csvw_mapping import Column
from kg.linking.datasets.csvw_mapping import Mapping
from kg.linking.datasets.tables import Row
from kg.linking.datasets.tables import read_rows
from kg.linking.identifiers import wrong_digits
from kg.namespaces import XSD

_FORMS: Final = {
    "integer": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?\d+(\.\d+)?"),
    "boolean": re.compile(r"true|false|0|1"),
    "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "gYear": re.compile(r"-?\d{4}"),
    "anyURI": re.compile(r"https?://[^\s<>\"{}|^`\\]+"),
}


def table_triples(path: Path, mapping: Mapping) -> Iterator[Triple]:
    """Yield the statements that ``mapping`` makes of the table in ``path``.

    Raises :class:`~kg.errors.BadData` with row and column.
    """
    first = True
    for row in read_rows(path, mapping.encoding, mapping.delimiter):
        if first and path.suffix not in (".json", ".jsonl"):
            _check_header(row, mapping, path.name)
        first = False
        values = {column.name: _values(column, row) for column in mapping.columns}
        for column in mapping.columns:
            where = f"{path.name}, row {row.number}, column {column.title}"
            if column.required and not values[column.name]:
                raise BadData("The cell is empty", where=where, remedy="Fill it.")
            if column.property:
                yield from _statements(column, values, where)


def _check_header(row: Row, mapping: Mapping, name: str) -> None:
    for column in mapping.columns:
        if not column.virtual and column.title not in row.cells:
            raise BadData(
                f"There is no column {column.title!r}",
                where=f"{name}, row 1",
                remedy=f"The mapping needs it; there are: {', '.join(row.cells)}."[:500],
            )


def _values(column: Column, row: Row) -> tuple[str, ...]:
    if column.virtual:
        return (column.default,) if column.default else ()
    cells = row.cells.get(column.title, ())
    parts = [part.strip() for cell in cells for part in _split(cell, column.separator)]
    return tuple(part for part in parts if part and part not in column.null)


def _split(cell: str, separator: str) -> list[str]:
    return cell.split(separator) if separator else [cell]


def _statements(column: Column, values: dict[str, tuple[str, ...]], where: str) -> Iterator[Triple]:
    about = _fill(column.about, values)
    if about is None:
        return
    subject, predicate = _node(about, where), _node(column.property, where)
    if column.virtual and not column.default:
        target = _fill(column.value, values)
        if target is not None:
            yield Triple(subject, predicate, _node(target, where))
        return
    for text in values[column.name]:
        if column.value:
            filled = _fill(column.value, {**values, column.name: (text,)})
            if filled is not None:
                yield Triple(subject, predicate, _node(filled, where))
        else:
            yield Triple(subject, predicate, _literal(column, text, where))


def _fill(template: str, values: dict[str, tuple[str, ...]]) -> str | None:
    """Return ``template`` with its variables replaced (RFC 6570, levels 1 and 2), or ``None`` if
    one of them has no value.
    """
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        found = values.get(match[2], ())
        missing = missing or not found
        text = ",".join(found)
        return quote(text, safe=":/?#[]@!$&'()*+,;=%") if match[1] else quote(text, safe="")

    filled = VARIABLE.sub(fill, template)
    return None if missing else filled


def _node(iri: str, where: str) -> NamedNode:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]+", iri):
        raise BadData(f"{iri[:200]!r} is no IRI", where=where, remedy="Correct cell or mapping.")
    wrong = wrong_digits(iri)
    if wrong:
        raise BadData(wrong, where=where, remedy="Correct the cell.")
    return NamedNode(iri)


def _literal(column: Column, text: str, where: str) -> Literal:
    form = _FORMS.get(column.datatype)
    if form and not form.fullmatch(text):
        raise BadData(
            f"{text[:80]!r} is no {column.datatype}", where=where, remedy="Correct the cell."
        )
    if column.lang:
        return Literal(text, language=column.lang)
    if column.datatype == "string":
        return Literal(text)
    return Literal(text, datatype=NamedNode(XSD + column.datatype))
