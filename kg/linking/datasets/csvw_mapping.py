"""Mappings of tables in CSV on the Web: the part of the standard that is read.

Metadata Vocabulary for Tabular Data (W3C, 17 December 2015) with ``tableSchema``, ``columns``,
``aboutUrl``, ``propertyUrl``, ``valueUrl``, ``lang``, ``datatype``, ``separator``, ``null``,
``default`` (of virtual columns), ``required``, ``virtual``, ``suppressOutput`` and ``dialect``.
Whatever else a mapping says is refused, and nothing that it names is fetched.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

from kg.errors import BadData
from kg.linking.datasets.tables import ENCODINGS
from kg.namespaces import BASE
from kg.namespaces import PREFIXES

CONTEXT: Final = "http://www.w3.org/ns/csvw"
_TABLE: Final = ("@context", "url", "dialect", "tableSchema")
_SCHEMA: Final = ("columns", "aboutUrl")
_DIALECT: Final = ("encoding", "delimiter", "header")
_COLUMN: Final = (
    *("name", "titles", "aboutUrl", "propertyUrl", "valueUrl", "lang", "datatype"),
    *("separator", "null", "default", "required", "virtual", "suppressOutput"),
)
_DATATYPES: Final = ("string", "integer", "decimal", "boolean", "date", "gYear", "anyURI")
VARIABLE: Final = re.compile(r"\{(\+?)([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a mapping: the part of the table it reads and what it says of which thing."""

    name: str
    title: str
    about: str
    property: str
    value: str = ""
    lang: str = ""
    datatype: str = "string"
    separator: str = ""
    null: tuple[str, ...] = ("",)
    default: str = ""
    required: bool = False
    virtual: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as read: the columns that say something or are needed in names, and the dialect."""

    columns: tuple[Column, ...]
    encoding: str
    delimiter: str


def read_mapping(path: Path, base: str = BASE) -> Mapping:
    """Return the mapping in ``path``, with names of things under ``base``.

    Raises :class:`~kg.errors.BadData` for what is no mapping or uses what is not supported.
    """
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig").replace(f"{BASE}id/", f"{base}id/")
        table = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise BadData(
            f"The mapping cannot be read: {error}", where=name, remedy="Correct it."
        ) from None
    _only(table, _TABLE, name)
    if table.get("@context") != CONTEXT:
        raise BadData(
            "The mapping has another @context than CSV on the Web",
            where=f"{name}, @context",
            remedy=f"Write {CONTEXT!r}; no other context is read.",
        )
    dialect, schema = table.get("dialect", {}), table.get("tableSchema", {})
    _only(dialect, _DIALECT, f"{name}, dialect")
    _only(schema, _SCHEMA, f"{name}, tableSchema")
    encoding = str(dialect.get("encoding", "utf-8")).lower()
    if encoding not in ENCODINGS:
        raise BadData(
            f"The encoding {encoding!r} is not supported",
            where=f"{name}, dialect",
            remedy=f"Use one of {', '.join(ENCODINGS)}.",
        )
    about = schema.get("aboutUrl", "")
    columns = tuple(
        _column(one, about, f"{name}, column {place}")
        for place, one in enumerate(schema.get("columns") or (), 1)
    )
    known = {column.name for column in columns}
    for column in columns:
        for template in (column.about, column.value):
            for _, variable in VARIABLE.findall(template):
                if variable not in known:
                    raise BadData(
                        f"{{{variable}}} is no column",
                        where=f"{name}, column {column.name}",
                        remedy=f"Columns: {', '.join(sorted(known))}.",
                    )
    if not any(column.property for column in columns):
        raise BadData("The mapping says nothing", where=name, remedy="Give a column a propertyUrl.")
    return Mapping(columns, encoding, str(dialect.get("delimiter", ",")))


def _only(value: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(value, dict):
        raise BadData("There must be an object", where=where, remedy="See docs/linking.md.")
    for key in value:
        if key not in known:
            raise BadData(
                f"{key!r} is not supported", where=where, remedy=f"Known: {', '.join(known)}."
            )


def _column(one: Any, about: str, where: str) -> Column:
    _only(one, _COLUMN, where)
    name = one.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise BadData("The column has no name", where=where, remedy="Use letters and digits.")
    datatype = one.get("datatype", "string")
    if datatype not in _DATATYPES:
        raise BadData(
            f"The datatype {datatype!r} is not supported",
            where=where,
            remedy=f"Use one of {', '.join(_DATATYPES)}.",
        )
    written = one.get("null", "")
    hidden = one.get("suppressOutput", False)
    return Column(
        name=name,
        title=str(one.get("titles", name)),
        about=one.get("aboutUrl", about),
        property="" if hidden else _expand(one.get("propertyUrl", ""), where),
        value=_expand(one.get("valueUrl", ""), where),
        lang=one.get("lang", ""),
        datatype=datatype,
        separator=one.get("separator", ""),
        null=tuple(written) if isinstance(written, list) else (written,),
        default=one.get("default", ""),
        required=bool(one.get("required", False)),
        virtual=bool(one.get("virtual", False)),
    )


def _expand(name: str, where: str) -> str:
    prefix, colon, local = name.partition(":")
    if not colon or local.startswith("//") or "{" in prefix:
        return name
    if prefix not in PREFIXES:
        known = ", ".join(PREFIXES)
        raise BadData(f"The prefix {prefix!r} is unknown", where=where, remedy=f"Known: {known}.")
    return PREFIXES[prefix] + local
