"""How far two spellings of a word are apart, in slips of the pen: what a hand or an ear mixes up
costs less than another letter.
"""

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

_VOWELS: Final = frozenset("aeiouy")
_ALIKE: Final = tuple(
    frozenset(pair)
    for pair in (
        "kc", "kq", "cq", "sz", "vw", "gj", "yj", "td", "bp", "mn", "fv", "iy", "sc", "xs",
    )
)  # fmt: skip
_SLIP: Final = 0.5
_OTHER_LETTER: Final = 1.5
TOO_FAR: Final = 9.0


def allowed(length: int) -> float:
    """Return how many slips a word of ``length`` letters may have and still be the same word."""
    if length < 4:
        return 0.0
    if length < 7:
        return 0.5
    return 1.0 if length < 10 else 1.5 if length < 14 else 2.0


@lru_cache(maxsize=65536)
def slips(given: str, known: str) -> float:
    """Return the cost of the changes that make ``known`` of ``given``; :data:`TOO_FAR` where they
    are not the same word: another ending, another number, too many changes.
    """
    if given == known:
        return 0.0
    longer = max(len(given), len(known))
    most = allowed(longer)
    if not most or any(sign.isdigit() for sign in given + known):
        return TOO_FAR
    # An ending makes another word of it: Russia, Russian; Niger, Nigeria; state, states.
    if given.startswith(known) or known.startswith(given):
        return _SLIP if _only_careless(given, known) else TOO_FAR
    if given[0] != known[0] and given[:2] != known[1::-1]:
        return TOO_FAR
    same_end = given[-1] == known[-1] or {given[-1], known[-1]} == {"i", "y"}
    if not same_end and longer < 8 and given[-2:] != known[:-3:-1]:
        return TOO_FAR
    most_changes = 1 if longer < 8 else 4
    if OSA.distance(given, known, score_cutoff=most_changes) > most_changes:
        return TOO_FAR
    cost = _cost(given, known)
    return cost if cost <= most else TOO_FAR


def _only_careless(given: str, known: str) -> bool:
    """Return whether all that one word has more is its last letter twice, or a silent e."""
    short, long = sorted((given, known), key=len)
    if len(long) - len(short) != 1 or len(short) < 4:
        return False
    return long[-1] == short[-1] or (long[-1] == "e" and len(short) > 6)


def _cost(given: str, known: str) -> float:
    """Return the cost by the recurrence of the optimal string alignment distance."""
    before: list[float] = []
    last = [0.0]
    for sign in known:
        last.append(last[-1] + _single(known, len(last) - 1, sign))
    for i, a in enumerate(given):
        row = [last[0] + _single(given, i, a)]
        for j, b in enumerate(known):
            best = last[j] + (0.0 if a == b else _change(a, b))
            best = min(best, last[j + 1] + _single(given, i, a), row[j] + _single(known, j, b))
            if i and j and a == known[j - 1] and given[i - 1] == b and a != b:
                best = min(best, before[j - 1] + _SLIP)
            row.append(best)
        before, last = last, row
    return last[-1]


def _single(word: str, place: int, sign: str) -> float:
    """Return the cost of a letter that only one of the words has."""
    doubled = place > 0 and word[place - 1] == sign
    silent = sign in _VOWELS or sign == "h"
    return _SLIP if doubled or silent else 1.0


def _change(a: str, b: str) -> float:
    both = {a, b}
    if both <= _VOWELS or both in _ALIKE:
        return _SLIP
    return _OTHER_LETTER
