"""Suggesting links: candidates for each of our things, with a score that explains itself.

A suggestion is for a person to decide: nothing here makes a link.
"""

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.linking.graph import Entity
from kg.linking.names import comparable
from kg.linking.names import words
from kg.linking.sssom import Mapping
from kg.namespaces import PREFIXES
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS

THRESHOLD: Final = 0.8
# What each feature counts; they add up to 1.
WEIGHTS: Final = {"name": 0.8, "type": 0.1, "context": 0.05, "neighbourhood": 0.05}
_ALTERNATIVE: Final = 0.93  # what a match by another name counts of one by the first name
_LOWEST_NAME: Final = 75.0  # of 100: names less alike are not looked at
_FEW: Final = 25  # candidates a name
# Which of our kinds a class of another vocabulary goes with, and none else.
_KINDS: Final[ReadMapping[str, tuple[str, ...]]] = {
    PREFIXES["foaf"] + "Person": ("Person",),
    PREFIXES["org"] + "Organization": ("Organization",),
    SCHEMA + "Country": ("Country",),
    SKOS + "Concept": ("Topic", "Country", "Region", "InternationalOrganization"),
}
SINGLE: Final = ("Actor", "Place", "Policy", "Document", "Event")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate for one of our things: the ``features`` are from 0 to 1, and so is the score.

    ``ours`` and ``theirs`` are the names that were found alike.
    """

    subject: Entity
    target: Entity
    predicate: str
    score: float
    features: dict[str, float]
    ours: str
    theirs: str

    def explained(self) -> str:
        """Return in words why the candidate has its score."""
        parts = ", ".join(
            f"{name} {value:.2f} x {WEIGHTS[name]}" for name, value in self.features.items()
        )
        return f"{self.ours!r} is like {self.theirs!r}: {parts}"


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    plain: str
    entity: Entity
    first: bool


class Suggester:
    """Finds candidates among ``targets``; ``decided`` are links that neighbours can rest on."""

    def __init__(self, targets: Iterable[Entity], decided: Sequence[Mapping] = ()) -> None:
        self._names: list[_Name] = []
        for entity in targets:
            for place, names in enumerate((entity.names, entity.other_names)):
                self._names += [_Name(n, comparable(n), entity, place == 0) for n in names]
        self._plain = [name.plain for name in self._names]
        self._refused = {(one.subject, one.object) for one in decided if one.negated}
        self._links: dict[str, set[str]] = {}
        for one in decided:
            if one.holds:
                self._links.setdefault(one.subject, set()).add(one.object)

    def suggest(
        self, subject: Entity, kinds: set[str], near: Iterable[str] = (), limit: int = 5
    ) -> list[Suggestion]:
        """Return up to ``limit`` candidates for ``subject``, the best first.

        ``kinds`` are the local names of its classes, ``near`` the things next to it. Pairs that
        were decided not to match are left out.
        """
        from rapidfuzz import fuzz
        from rapidfuzz import process

        best: dict[str, tuple[float, _Name, str]] = {}
        for place, names in enumerate((subject.names, subject.other_names)):
            for name in names:
                found = process.extract(
                    comparable(name),
                    self._plain,
                    scorer=fuzz.token_sort_ratio,
                    limit=_FEW,
                    score_cutoff=_LOWEST_NAME,
                )
                for _, ratio, index in found:
                    theirs = self._names[index]
                    share = ratio / 100
                    if place or not theirs.first:
                        share *= _ALTERNATIVE
                    if share > best.get(theirs.entity.iri, (0.0,))[0]:
                        best[theirs.entity.iri] = (share, theirs, name)
        joined = {target for one in near for target in self._links.get(one, ())}
        made = [
            self._rated(subject, kinds, theirs, share, ours, joined)
            for iri, (share, theirs, ours) in best.items()
            if (subject.iri, iri) not in self._refused
        ]
        made.sort(key=lambda one: (-one.score, one.target.iri))
        return made[:limit]

    def _rated(
        self,
        subject: Entity,
        kinds: set[str],
        theirs: _Name,
        share: float,
        ours: str,
        joined: set[str],
    ) -> Suggestion:
        target = theirs.entity
        context = words(" ".join((*subject.near, subject.notes)))
        other = words(" ".join((*target.near, target.notes)))
        features = {
            "name": share,
            "type": _type(kinds, target),
            "context": len(context & other) / max(1, min(len(context), len(other), 5)),
            "neighbourhood": 1.0 if joined & (target.near_iris | {target.iri}) else 0.0,
        }
        features["context"] = min(1.0, features["context"])
        score = sum(WEIGHTS[name] * value for name, value in features.items())
        if features["type"] == 0.0:
            score *= 0.5
        single = bool(kinds & set(SINGLE))
        equal = comparable(ours) == theirs.plain and theirs.first
        if equal:
            predicate = SCHEMA + "sameAs" if single else SKOS + "exactMatch"
        else:
            predicate = SKOS + ("relatedMatch" if single else "closeMatch")
        return Suggestion(subject, target, predicate, round(score, 3), features, ours, theirs.text)


def _type(kinds: set[str], target: Entity) -> float:
    """Return 1 for kinds that go together, 0 for such as exclude each other, else one half."""
    known = [_KINDS[kind] for kind in target.kinds if kind in _KINDS]
    if not known or not kinds:
        return 0.5
    return 1.0 if any(set(fitting) & kinds for fitting in known) else 0.0
