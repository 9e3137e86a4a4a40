"""The units of a source text as a page shows them, each with its claims or the reason for none."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.claim_view import CERTAINTIES
from server.links import Links

Row: TypeAlias = dict[str, Term]


@dataclass(frozen=True, slots=True)
class TextCoverage:
    """A source text: its length in code points, and how many units it has, how many of them carry
    claims, how many have a reason why none, and how many claims rest on them.
    """

    iri: str
    text: Cell
    length: int | None
    units: int
    covered: int
    reasoned: int
    claims: int

    @property
    def silent(self) -> int:
        """How many units have neither a claim nor a reason: zero in a graph that was checked."""
        return self.units - self.covered - self.reasoned


@dataclass(frozen=True, slots=True)
class UnitClaim:
    """A claim that rests on a unit, with the passages of the unit that carry it.

    ``level`` is the local name of its certainty, or ``other``.
    """

    statement: Cell
    kinds: tuple[Cell, ...]
    certainty: tuple[Cell, ...]
    level: str
    passages: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a text: its place, its first words, and its claims or the reason for none."""

    text: str
    order: str
    cell: Cell
    quote: Cell
    start: str
    end: str
    link: str | None
    claims: tuple[UnitClaim, ...]
    reasons: tuple[Cell, ...]


def texts(rows: Sequence[Row], links: Links) -> list[TextCoverage]:
    """Return the source texts in the solutions of ``coverage.rq``."""
    return [
        TextCoverage(
            iri=_value(text),
            text=cell(text, links, best_label(row.get("textLabel") for row in same)),
            length=int(_value(same[0]["length"])) if "length" in same[0] else None,
            units=_number(same[0], "units"),
            covered=_number(same[0], "covered"),
            reasoned=_number(same[0], "reasoned"),
            claims=_number(same[0], "claims"),
        )
        for text, same in _grouped(rows, "text")
    ]


def units(rows: Sequence[Row], links: Links) -> list[Unit]:
    """Return the units in the solutions of ``coverage-units.rq``, in their order."""
    return [_unit(unit, same, links) for unit, same in _grouped(rows, "unit")]


def _unit(term: Term, rows: Sequence[Row], links: Links) -> Unit:
    first = rows[0]
    link = next((row["link"] for row in rows if "link" in row), None)
    return Unit(
        text=_value(first["text"]),
        order=_value(first["order"]),
        cell=cell(term, links),
        quote=cell(first["quote"], links),
        start=_value(first["start"]),
        end=_value(first["end"]),
        link=links.href(link.value) if isinstance(link, NamedNode) else None,
        claims=tuple(_claim(claim, same, links) for claim, same in _grouped(rows, "claim")),
        reasons=_cells(rows, "reason", links),
    )


def _claim(term: Term, rows: Sequence[Row], links: Links) -> UnitClaim:
    certainty = _cells(rows, "certainty", links)
    level = (certainty[0].iri or "").rpartition("#")[2] if certainty else ""
    return UnitClaim(
        statement=cell(term, links, best_label(row.get("statement") for row in rows)),
        kinds=_cells(rows, "kind", links),
        certainty=certainty,
        level=level if level in CERTAINTIES else "other",
        passages=_cells(rows, "passage", links),
    )


def _cells(rows: Sequence[Row], name: str, links: Links) -> tuple[Cell, ...]:
    return tuple(
        cell(term, links, best_label(row.get(f"{name}Label") for row in same))
        for term, same in _grouped(rows, name)
    )


def _grouped(rows: Iterable[Row], name: str) -> list[tuple[Term, list[Row]]]:
    """Return the rows that bind ``name``, by its value, in the order of the first of each."""
    found: dict[Term, list[Row]] = defaultdict(list)
    for row in rows:
        if name in row:
            found[row[name]].append(row)
    return list(found.items())


def _number(row: Row, name: str) -> int:
    return int(_value(row[name]))


def _value(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
