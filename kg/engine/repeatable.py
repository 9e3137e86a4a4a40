"""Which queries have the same answer as long as the version is the same."""

import re
from typing import Final

from kg.engine.interface import Form
from kg.engine.tokens import tokens
from kg.engine.tokens import unescape
from kg.engine.tokens import words

_FORMS: Final[dict[str, Form]] = {
    "SELECT": "bindings",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
# UUID stands for STRUUID as well. SERVICE asks others, who change when they like.
_CHANGING: Final = ("NOW", "RAND", "UUID", "BNODE")
_SUSPECT: Final = (*_CHANGING, "SERVICE")
_NEW_NODES: Final = re.compile(r"\[|_:")


def is_repeatable(query: str) -> bool:
    """Return whether ``query`` has one answer on each version, byte for byte.

    It has not if a function in it gives something else each time (NOW, RAND, UUID, STRUUID,
    BNODE), if it asks others (SERVICE), or if it makes graphs with blank nodes of their own.
    """
    readings = (query, unescape(query)) if "\\" in query else (query,)
    if any(map(_NEW_NODES.search, readings)) and result_form(query) == "graph":
        return False
    return not any(map(_changes, filter(_is_suspect, readings)))


def result_form(query: str) -> Form | None:
    """Return what form of result ``query`` asks for, or ``None`` if that cannot be told."""
    if query.startswith("SELECT "):  # as most do, so that they need not be read
        return "bindings"
    return next((_FORMS[word] for word in words(query) if word in _FORMS), None)


def _is_suspect(query: str) -> bool:
    capitals = query.upper()
    return any(word in capitals for word in _SUSPECT)


def _changes(query: str) -> bool:
    # A keyword can be written in one with a number before it, SERVICE also with what comes after.
    return any(
        token.text.upper().endswith(_CHANGING) or "SERVICE" in token.text.upper()
        for token in tokens(query)
        if token.kind == "word" or (token.kind == "prefixed" and "SERVICE" in token.text.upper())
    )
