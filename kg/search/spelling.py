"""From a word as it was typed to the words of the index that it may stand for."""

import json
import sqlite3
from dataclasses import dataclass
from dataclasses import field
from typing import Final

from rapidfuzz.distance import OSA

from kg.reconcile.normal import abbreviated
from kg.reconcile.normal import is_latin
from kg.search.tokens import slipped
from kg.search.tokens import sound
from kg.search.tokens import stem

_MOST: Final = 40  # words that one typed word may stand for
_LOOKED_AT: Final = 400  # words of the index that are compared
_AFTER: Final = "\U0010ffff"
_LONG: Final = 7  # letters from which on a word may hold two slips
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a typed word may stand for: stems, each with how well it fits (1: the same) and with how
    many things have it, and the way by which each was found.
    """

    typed: str
    stems: dict[str, float] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)

    def add(self, one: str, fits: float, uses: int, way: str) -> None:
        """Take ``one`` for a stem that the word may stand for."""
        if fits > self.stems.get(one, 0.0):
            self.stems[one] = fits
        self.uses[one] = uses
        self.ways.setdefault(one, way)


def meaning(index: sqlite3.Connection, typed: str, unfinished: bool = True) -> Meaning:
    """Return what ``typed`` may stand for; an ``unfinished`` one may be the beginning of a word."""
    found = Meaning(typed)
    for word in (typed, abbreviated(typed)):
        if word is None:
            continue
        known = index.execute("SELECT uses FROM stem WHERE stem = ?", (stem(word),)).fetchone()
        if known:
            found.add(stem(word), 1.0, known[0], "word")
    if unfinished and len(typed) > 1:
        rows = index.execute(
            "SELECT word, stem, stem_uses FROM (SELECT * FROM word WHERE word >= ? AND word < ? "
            "LIMIT ?) ORDER BY length(word), uses DESC LIMIT ?",
            (typed, typed + _AFTER, _LOOKED_AT, _MOST),
        )
        for word, one, uses in rows:
            found.add(one, 0.6 + 0.35 * len(typed) / len(word), uses, "beginning")
    if not found.stems or max(found.stems.values()) < 0.8:
        for one, fits, uses in _misspelt(index, typed):
            found.add(one, fits, uses, "spelling")
    return found


def _misspelt(index: sqlite3.Connection, typed: str) -> list[tuple[str, float, int]]:
    """Return the stems of words that are spelt or that sound nearly as ``typed``, each with how
    well it fits and with how many things have it.
    """
    left = dict.fromkeys(slipped(typed))
    if _LONG <= len(typed) <= _LONGEST:
        for one in list(left):
            left.update(dict.fromkeys(slipped(one)))
    heard = sound(typed)
    rows = index.execute(
        "SELECT word, stem, stem_uses FROM word WHERE word IN ("
        "SELECT word FROM slip WHERE written IN (SELECT value FROM json_each(?)) UNION "
        "SELECT word FROM (SELECT word FROM sound WHERE sound = ? LIMIT 100)) LIMIT ?",
        (json.dumps(list(left)), heard if len(heard) > 1 else "", _LOOKED_AT),
    ).fetchall()
    rated = [(_likeness(typed, word, heard), word, one, uses) for word, one, uses in rows]
    rated = sorted((one for one in rated if one[0]), key=lambda one: (-one[0], one[1]))
    return [(one, fits, uses) for fits, _, one, uses in rated[:_MOST]]


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
