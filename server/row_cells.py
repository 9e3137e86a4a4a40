"""Solutions of page queries put together: one group a thing, one cell a value."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.claim_view import CERTAINTIES
from server.links import Links

Row: TypeAlias = Mapping[str, Term]


def grouped(rows: Iterable[Row], name: str) -> list[tuple[Term, list[Row]]]:
    """Return the rows that bind ``name``, by its value, in the order of the first of each."""
    found: dict[Term, list[Row]] = defaultdict(list)
    for row in rows:
        if name in row:
            found[row[name]].append(row)
    return list(found.items())


def cells(rows: Iterable[Row], name: str, links: Links) -> tuple[Cell, ...]:
    """Return a cell for each value of ``name``, which goes by the best label in ``nameLabel``."""
    return tuple(
        cell(term, links, best_label(row.get(f"{name}Label") for row in same))
        for term, same in grouped(rows, name)
    )


def text_of(row: Row, name: str) -> str:
    """Return the text of the value of ``name``, empty if there is none."""
    term = row.get(name)
    return term.value if isinstance(term, Literal | NamedNode) else ""


def level_of(certainty: Sequence[Cell]) -> str:
    """Return the local name of a certainty, or ``other``."""
    level = (certainty[0].iri or "").rpartition("#")[2] if certainty else ""
    return level if level in CERTAINTIES else "other"
