"""Which things are named in what somebody typed."""

from collections.abc import Container
from dataclasses import dataclass
from dataclasses import replace
from typing import Final

from kg.search.index import Index
from kg.search.tokens import passed_over
from kg.search.tokens import stem

_LONGEST_NAME: Final = 8  # words of a name that is looked for


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that was named: its IRI, its name, its classes, the words, and where they stand;
    ``weak`` says that these are words of questions as well.
    """

    iri: str
    name: str
    kinds: tuple[str, ...]
    words: str
    place: int
    weak: bool

    @property
    def is_term(self) -> bool:
        """Whether it is a term of the vocabulary."""
        return "/ontology#" in self.iri

    @property
    def places(self) -> range:
        """The places of its words among those that were typed."""
        return range(self.place, self.place + self.words.count(" ") + 1)


def named_things(index: Index, words: list[str], asking: Container[str]) -> list[Named]:
    """Return the things that ``words`` name, in their order, the longest names first taken;
    ``asking`` are the stems of words of questions.
    """
    found: list[Named] = []
    taken: set[int] = set()
    for size in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            part = words[start : start + size]
            here = range(start, start + size)
            if taken.intersection(here) or all(one in passed_over("questions") for one in part):
                continue
            hit = _hit(index, part)
            if hit is None:
                continue
            iri, name, kinds = hit
            weak = size == 1 and (stem(part[0]) in asking or part[0] in passed_over("questions"))
            one = Named(iri, name, kinds, " ".join(part), start, weak)
            found.append(replace(one, weak=True) if one.is_term else one)
            taken.update(here)
    return sorted(found, key=lambda one: one.place)


def _hit(index: Index, part: list[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """Return the thing that has the words of ``part`` for its name; a class in the plural too."""
    hits = index.named(" ".join(part))
    singular = _singular(part[-1])
    if not hits and singular != part[-1]:
        hits = index.named(" ".join([*part[:-1], singular]))
        hits = [hit for hit in hits if "/ontology#" in hit[0]]
    return hits[0] if hits else None


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
