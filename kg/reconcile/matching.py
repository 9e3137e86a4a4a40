"""Matching: the things that a name may stand for, best first, and whether it is certain."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Final
from typing import Literal as Choice

from rapidfuzz import fuzz

from kg.reconcile.codes import schemes
from kg.reconcile.comparing import Given
from kg.reconcile.comparing import Likeness
from kg.reconcile.comparing import likeness
from kg.reconcile.entry import Entry
from kg.reconcile.entry import Name
from kg.reconcile.index import Index
from kg.reconcile.normal import normal

LONGEST: Final = 400  # characters of a name that are looked at
_MARGIN: Final = 6.0  # points by which the best must be ahead of another thing
_BESIDE: Final = 1.5  # points that a thing loses that only a dataset beside the graph has
_LEAST: Final = 30.0  # points below which a thing is not worth showing
_OTHER_TYPE: Final = 0.6  # what is left of the points of a thing of another type
_PROPERTIES: Final = 0.35  # of the points, for properties when all of them are given
_EXACT: Final = 98.0  # points that the same name has
_AGREES: Final = 85.0  # points from which on two values count as the same
TypeRule = Choice["any", "all", "should"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that the thing should have: of the property ``id``, with a weight from 0 to 1."""

    id: str
    values: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a name, the classes that the thing may be of, values that it should have."""

    name: str
    types: tuple[str, ...] = ()
    type_rule: TypeRule = "should"
    properties: tuple[Wanted, ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant: ``score`` in points of 100, ``match`` if it is certainly meant,
    ``features`` what the score is made of, ``reason`` the same in words.
    """

    entry: Entry
    score: float
    match: bool
    features: Mapping[str, float | bool]
    reason: str


@dataclass(slots=True)
class _Rated:
    entry: Entry
    name: str
    like: Likeness
    score: float = 0.0
    certain: bool = False
    features: dict[str, float | bool] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class Matcher:
    """Finds in ``index`` what names stand for."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def match(self, asked: Asked) -> list[Candidate]:
        """Return at most ``asked.limit`` candidates, best first; at most one of them is a match."""
        given = Given(asked.name[:LONGEST])
        rated = self._by_name(given, quick=asked.limit == 1)
        if not given.normal and asked.properties:
            rated = self._by_properties(asked.properties)
        kept = []
        for one in rated.values():
            self._rate(one, asked)
            if one.score >= _LEAST and not self._wrong_type(one, asked):
                kept.append(one)
        kept.sort(key=lambda one: (-one.score, one.entry.beside, one.entry.iri))
        return [
            Candidate(
                one.entry,
                round(one.score, 1),
                place == 0 and one.certain and not _rivals(one, kept[1:]),
                one.features,
                "; ".join(one.remarks),
            )
            for place, one in enumerate(kept[: asked.limit])
        ]

    def _by_name(self, given: Given, quick: bool) -> dict[str, _Rated]:
        found: dict[str, _Rated] = {}
        for scheme, entry in self.index.by_code(given.text):
            wide = scheme == "iri" or any(one.wide for one in schemes() if one.id == scheme)
            like = Likeness(100 if wide else 90, f"identifier ({scheme})", wide)
            _keep(found, _Rated(entry, given.text, like))
        if not given.normal:
            return found
        self._compare(found, given, self.index.by_text(given.normal))
        if quick and any(one.like.certain for one in found.values()):
            return found
        self._compare(found, given, self.index.by_words(given.words))
        self._compare(found, given, self.index.by_letters(given.words))
        self._compare(found, given, self.index.by_sound(given.roman))
        self._compare(found, given, self.index.similar(given.normal))
        if not given.latin:
            self._compare(found, given, self.index.similar(given.roman))
        self._without_brackets(found, given)
        for text in given.written_out:
            self._written_out(found, text)
        return found

    def _written_out(self, found: dict[str, _Rated], text: str) -> None:
        for one in self._by_name(Given(text), quick=True).values():
            if one.like.certain:
                like = Likeness(one.like.score - 3, "written out", True, one.like.slips)
                _keep(found, _Rated(one.entry, one.name, like))

    def _compare(self, found: dict[str, _Rated], given: Given, names: Sequence[Name]) -> None:
        for name in names:
            _keep(found, _Rated(name.entry, name.text, likeness(given, name)))

    def _without_brackets(self, found: dict[str, _Rated], given: Given) -> None:
        """Take `Name (short form)` for the name if the short form is one of the same thing."""
        start, bracket, rest = given.text.partition("(")
        inside = rest.removesuffix(")").strip()
        if not bracket or not rest.endswith(")") or not inside.isupper() or not start.strip():
            return
        short = {name.entry.iri for name in self.index.by_text(normal(inside))}
        for iri, one in self._by_name(Given(start), quick=False).items():
            if iri in short and one.like.certain:
                like = Likeness(one.like.score - 1, "name and short form", True, one.like.slips)
                _keep(found, _Rated(one.entry, one.name, like))

    def _by_properties(self, wanted: Sequence[Wanted]) -> dict[str, _Rated]:
        found: dict[str, _Rated] = {}
        for one in wanted:
            for value in one.values:
                for scheme, entry in self.index.by_code(value):
                    if scheme == one.id or (scheme == "iri" and one.id not in entry.codes):
                        like = Likeness(100, f"identifier ({scheme})", True)
                        _keep(found, _Rated(entry, value, like))
        return found

    def _rate(self, one: _Rated, asked: Asked) -> None:
        """Work out points, certainty and reasons of a candidate."""
        like = one.like
        one.score, one.certain = like.score - one.entry.beside * _BESIDE, like.certain
        one.features = {"name": like.score, "exact": like.way == "same name"}
        if like.slips:
            one.features["slips"] = like.slips
        one.remarks = [f"{like.way}: “{one.name}”"]
        if asked.properties:
            self._rate_properties(one, asked.properties)
        if asked.types:
            fits = _fits(one.entry, asked)
            one.features["type"] = fits
            if fits:
                # In a column of one type a code of that type is one.
                one.certain = one.certain or like.way.startswith("identifier")
            else:
                one.score *= _OTHER_TYPE
                one.certain = False
                one.remarks.append("of another type")

    def _rate_properties(self, one: _Rated, wanted: Sequence[Wanted]) -> None:
        total = weights = 0.0
        for value in wanted:
            known = self.values(one.entry, value.id)
            if not known:
                continue
            points = max(
                (_alike(a, b, value.id in one.entry.codes) for a in value.values for b in known),
                default=0.0,
            )
            one.features[f"property:{value.id}"] = points
            total += points * value.weight
            weights += value.weight
            if points < _AGREES and value.weight > 0:
                one.certain = False
                one.remarks.append(f"{value.id} is {known[0]}")
            else:
                one.remarks.append(f"{value.id} agrees")
        if weights:
            share = _PROPERTIES * min(1.0, weights)
            one.score = (1 - share) * one.score + share * total / weights

    def values(self, entry: Entry, property_id: str) -> list[str]:
        """Return what the index knows of ``entry`` under a property: identifiers and classes."""
        if property_id == "type":
            return [self.index.class_names.get(one, one) for one in sorted(entry.all_types)]
        return entry.codes.get(property_id, [])

    def _wrong_type(self, one: _Rated, asked: Asked) -> bool:
        return bool(asked.types) and asked.type_rule != "should" and not _fits(one.entry, asked)


def _keep(found: dict[str, _Rated], one: _Rated) -> None:
    before = found.get(one.entry.iri)
    order = (one.like.certain, one.like.score)
    if before is None or order > (before.like.certain, before.like.score):
        found[one.entry.iri] = one


def _fits(entry: Entry, asked: Asked) -> bool:
    several = all if asked.type_rule == "all" else any
    return several(one in entry.all_types for one in asked.types)


def _rivals(best: _Rated, others: Sequence[_Rated]) -> bool:
    """Return whether another thing may be meant as well: one that is nearly as like, unless it
    stands in a dataset beside the graph and the best one in the graph itself.
    """
    return any(
        other.score > best.score - _MARGIN
        and (other.entry.beside <= best.entry.beside or other.score > best.score)
        and (other.like.certain or other.score > best.score)
        and not (best.like.score >= _EXACT > other.like.score)
        for other in others
    )


def _alike(one: str, other: str, is_code: bool) -> float:
    if one.strip() == other or normal(one) == normal(other):
        return 100.0
    return 0.0 if is_code else round(fuzz.token_sort_ratio(normal(one), normal(other)), 1)
