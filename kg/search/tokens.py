"""Texts as the tokens by which they are found: one spelling, one stem, one script."""

from collections.abc import Iterator
from functools import cache
from functools import lru_cache
from importlib.resources import files
from typing import Any
from typing import Final
from typing import Literal as Choice

from kg.reconcile.normal import is_latin
from kg.reconcile.normal import normal
from kg.reconcile.normal import skeleton
from kg.reconcile.normal import transliterated
from kg.reconcile.normal import words

_LONGEST_WORD: Final = 60  # characters
_SHORTEST_SLIP: Final = 4  # letters of a word that may be misspelt
_LONGEST_SLIP: Final = 24
_stemmers: list[Any] = []


def tokens(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, in one spelling, without accents."""
    return [_spelt(one) for one in normal(text).split()]


@lru_cache(maxsize=65536)
def _spelt(word: str) -> str:
    return words(word)[0][:_LONGEST_WORD]


def telling(found: list[str]) -> list[str]:
    """Return those of ``found`` that say what is meant; all if there are no others."""
    passed = passed_over("searches")
    return [one for one in found if one not in passed] or found


@cache
def passed_over(where: Choice["searches", "questions"]) -> frozenset[str]:
    """Return the words that say nothing about what is meant in searches or in questions."""
    text = files("kg.search").joinpath("passed_over.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return frozenset(word for word, place in rows if place in (where, "both"))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of an English word; a word of another script stays as it is."""
    if not word.isascii() or len(word) < 4 or not word.isalpha():
        return word
    if not _stemmers:
        import snowballstemmer  # type: ignore[import-untyped]  # imported when needed: a start is to be quick

        _stemmers.append(snowballstemmer.stemmer("english"))
    return str(_stemmers[0].stemWord(word))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return what stays of ``word`` when it passes through other scripts: its consonants."""
    return skeleton(word if is_latin(word) else transliterated(word))


def slipped(word: str) -> Iterator[str]:
    """Yield ``word`` and what is left of it without one of its letters."""
    yield word
    if _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP and not any(sign.isdigit() for sign in word):
        for place in range(len(word)):
            yield word[:place] + word[place + 1 :]
