"""The list of all terms: a tree of classes with their values, and the properties by kind."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import OWL
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links
from server.page_language import marked

PROPERTY_KINDS: Final = (
    ("ObjectProperty", marked("Properties between things")),
    ("DatatypeProperty", marked("Properties with a literal value")),
    ("AnnotationProperty", marked("Properties that annotate")),
)


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term in a list, with those below it."""

    term: Cell
    definition: str
    below: tuple["TermLine", ...]
    values: tuple["TermLine", ...]


@dataclass(frozen=True, slots=True)
class VocabularyView:
    """The tree of classes, and for each kind of properties its title and its tree."""

    classes: tuple[TermLine, ...]
    properties: tuple[tuple[str, tuple[TermLine, ...]], ...]


def vocabulary_view(rows: Sequence[dict[str, Term]], links: Links) -> VocabularyView:
    """Return the terms in the solutions of ``terms.rq``, arranged by what is above them.

    A term with several terms above it stands under each of them.
    """
    tree = _Tree(rows, links)
    classes = tree.roots(OWL + "Class")
    properties = tuple((title, tree.roots(OWL + kind)) for kind, title in PROPERTY_KINDS)
    return VocabularyView(classes, properties)


class _Tree:
    def __init__(self, rows: Sequence[dict[str, Term]], links: Links) -> None:
        self._links = links
        self._types: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, list[Term | None]] = defaultdict(list)
        self._definitions: dict[str, list[Term | None]] = defaultdict(list)
        for row in rows:
            term, kind, above = row["term"], row["type"], row.get("above")
            if not isinstance(term, NamedNode) or not isinstance(kind, NamedNode):
                continue
            self._types[term.value].add(kind.value)
            self._labels[term.value].append(row.get("label"))
            self._definitions[term.value].append(row.get("definition"))
            if isinstance(above, NamedNode) and above.value != term.value:
                self._above[term.value].add(above.value)

    def roots(self, kind: str) -> tuple[TermLine, ...]:
        """Return the lines of the terms of ``kind`` that have no term of that kind above them."""
        terms = {term for term, types in self._types.items() if kind in types}
        tops = [term for term in terms if not self._above[term] & terms]
        # A circle has no top; its members are listed flat, so that no term is lost.
        reached: set[str] = set()
        lines = [self._line(term, terms, (), reached) for term in tops]
        lines += [self._line(term, set(), (), reached) for term in terms - reached]
        return _sorted(lines)

    def _line(
        self, term: str, terms: set[str], path: tuple[str, ...], reached: set[str]
    ) -> TermLine:
        reached.add(term)
        below = [
            self._line(other, terms, (*path, term), reached)
            for other in terms
            if term in self._above[other] and other not in path
        ]
        values = [
            self._line(other, set(), (), reached)
            for other, types in self._types.items()
            if term in types
        ]
        definition = best_label(self._definitions[term])
        shown = cell(NamedNode(term), self._links, best_label(self._labels[term]))
        text = definition.value if isinstance(definition, Literal) else ""
        return TermLine(shown, text, _sorted(below), _sorted(values))


def _sorted(lines: Sequence[TermLine]) -> tuple[TermLine, ...]:
    return tuple(sorted(lines, key=lambda line: (line.term.text.casefold(), line.term.iri or "")))
