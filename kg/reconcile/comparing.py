"""Comparing a name as somebody wrote it with one that is known: a score, and what it rests on."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rapidfuzz import fuzz

from kg.reconcile.entry import Name
from kg.reconcile.normal import abbreviated
from kg.reconcile.normal import expansions
from kg.reconcile.normal import is_latin
from kg.reconcile.normal import normal
from kg.reconcile.normal import skeleton
from kg.reconcile.normal import transliterated
from kg.reconcile.normal import words
from kg.reconcile.slips import TOO_FAR
from kg.reconcile.slips import slips

_BEST_PART: Final = 70.0  # points that a name can have of which only a part fits
_SLIP_POINTS: Final = 7.0  # that each slip takes
_WORDS_SLIPS: Final = 2.0  # that a whole name may have
_SHORT: Final = 0.3  # slips that a word written short counts
_WRITTEN_OUT: Final = 4  # forms of a name with a short form written out
_SURE_SOUND: Final = 4  # consonants that must agree for a sound to tell
_BEGINNING: Final = 3  # letters that a word cut short by a full stop must have
_CUT: Final = re.compile(r"(\w{3,})\.(?=\s|$)|\b(\w+)['’](?:l|t)\b")


class Given:
    """A name as it was given, in the forms in which it is compared."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        self.normal = normal(self.text)
        self.words = words(self.normal)
        self.latin = is_latin(self.normal)
        self.roman = self.normal if self.latin else transliterated(self.normal)
        self.cut = {normal(found[1] or found[2]) for found in _CUT.finditer(self.text)}
        self.written_out = tuple(
            islice(
                (
                    " ".join((*self.words[:place], full, *self.words[place + 1 :]))
                    for place, word in enumerate(self.words)
                    if word.upper() in self.text.replace(".", "").split()
                    for full in expansions(word)
                ),
                _WRITTEN_OUT,
            )
        )
        self.capitals = self.normal.upper() == re.sub(r"[\W_]+", " ", self.text).strip() or (
            "." in self.text and self.text.replace(".", "").isupper()
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two names are: ``score`` in points of 100, ``way`` by which they were found alike,
    and whether that is enough to say that one thing is meant if no other is as like.
    """

    score: float
    way: str
    certain: bool
    slips: float = 0.0


def likeness(given: Given, name: Name) -> Likeness:
    """Return how like ``name`` is to the name that was given."""
    other = 0.0 if name.kind == "label" else 1.0
    if given.normal == name.normal:
        return _same(given, name, other)
    if not given.latin or not name.latin:
        return _across_scripts(given, name)
    if given.words == name.words:
        return Likeness(99 - other, "same words", True)
    if sorted(given.words) == sorted(name.words):
        return Likeness(97 - other, "same words in another order", len(given.words) > 1)
    if "".join(given.words) == "".join(name.words) and len(name.normal) > 4:
        return Likeness(98 - other, "same letters, parted otherwise", True)
    cost, short = _aligned(given, name.words)
    if cost <= _WORDS_SLIPS:
        way = "words written short" if short and cost <= short * _SHORT else "spelling"
        return Likeness(97 - other - _SLIP_POINTS * cost, way, True, cost)
    joined = slips("".join(given.words), "".join(name.words))
    if joined < TOO_FAR and len(given.words) != len(name.words):
        return Likeness(92 - other - _SLIP_POINTS * joined, "spelling", True, joined)
    sound = skeleton(given.normal)
    if (
        len(sound) > _SURE_SOUND
        and len(given.words) == len(name.words) == 1
        and sound == skeleton(name.normal)
        and given.normal[-1] == name.normal[-1]
    ):
        return Likeness(86 - other, "same sound", True)
    return Likeness(_partly(given.normal, name.normal), "partly alike", False)


def _same(given: Given, name: Name, other: float) -> Likeness:
    if name.kind == "initials":
        return Likeness(60, "first letters of the words", False)
    if name.text.isupper() and name.latin and len(name.normal) <= 5 and not given.capitals:
        return Likeness(80, "the letters of a short form", False)
    return Likeness(100 - other, "same name", True)


def _across_scripts(given: Given, name: Name) -> Likeness:
    known = name.normal if name.latin else transliterated(name.normal)
    if given.latin != name.latin:
        if given.roman.replace(" ", "") == known.replace(" ", ""):
            return Likeness(94, "transliteration", len(known) > 3)
        sound = skeleton(given.roman)
        if sound == skeleton(known) and len(sound) >= _SURE_SOUND:
            sure = not given.latin and not _has_another_ending(given, name)
            return Likeness(88, "transliteration by sound", sure)
    elif len(given.normal) > 4 and _aligned(given, name.words)[0] <= 1:
        return Likeness(85, "spelling", True)
    return Likeness(_partly(given.roman, known), "partly alike", False)


def _has_another_ending(given: Given, name: Name) -> bool:
    """Return whether the thing has a name in the given script that lacks the ending of the given
    one, which so is another word of the same stem.
    """
    known = (normal(text) for names in name.entry.labels.values() for text in names)
    return any(
        one != given.normal and (given.normal.startswith(one) or one.startswith(given.normal))
        for one in known
    )


def _aligned(given: Given, known: tuple[str, ...]) -> tuple[float, int]:
    """Return what it costs to make the words of one name those of the other, each of one, and how
    many of them were written short; :data:`TOO_FAR` if a word is left over.
    """
    if len(given.words) != len(known):
        return TOO_FAR, 0
    left, total, short = list(known), 0.0, 0
    for word in given.words:
        costs = [(_word(word, other, given.cut), other) for other in left]
        (cost, written_short), best = min(costs, key=lambda one: one[0])
        total += cost
        if total >= TOO_FAR:
            return TOO_FAR, 0
        short += written_short
        left.remove(best)
    return total, short


def _word(given: str, known: str, cut: set[str]) -> tuple[float, bool]:
    if given == known:
        return 0.0, False
    full = abbreviated(given)
    if full == known or (given in cut and len(given) >= _BEGINNING and known.startswith(given)):
        return _SHORT, True
    return slips(given, known), False


def _partly(one: str, other: str) -> float:
    return round(_BEST_PART * fuzz.token_sort_ratio(one, other) / 100, 1)
