"""A question of the catalogue: its parameters, its columns and its query."""

from dataclasses import dataclass
from typing import Final

KINDS: Final = ("iri", "string", "integer", "decimal", "date", "boolean")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the user gives; ``kind`` is one of :data:`KINDS`.

    ``example`` is a value that fits the kind. ``choices`` is the IRI of the class whose members
    are offered, or ``None``; a value that is no member is not refused, it finds nothing.
    """

    name: str
    kind: str
    label: str
    example: str
    description: str
    choices: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer; ``kind`` is one of :data:`KINDS`. A cell may be empty."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """A question; ``name`` is the name of its file without extension.

    ``text`` is the whole file: a SELECT query that projects the columns, then the parameters.
    """

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str
