"""Beginnings of names: what is suggested to somebody who has typed a few letters."""

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Final
from typing import NamedTuple

from kg.search.reading import Thing
from kg.search.tokens import tokens

# A beginning of more names than this has its best ones kept ready; the names that begin otherwise
# are few enough to be read and sorted while somebody waits.
MANY: Final = 60
TOP_HITS: Final = 20
NAMES: Final = frozenset(("name", "other name"))
_LONGEST: Final = 80  # characters of a beginning
_LONGEST_NAME: Final = 12  # words of a name whose every word is a beginning
_SHOWN: Final = 200  # characters of a name


class Beginning(NamedTuple):
    """A text that begins a name or a word in it, its rank (the least is the best), the number of
    the thing, the name, and what the name is.
    """

    text: str
    rank: float
    thing: int
    name: str
    where: str


def beginnings(number: int, thing: Thing, standing: float) -> Iterator[Beginning]:
    """Yield the beginnings of ``thing``, the ``number``-th."""
    shown = set(thing.labels)
    for one in thing.texts:
        if one.where not in NAMES and one not in shown:
            continue
        parts = tokens(one.text)
        for place in range(len(parts) if len(parts) <= _LONGEST_NAME else 1):
            text = " ".join(parts[place:])[:_LONGEST]
            rank = (1 - standing) + 0.3 * (place > 0) + min(len(one.text), 100) / 200
            yield Beginning(text, round(rank, 4), number, one.text[:_SHOWN], one.where)
    for short in initials(thing):
        yield Beginning(
            short, round(1.2 - standing, 4), number, thing.name[:_SHOWN], "first letters"
        )


def initials(thing: Thing) -> set[str]:
    """Return the first letters of the words of the names, which people write for the names."""
    found = set()
    for one in thing.texts:
        parts = tokens(one.text.split(",")[0])
        if one.where == "name" and 3 <= len(parts) <= 9 and one.language in ("", "en"):
            for said in (
                parts,
                [word for word in parts if word not in ("of", "the", "and", "for")],
            ):
                if len(said) > 2 and one.text[:1].isupper():
                    found.add("".join(word[0] for word in said))
    return found


def frequent(found: Iterable[Beginning]) -> dict[str, list[Beginning]]:
    """Return the best of ``found`` for each text with which more than :data:`MANY` of them begin,
    no thing twice.
    """
    ordered = sorted(found, key=lambda one: (one.rank, one.thing))
    many = _frequent_starts([one.text for one in ordered])
    best: dict[str, dict[int, Beginning]] = defaultdict(dict)
    for one in ordered:
        for size in range(1, len(one.text) + 1):
            start = one.text[:size]
            if start not in many:
                break
            if len(best[start]) < TOP_HITS:
                best[start].setdefault(one.thing, one)
    return {start: list(hits.values()) for start, hits in best.items()}


def _frequent_starts(texts: list[str]) -> set[str]:
    found: set[str] = set()
    size = 1
    while texts:
        counts = Counter(text[:size] for text in texts)
        more = {start for start, uses in counts.items() if uses > MANY and len(start) == size}
        found |= more
        texts = [text for text in texts if text[:size] in more]
        size += 1
    return found
