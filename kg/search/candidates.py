"""The things that may be meant: those with all the words, and then those with some."""

import sqlite3
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Final

from kg.search.spelling import Meaning

# Of more things than this the best are not looked for: those that are worth most come first.
_RANKED: Final = 2000
_ENOUGH: Final = 50  # things with all the words, beside which those with some are left out
_SOME: Final = 60  # things with some of the words that are looked at


def candidates(index: sqlite3.Connection, meanings: Sequence[Meaning], most: int) -> list[int]:
    """Return the numbers of at most ``most`` things that may be meant, the likeliest first."""
    groups = [one for one in meanings if one.stems]
    if not groups:
        return []
    groups.sort(key=_uses)
    every = " AND ".join(f"({_either(one.stems)})" for one in groups)
    found = dict.fromkeys(_numbers(index, every, _uses(groups[0]), most))
    if len(groups) > 1 and len(found) < min(most, _ENOUGH):
        # What most things have tells nothing: the rarer words count.
        telling = groups[:1]
        for one in groups[1:]:
            if sum(map(_uses, telling)) + _uses(one) > _RANKED:
                break
            telling.append(one)
        some = " OR ".join(_either(one.stems) for one in telling)
        uses = sum(map(_uses, telling))
        found.update(dict.fromkeys(_numbers(index, some, uses, min(_SOME, most - len(found)))))
    return list(found)[:most]


def _numbers(index: sqlite3.Connection, expression: str, uses: int, most: int) -> list[int]:
    order = "ORDER BY rank" if uses <= _RANKED else ""
    rows = index.execute(
        f"SELECT rowid FROM found WHERE found MATCH ? {order} LIMIT ?", (expression, most)
    )
    return [number for (number,) in rows]


def _uses(meaning: Meaning) -> int:
    return sum(meaning.uses.values())


def _either(stems: Iterable[str]) -> str:
    # In quotes nothing is an operator; a stem holds letters and digits only.
    return " OR ".join(f'"{one}"' for one in stems)
