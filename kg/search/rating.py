"""How well a thing fits what is searched for, and which of its texts shows it."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Final
from typing import NamedTuple

from kg.search.spelling import Meaning

_WEIGHT: Final = {
    "name": 1.0,
    "other name": 0.95,
    "first letters": 0.75,
    "statement": 0.8,
    "definition": 0.55,
}
_SAME_WORD: Final = 1.02  # against 1 for another form of it


class Rating(NamedTuple):
    """How well a thing fits, and the text that shows it: its place among the texts of the thing,
    its sort, by what way words were found in it, and the stems of these words.
    """

    score: float
    place: int
    where: str
    way: str
    matched: frozenset[str]


class Rater:
    """Rates things for the words ``wanted``, which mean ``meanings``, each with its weight."""

    def __init__(self, wanted: str, meanings: Sequence[tuple[Meaning, float]]) -> None:
        self._wanted = wanted
        self._total = sum(weight for _, weight in meanings)
        self._any = frozenset(one for meant, _ in meanings for one in meant.stems)
        # The best stems first: the first that a text has is the one that counts.
        self._meanings = [
            (
                f" {meant.typed} ",
                weight,
                sorted(meant.stems.items(), key=lambda one: -one[1]),
                meant.ways,
            )
            for meant, weight in meanings
        ]

    def rate(self, rated: str, standing: float) -> Rating | None:
        """Return how well the thing fits whose texts are ``rated`` (see ``schema.sql``)."""
        best_of = [0.0] * len(self._meanings)
        best: tuple[float, int, str, set[str], set[str]] | None = None
        for place, line in enumerate(rated.split("\n")):
            where, telling, said, stems = line.split("\t")
            own = frozenset(stems.split(" "))
            if own.isdisjoint(self._any):
                continue
            weight_here = _WEIGHT[where]
            spaced = f" {said} "
            score, matched, ways = 0.0, set(), set()
            for number, (typed, weight, meant, by) in enumerate(self._meanings):
                for one, fits in meant:
                    if one in own:
                        matched.add(one)
                        ways.add(by[one])
                        if typed in spaced:
                            fits = _SAME_WORD
                        score += fits * weight
                        if fits * weight_here > best_of[number]:
                            best_of[number] = fits * weight_here
                        break
            score = score / self._total * weight_here
            score += 0.25 * score * min(1.0, len(matched) / max(1, int(telling)))
            if said == self._wanted:
                score += 0.4 if where in ("name", "other name") else 0.2
            elif where != "definition" and said.startswith(self._wanted):
                score += 0.08
            if best is None or score > best[0]:
                best = (score, place, where, matched, ways)
        if best is None or not best[0]:
            return None
        together = sum(
            weight * one for (_, weight, *_), one in zip(self._meanings, best_of, strict=True)
        )
        score = (0.75 * best[0] + 0.35 * together / self._total) * (0.8 + 0.2 * standing)
        return Rating(round(score, 4), best[1], best[2], _way(best[4]), frozenset(best[3]))


def _way(ways: Iterable[str]) -> str:
    return next((way for way in ("spelling", "beginning") if way in ways), "word")
