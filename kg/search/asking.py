"""From words to questions: which question of the catalogue do they ask, with which values?

Questions are ranked by the words that they share with what was typed, and by whether the things
and days that were named are values of their parameters.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from kg.catalogue import CatalogueQuery
from kg.catalogue import Parameter
from kg.search.index import LONGEST
from kg.search.index import Index
from kg.search.tokens import passed_over
from kg.search.tokens import stem
from kg.search.tokens import tokens

_LONGEST_NAME: Final = 8  # words of a name that is looked for
_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_QUOTED: Final = re.compile(r"[\"“„«]([^\"”“»]{2,80})[\"”“»]")
# For each thing named that is a value of the question: of the class that it takes, or of any.
_FITS: Final = 0.45
_FITS_ANY: Final = 0.2
_FITS_WEAKLY: Final = 0.15
_LEFT_OVER: Final = 0.15  # taken for each thing named that the question has no place for
_EXAMPLE: Final = 0.12  # taken where a parameter keeps its example
_SHARED: Final = 0.3  # of the words, for what was named to count in full
_LEAST: Final = 0.2
_LANGUAGES: Final = {
    "arabic": "ar", "chinese": "zh", "english": "en", "french": "fr", "german": "de",
    "hindi": "hi", "persian": "fa", "russian": "ru", "spanish": "es", "urdu": "ur",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with values for its parameters: ``named`` are those that the words gave, and
    ``sentence`` is the question with all values in words.
    """

    question: CatalogueQuery
    values: Mapping[str, str]
    named: tuple[str, ...]
    sentence: str
    score: float


@dataclass(frozen=True, slots=True)
class _Named:
    """A thing that was named: its IRI, its name, its classes, the words, and where they stand;
    ``weak`` says that these are words of questions as well.
    """

    iri: str
    name: str
    kinds: tuple[str, ...]
    words: str
    place: int
    weak: bool


class Asker:
    """Proposes questions of ``catalogue`` for a graph with the names in ``index``."""

    def __init__(self, catalogue: Mapping[str, CatalogueQuery], index: Index | None) -> None:
        self._index = index
        self._catalogue = catalogue
        self._words = {name: _weights(question) for name, question in catalogue.items()}
        self._uses = Counter(one for words in self._words.values() for one in words)

    def propose(self, asked: str, most: int = 5) -> list[Proposal]:
        """Return at most ``most`` questions that ``asked`` may mean, best first."""
        asked = asked[:LONGEST]
        words = tokens(_DAY.sub(" ", asked))
        named = self._named(words)
        inside = {place for one in named if not one.weak for place in _places(one)}
        said = [
            w
            for place, w in enumerate(words)
            if place not in inside and w not in passed_over("questions")
        ]
        proposals = []
        for question in self._catalogue.values():
            one = self._propose(question, said, words, named, asked)
            if one.score >= _LEAST:
                proposals.append(one)
        proposals.sort(key=lambda one: (-one.score, one.question.name))
        return proposals[:most]

    def _propose(
        self,
        question: CatalogueQuery,
        said: list[str],
        words: list[str],
        named: list[_Named],
        asked: str,
    ) -> Proposal:
        weights = self._words[question.name]
        known = [(one, self._rarity(one)) for one in dict.fromkeys(stem(word) for word in said)]
        total = sum(rarity for _, rarity in known) or 1.0
        score = sum(weights.get(one, 0.0) * rarity for one, rarity in known) / total
        # A place for what was named says little if no other word is shared.
        share = 1.0 if not known else 0.4 + 0.6 * min(1.0, score / _SHARED)
        values: dict[str, str] = {}
        shown: dict[str, str] = {}
        left = list(named)
        for parameter in question.parameters:
            value, text = "", ""
            if parameter.kind == "iri":
                fitting = next((one for one in left if _fits(one, parameter)), None)
                if fitting:
                    value, text = fitting.iri, fitting.name
                    left.remove(fitting)
                    precise = _FITS if parameter.choices else _FITS_ANY
                    score += share * (_FITS_WEAKLY if fitting.weak else precise)
            else:
                value = text = self._plain(parameter, asked, words, said)
                score += share * _FITS if value else 0.0
            if value:
                shown[parameter.name] = text
            else:
                score -= _EXAMPLE
            values[parameter.name] = value or parameter.example
        days = _DAY.findall(asked)
        if days and not any(one.kind == "date" for one in question.parameters):
            score -= _LEFT_OVER
        score -= _LEFT_OVER * len([one for one in left if not one.weak])
        sentence = "".join(
            text + (shown.get(place.name) or self._example(place) if place else "")
            for text, place in question.sentence
        )
        return Proposal(question, values, tuple(shown), sentence, round(score, 4))

    def _example(self, parameter: Parameter) -> str:
        name = self._index.name_of(parameter.example) if self._index else ""
        return name or parameter.example

    def _rarity(self, one: str) -> float:
        # What no question speaks of counts little: it is often part of a name.
        uses = self._uses.get(one, 0)
        return math.log(1 + len(self._catalogue) / uses) if uses else 0.5

    def _named(self, words: list[str]) -> list[_Named]:
        """Return the things that are named, the longest names first taken."""
        if self._index is None:
            return []
        found: list[_Named] = []
        taken: set[int] = set()
        for size in range(min(_LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                places = range(start, start + size)
                part = words[start : start + size]
                if taken.intersection(places) or all(
                    word in passed_over("questions") for word in part
                ):
                    continue
                hits = self._hits(part)
                if hits:
                    text = " ".join(part)
                    weak = all(
                        stem(word) in self._uses or word in passed_over("questions")
                        for word in part
                    )
                    for iri, name, kinds in hits[:1]:
                        is_term = "/ontology#" in iri
                        found.append(
                            _Named(iri, name, kinds, text, start, is_term or (weak and size == 1))
                        )
                    taken.update(places)
        return sorted(found, key=lambda one: one.place)

    def _hits(self, part: list[str]) -> list[tuple[str, str, tuple[str, ...]]]:
        if self._index is None:
            return []
        text = " ".join(part)
        return self._index.named(text) or (
            [
                hit
                for hit in self._index.named(" ".join([*part[:-1], _singular(part[-1])]))
                if "/ontology#" in hit[0]
            ]
            if _singular(part[-1]) != part[-1]
            else []
        )

    def _plain(self, parameter: Parameter, asked: str, words: list[str], said: list[str]) -> str:
        if parameter.kind == "date":
            return next((day for day in _DAY.findall(asked) if _is_day(day)), "")
        if parameter.name == "language":
            return next((_LANGUAGES[word] for word in words if word in _LANGUAGES), "")
        if parameter.kind != "string":
            return ""
        quoted = _QUOTED.search(asked)
        if quoted:
            return quoted[1]
        # What no question speaks of is what the claim is to speak of.
        unknown = [word for word in said if stem(word) not in self._uses]
        return unknown[-1] if unknown else ""


def _weights(question: CatalogueQuery) -> dict[str, float]:
    """Return the stems of the words of a question, each with what it is worth."""
    asked = " ".join(text for text, _ in question.sentence)
    labels = [one.label for one in question.parameters]
    parts = (
        (1.0, f"{question.title} {asked} {question.name}"),
        (0.9, _everyday().get(question.name, "")),
        (0.6, " ".join([question.family, *question.tags, *labels])),
        (0.4, question.description),
        (
            0.25,
            " ".join(
                [
                    *(c.description for c in question.columns),
                    *(p.description for p in question.parameters),
                ]
            ),
        ),
    )
    found: dict[str, float] = {}
    for weight, text in parts:
        for word in tokens(text):
            if word not in passed_over("questions"):
                found[stem(word)] = max(weight, found.get(stem(word), 0.0))
    return found


def _fits(named: _Named, parameter: Parameter) -> bool:
    if parameter.choices:
        return parameter.choices in named.kinds
    # Any thing will do, but a class is no thing.
    return ("/ontology#" in named.iri) == ("/ontology#" in parameter.example)


def _places(named: _Named) -> range:
    return range(named.place, named.place + named.words.count(" ") + 1)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _everyday() -> dict[str, str]:
    text = files("kg.search").joinpath("everyday_words.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines()[1:])
