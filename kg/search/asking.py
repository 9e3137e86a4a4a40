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
from typing import Final

from kg.catalogue import CatalogueQuery
from kg.catalogue import Parameter
from kg.search.index import LONGEST
from kg.search.index import Index
from kg.search.naming import Named
from kg.search.naming import named_things
from kg.search.question_words import weights
from kg.search.tokens import passed_over
from kg.search.tokens import stem
from kg.search.tokens import tokens

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


class Asker:
    """Proposes questions of ``catalogue`` for a graph with the names in ``index``."""

    def __init__(self, catalogue: Mapping[str, CatalogueQuery], index: Index | None) -> None:
        self._index = index
        self._catalogue = catalogue
        self._words = {name: weights(question) for name, question in catalogue.items()}
        self._uses = Counter(one for words in self._words.values() for one in words)

    def propose(self, asked: str, most: int = 5) -> list[Proposal]:
        """Return at most ``most`` questions that ``asked`` may mean, best first."""
        asked = asked[:LONGEST]
        words = tokens(_DAY.sub(" ", asked))
        named = named_things(self._index, words, self._uses) if self._index else []
        inside = {place for one in named if not one.weak for place in one.places}
        said = [
            w
            for place, w in enumerate(words)
            if place not in inside and w not in passed_over("questions")
        ]
        each = [
            self._propose(question, said, words, named, asked)
            for question in self._catalogue.values()
        ]
        proposals = [one for one in each if one.score >= _LEAST]
        if not proposals and inside:
            # The words are none of a question, but a thing was named: what is known of it?
            proposals = [one for one in each if one.named]
        proposals.sort(key=lambda one: (-one.score, one.question.name))
        return proposals[:most]

    def _propose(
        self,
        question: CatalogueQuery,
        said: list[str],
        words: list[str],
        named: list[Named],
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


def _fits(named: Named, parameter: Parameter) -> bool:
    if parameter.choices:
        return parameter.choices in named.kinds
    # Any thing will do, but a class is no thing.
    return named.is_term == ("/ontology#" in parameter.example)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
