"""What a search gives back."""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple
from typing import TypeAlias

Named: TypeAlias = tuple[str, str]  # an IRI and a name for it


class Written(NamedTuple):
    """A text of a thing: what it is, the text, and its language ("" if it has none)."""

    where: str
    text: str
    language: str


class Hit:
    """A thing that was found: its name, its kinds and sources (IRI and name), and why it was found:
    in which text, of what sort (``where``), by what ``way``, and the stems that ``matched``.

    Its texts are read when they are first asked for: most hits are only counted.
    """

    def __init__(
        self,
        iri: str,
        name: str,
        score: float,
        kinds: tuple[Named, ...],
        sources: tuple[Named, ...],
        where: str,
        way: str,
        matched: frozenset[str],
        place: int,
        read: Callable[[], list[Written]],
    ) -> None:
        self.iri = iri
        self.name = name
        self.score = score
        self.kinds = kinds
        self.sources = sources
        self.where = where
        self.way = way
        self.matched = matched
        self._place = place
        self._read = read

    @cached_property
    def texts(self) -> list[Written]:
        """All its texts."""
        return self._read()

    @property
    def text(self) -> str:
        """The text in which it was found."""
        return self.texts[self._place].text

    @property
    def language(self) -> str:
        """The language of that text."""
        return self.texts[self._place].language

    @property
    def names(self) -> tuple[Named, ...]:
        """Its names, each with its language."""
        return tuple((one.text, one.language) for one in self.texts if one.where == "name")


class Found(NamedTuple):
    """The hits, best first, and how many there are by kind and by source (IRI, name, number);
    ``cut`` says that there may be more.
    """

    hits: tuple[Hit, ...]
    kinds: tuple[tuple[str, str, int], ...]
    sources: tuple[tuple[str, str, int], ...]
    cut: bool


class Suggestion(NamedTuple):
    """What somebody who types may mean: a thing, and the name of it that begins so."""

    iri: str
    name: str
    kinds: tuple[Named, ...]
    matched: str
    where: str
