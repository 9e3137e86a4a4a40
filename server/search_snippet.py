"""The part of a text in which words were found, with these words marked."""

import re
from functools import lru_cache
from typing import Final

from kg.search.tokens import stem
from kg.search.tokens import tokens

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BEFORE: Final = 80  # characters before the first word that was found
_WIDTH: Final = 240  # characters in all


def snippet(text: str, matched: frozenset[str]) -> list[tuple[str, bool]]:
    """Return a part of ``text`` as pieces, each with whether it is one of the words whose stems are
    ``matched``.
    """
    places = [
        found.span() for found in _WORD.finditer(text) if not matched.isdisjoint(_stems(found[0]))
    ]
    start, end = 0, len(text)
    if len(text) > _WIDTH:
        first = places[0][0] if places else 0
        start = _at_space(text, max(0, min(first - _BEFORE, len(text) - _WIDTH)))
        end = _at_space(text, min(len(text), start + _WIDTH))
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for left, right in places:
        if left < at or right > end:
            continue
        pieces += [(text[at:left], False), (text[left:right], True)]
        at = right
    pieces.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece[0]]


@lru_cache(maxsize=16384)
def _stems(word: str) -> frozenset[str]:
    return frozenset(map(stem, tokens(word)))


def _at_space(text: str, place: int) -> int:
    if place in (0, len(text)):
        return place
    space = text.find(" ", place, place + 30)
    return place if space < 0 else space + 1
