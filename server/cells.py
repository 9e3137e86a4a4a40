"""How one value is shown: its text, and where it leads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import ONTOLOGY
from kg.namespaces import XSD
from kg.namespaces import shorten
from server.links import Links
from server.page_language import DEFAULT
from server.page_language import language
from server.term_labels import translated_label
from server.times import duration_in_words
from server.times import time_in_words

_TERMS: Final = f"{ONTOLOGY}#"  # whose labels are translated
# Characters of a literal that a page shows; the representations hold the whole.
LONGEST: Final = 2000
# What HTML takes as a time in machine-readable form: a year, a month or a day, or a length in days.
_TIME: Final = re.compile(r"\d{4,}(-\d\d(-\d\d)?)?|P\d+D")
_DATES: Final = frozenset(XSD + name for name in ("date", "gYearMonth", "gYear"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value on a page: ``text``, the address it leads to, its language, its IRI if it has one.

    ``time`` is the value in machine-readable form where the text is a time in words and HTML has a
    form for it, ``outside`` says that the address is on another server.
    """

    text: str
    href: str | None = None
    lang: str | None = None
    iri: str | None = None
    time: str | None = None
    outside: bool = False


def cell(term: Term, links: Links, label: Term | None = None, edtf: bool = False) -> Cell:
    """Return how ``term`` is shown: by ``label`` if there is one; ``edtf`` says that a plain
    literal is a time.
    """
    if isinstance(term, NamedNode):
        iri = term.value
        if iri.startswith(_TERMS):
            label = translated_label(iri) or label
        if isinstance(label, Literal) and label.value.strip():
            return _iri_cell(iri, links, label.value, label.language)
        return _iri_cell(iri, links, None, None)
    if isinstance(term, Literal):
        lang = term.language
        words = _words(term, edtf) if lang is None else None
        if words:
            return Cell(words, time=term.value if _TIME.fullmatch(term.value) else None)
        return Cell(_cut(term.value), lang=lang)
    if isinstance(term, BlankNode):
        return Cell(f"_:{term.value}")
    return Cell(str(term))


@lru_cache(4096)  # kinds, properties and graphs are on every page
def _iri_cell(iri: str, links: Links, name: str | None, lang: str | None) -> Cell:
    href = links.page(iri) or links.href(iri)
    outside = href is not None and not href.startswith("/")
    return Cell(_cut(name or name_of(iri, links)), href, lang, iri, None, outside)


def is_true(term: Term | None) -> bool:
    """Return whether the term is the boolean true, in either of its lexical forms: an engine that
    keeps booleans as numbers gives 1.
    """
    return isinstance(term, Literal) and term.value in ("true", "1")


def name_of(iri: str, links: Links) -> str:
    """Return a readable name for a thing without a label: its slug, or the IRI shortened."""
    local = links.local(iri)
    if local and not iri.startswith(links.iri("ontology")):
        return unquote(local.split("/", 2)[2]) if local.count("/") > 1 else iri
    name = shorten(iri.replace(links.base, Links().base, 1) if local else iri)
    return name[1:-1] if name.startswith("<") else name


def best_label(labels: Iterable[Term | None]) -> Literal | None:
    """Return the label to show: in the language of the page, else English, else without language,
    else any.
    """
    literals = [label for label in labels if isinstance(label, Literal)]
    return min(literals, key=_preference, default=None) if len(literals) != 1 else literals[0]


def _preference(label: Literal) -> tuple[int, str, str]:
    tag = label.language or ""
    wanted = language()
    for rank, code in enumerate((wanted, DEFAULT)):
        if tag == code or tag.startswith(f"{code}-"):
            return 2 * rank + (tag != code), tag, label.value
    return 4 if not tag else 5, tag, label.value


def _words(literal: Literal, edtf: bool) -> str | None:
    datatype = literal.datatype.value
    if datatype in _DATES or edtf:
        return time_in_words(literal.value)
    if datatype in (XSD + "duration", XSD + "yearMonthDuration"):
        return duration_in_words(literal.value)
    if datatype == XSD + "boolean":
        return {"true": "yes", "false": "no"}.get(literal.value)
    return None


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… (cut; the data has the whole)"
