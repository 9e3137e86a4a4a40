"""Identifiers of well-known schemes: which a thing has, and which a value in a table is."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

LINK: Final = "link"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of identifiers: its name, where they stand (a property, or ``link``: the IRIs of the
    same thing elsewhere), their form, the class they are for, and whether the form alone tells.
    """

    id: str
    name: str
    source: str
    pattern: re.Pattern[str]
    of_class: str
    wide: bool


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return the schemes of ``identifiers.tsv`` in its order."""
    text = files("kg.reconcile").joinpath("identifiers.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return tuple(
        Scheme(id_, name, source, re.compile(pattern), of_class, wide == "yes")
        for id_, name, source, pattern, of_class, wide in rows
    )


def codes(source: str, value: str, classes: set[str]) -> list[tuple[Scheme, str]]:
    """Return the schemes, with the identifier, that ``value`` of ``source`` belongs to."""
    found = []
    for scheme in schemes():
        match = scheme.pattern.fullmatch(value) if scheme.source == source else None
        if match and (not scheme.of_class or scheme.of_class in classes):
            found.append((scheme, match[1]))
    return found
