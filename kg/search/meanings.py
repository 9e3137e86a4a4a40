"""From what was typed to the meanings of its words, and how much each of them counts."""

import json
import math
import sqlite3
from typing import Final

from kg.reconcile.normal import expansions
from kg.search.spelling import Meaning
from kg.search.spelling import meaning
from kg.search.tokens import stem
from kg.search.tokens import telling
from kg.search.tokens import tokens

_MOST_WORDS: Final = 12


def meanings(
    connection: sqlite3.Connection, asked: str, things: int
) -> list[tuple[Meaning, float]]:
    """Return what each word of ``asked`` may stand for in an index of so many ``things``, with its
    weight: the rarer, the heavier.
    """
    words = tokens(asked)
    written_out = [one for word in words for one in expansions(word)[:1]]
    if written_out and len(words) > 1:
        words = [
            part
            for word in words
            for part in (tokens(expansions(word)[0]) if expansions(word) else [word])
        ]
    words = _joined(connection, words[: 2 * _MOST_WORDS])
    found = []
    for word in list(dict.fromkeys(telling(words)))[:_MOST_WORDS]:
        one = meaning(connection, word)
        uses = min((one.uses[s] for s, fits in one.stems.items() if fits > 0.7), default=1)
        found.append((one, math.log(1 + things / (1 + uses)) + 0.3))
    return found


def _joined(connection: sqlite3.Connection, words: list[str]) -> list[str]:
    """Return ``words`` with two of them as one where the index knows only that."""
    if len(words) < 2:
        return words
    rows = connection.execute(
        "SELECT stem FROM stem WHERE stem IN (SELECT value FROM json_each(?))",
        (json.dumps([stem(word) for word in words]),),
    )
    known = {one for (one,) in rows}
    found: list[str] = []
    for word, before in zip(words, ["", *words], strict=False):
        if found and not (stem(word) in known or stem(before) in known):
            one = meaning(connection, found[-1] + word, unfinished=False)
            if max(one.stems.values(), default=0.0) > 0.85:
                found[-1] += word
                continue
        found.append(word)
    return found
