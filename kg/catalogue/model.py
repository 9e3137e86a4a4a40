"""A question of the catalogue: its parameters, its columns and its query."""

import re
from dataclasses import dataclass
from typing import Final

_PLACE: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9]*)\}")
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
    ``family`` is the group of the catalogue in which it stands, ``question`` the sentence with
    ``{name}`` in the places of its parameters.
    """

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str
    family: str = ""
    question: str = ""

    @property
    def sentence(self) -> tuple[tuple[str, Parameter | None], ...]:
        """The question as pieces of text, each with the parameter that stands behind it, if any."""
        known = {parameter.name: parameter for parameter in self.parameters}
        return tuple((text, known.get(name)) for text, name in split_question(self.question))


def split_question(question: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of ``question``: a text, and the name in braces that follows it, or ""."""
    pieces = [*_PLACE.split(question), ""]
    return tuple(zip(pieces[::2], pieces[1::2], strict=True))
