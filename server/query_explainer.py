"""A query explained line by line, with the terms in it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.engine.tokens import tokens
from kg.namespaces import shorten
from server.query_lines import Names
from server.query_lines import iri_of
from server.query_lines import say

_KEPT: Final = 4096  # lines that are kept with what they do


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a query, and what it does; brackets alone do nothing that needs saying."""

    code: str
    says: str


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A term of the vocabulary that a query uses."""

    iri: str
    name: str
    label: str
    definition: str


class Explainer:
    """Explains queries in the words of ``names``; most lines of a question are always the same."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._say = lru_cache(maxsize=_KEPT)(lambda line, subject: say(line, subject, names))
        self._terms = lru_cache(maxsize=_KEPT)(self._terms_in)

    def lines(self, text: str) -> tuple[Line, ...]:
        """Return the lines of ``text``, written as the catalogue's are, with what each does."""
        lines = []
        subject = ""
        for code in text.splitlines():
            bare = code.strip()
            if not bare or bare.startswith("#"):
                continue
            said, subject = self._say(bare, subject)
            lines.append(Line(code, said))
        return tuple(lines)

    def terms(self, text: str) -> tuple[NamedTerm, ...]:
        """Return the terms in ``text`` that have a definition, in the order in which they come."""
        found = [one for line in text.splitlines() for one in self._terms(line)]
        return tuple({one.iri: one for one in found}.values())

    def _terms_in(self, line: str) -> tuple[NamedTerm, ...]:
        found = []
        for token in tokens(line):
            if token.kind not in ("iri", "prefixed"):
                continue
            iri = iri_of(token.text.rstrip("."))
            label, definition = self._names.get(iri, ("", ""))
            if definition:
                found.append(NamedTerm(iri, shorten(iri), label, definition))
        return tuple(found)
