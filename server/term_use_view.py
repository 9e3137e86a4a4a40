"""A term at work, as its page shows it: cases from the graph, neighbours, constraints."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from typing import TypeAlias

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import shorten
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links
from server.page_language import marked
from server.shapes import Constraint
from server.shapes import constraints

Row: TypeAlias = dict[str, Term]
# The tables of what a term is used with: heading of the table, of the column, and of the count.
_NEIGHBOURS: Final = {
    "properties": (
        marked("Properties of things of this class"),
        marked("Property"),
        marked("Statements"),
    ),
    "incoming": (
        marked("Properties that lead to things of this class"),
        marked("Property"),
        marked("Statements"),
    ),
    "subjects": (marked("Classes of the things that have it"), marked("Class"), marked("Things")),
    "values": (marked("Classes of the things it leads to"), marked("Class"), marked("Things")),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A case from the graph: a thing, or a statement about a thing."""

    thing: Cell
    property: Cell | None
    value: Cell | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A table: its title, the headings of its columns, and terms with counts."""

    title: str
    of: str
    counted: str
    rows: tuple[tuple[Cell, int], ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a shape asks for: of what, by which shape, and what an author is told who breaks it.

    ``inherited`` is the class above the term that the shape is for, if it is not for the term.
    """

    about: Cell
    asks: str
    message: str
    inherited: Cell | None


def examples(rows: Sequence[Row], iri: str, links: Links) -> tuple[Example, ...]:
    """Return the cases in the solutions of ``term-use.rq`` for the term ``iri``."""
    found: dict[tuple[Term | None, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row.get(name) for name in ("use", "thing", "property", "value"))].append(row)

    def shown(same: Sequence[Row], name: str) -> Cell | None:
        term = same[0].get(name)
        labels = best_label(row.get(f"{name}Label") for row in same)
        return cell(term, links, labels) if term is not None else None

    cases = []
    for same in found.values():
        use = _text(same[0]["use"])
        term = Cell(shorten(iri))
        thing = shown(same, "thing")
        if thing is None:
            continue
        if use == "statement":
            cases.append(Example(thing, term, shown(same, "value")))
        elif use == "value":
            cases.append(Example(thing, shown(same, "property"), term))
        else:
            cases.append(Example(thing, None, None))
    return tuple(cases)


def neighbours(rows: Sequence[Row], links: Links) -> tuple[Neighbours, ...]:
    """Return the tables that the solutions of ``term-neighbours.rq`` fill."""
    counts: dict[str, dict[Term, int]] = defaultdict(dict)
    labels: dict[Term, list[Term | None]] = defaultdict(list)
    for row in rows:
        if "with" in row:
            counts[_text(row["use"])][row["with"]] = int(_text(row["count"]))
            labels[row["with"]].append(row.get("withLabel"))
    return tuple(
        Neighbours(
            *titles,
            tuple(
                (cell(term, links, best_label(labels[term])), count)
                for term, count in counts[use].items()
            ),
        )
        for use, titles in _NEIGHBOURS.items()
        if counts.get(use)
    )


def requirements(iri: str, wider: Iterable[str], links: Links) -> tuple[Requirement, ...]:
    """Return what the shapes ask of the term ``iri``: of things of this class and of the ``wider``
    classes, or, if it is a property, of its values.
    """
    above = list(dict.fromkeys(wider))
    order = {one: number for number, one in enumerate([iri, *above])}
    found = [one for one in constraints() if one.target in order]
    found.sort(key=lambda one: order[one.target])
    shown = [_of_class(one, iri, links) for one in found]
    shown += [
        Requirement(_named(one.target, links), one.asks, one.message, None)
        for one in constraints()
        if one.property == iri
    ]
    return tuple(dict.fromkeys(shown))


def _of_class(one: Constraint, iri: str, links: Links) -> Requirement:
    about = _named(one.property, links) if one.property else Cell(one.shape)
    inherited = _named(one.target, links) if one.target != iri else None
    return Requirement(about, one.asks, one.message, inherited)


def _named(iri: str, links: Links) -> Cell:
    node = NamedNode(iri)
    return cell(node, links, Literal(shorten(iri)))


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
