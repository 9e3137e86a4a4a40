"""From a word as it was typed to the words of the index that it may stand for."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from kg.reconcile.normal import abbreviated
from kg.reconcile.normal import is_latin
from kg.search.building import slipped
from kg.search.tokens import sound
from kg.search.tokens import stem

_MOST: Final = 40  # words that one typed word may stand for
_LOOKED_AT: Final = 400  # words of the index that are compared
_AFTER: Final = "\U0010ffff"
_LONG: Final = 7  # letters from which on a word may hold two slips


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a typed word may stand for: stems, each with how well it fits (1: the same), and words
    of the index, each with the way it was found.
    """

    typed: str
    stems: dict[str, float]
    ways: dict[str, str]


def meaning(index: sqlite3.Connection, typed: str, unfinished: bool = True) -> Meaning:
    """Return what ``typed`` may stand for; an ``unfinished`` one may be the beginning of a word."""
    found = Meaning(typed, {}, {})
    for word in (typed, abbreviated(typed)):
        if word is None:
            continue
        known = index.execute("SELECT uses FROM stem WHERE stem = ?", (stem(word),)).fetchone()
        if known:
            _add(found, stem(word), 1.0, word, "word")
    if unfinished and len(typed) > 1:
        rows = index.execute(
            "SELECT word, stem, uses FROM word WHERE word >= ? AND word < ? LIMIT ?",
            (typed, typed + _AFTER, _LOOKED_AT),
        ).fetchall()
        for word, one, _ in sorted(rows, key=lambda row: (len(row[0]), -row[2]))[:_MOST]:
            share = len(typed) / len(word)
            _add(found, one, 0.6 + 0.35 * share, word, "beginning")
    if not found.stems or max(found.stems.values()) < 0.8:
        for word, fits in _misspelt(index, typed):
            _add(found, stem(word), fits, word, "spelling")
    return found


def _misspelt(index: sqlite3.Connection, typed: str) -> list[tuple[str, float]]:
    left = dict.fromkeys(slipped(typed))
    if len(typed) >= _LONG and len(typed) <= 24:
        for one in list(left):
            left.update(dict.fromkeys(slipped(one)))
    candidates: set[str] = set()
    for written in left:
        rows = index.execute("SELECT word FROM slip WHERE written = ? LIMIT 50", (written,))
        candidates.update(word for (word,) in rows)
    heard = sound(typed)
    if len(heard) > 1:
        rows = index.execute("SELECT word FROM sound WHERE sound = ? LIMIT 100", (heard,))
        candidates.update(word for (word,) in rows)
    rated = []
    for word in candidates:
        fits = _likeness(typed, word, heard)
        if fits:
            rated.append((word, fits))
    return sorted(rated, key=lambda one: (-one[1], one[0]))[:_MOST]


def _likeness(typed: str, word: str, heard: str) -> float:
    """Return how well ``word`` fits what was typed, 0 if it does not."""
    same_sound = sound(word) == heard
    if is_latin(typed) != is_latin(word):
        return 0.9 if same_sound else 0.0
    longer = max(len(typed), len(word))
    slips = OSA.distance(typed, word)
    allowed = 0 if longer < 4 else 1 if longer < _LONG else 2 if longer < 12 else 3
    if same_sound and typed[0] == word[0] and slips <= allowed + 1:
        return 0.9 - 0.08 * slips
    if slips > allowed:
        return 0.0
    return 0.85 - 0.12 * slips - (0.1 if typed[0] != word[0] else 0.0)


def _add(found: Meaning, one: str, fits: float, word: str, way: str) -> None:
    if fits > found.stems.get(one, 0.0):
        found.stems[one] = fits
    found.ways.setdefault(one, way)
