"""The facets of a list: which values occur, how often, and where each leads."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.engine.interface import Term
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.claim_view import CERTAINTIES
from server.links import Links
from server.list_request import FACETS
from server.list_request import ListRequest
from server.list_request import short_value
from server.row_cells import level_of
from server.row_cells import text_of

SHOWN: Final = 10  # values of a facet


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with the number of members that have it, and the address that chooses it, or, where
    it is chosen, takes the choice back.
    """

    cell: Cell
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its most frequent values; ``more`` is how many further ones there are."""

    name: str
    values: tuple[FacetValue, ...]
    more: int


def facets(rows: Sequence[dict[str, Term]], asked: ListRequest, links: Links) -> list[Facet]:
    """Return the facets in the solutions of ``list-facets.rq`` that tell members apart."""
    found: dict[str, dict[Term, list[dict[str, Term]]]] = {name: {} for name in FACETS}
    for row in rows:
        name = text_of(row, "facet")
        if name != "kind" or row["value"] in asked.of.below:
            found[name].setdefault(row["value"], []).append(row)
    return [
        _one_facet(name, values, asked, links)
        for name, values in found.items()
        if values and (len(values) > 1 or name in asked.values)
    ]


def _one_facet(
    name: str, values: Mapping[Term, list[dict[str, Term]]], asked: ListRequest, links: Links
) -> Facet:
    chosen = asked.values.get(name)
    shown = [
        FacetValue(
            cell(value, links, best_label(row.get("valueLabel") for row in rows)),
            int(text_of(rows[0], "count")),
            asked.address({name: None if value == chosen else short_value(name, value, links)}),
            value == chosen,
        )
        for value, rows in values.items()
        # With one claim for each value a member can have further ones, which may be chosen too.
        if chosen is None or value == chosen
    ]
    if name == "year":
        shown.sort(key=lambda one: one.cell.text)
    if name == "certainty":
        shown.sort(key=lambda one: _rank(level_of((one.cell,))))
    limit = len(shown) if name in ("year", "certainty", "kind") else SHOWN
    return Facet(FACETS[name], tuple(shown[:limit]), max(0, len(shown) - limit))


def _rank(level: str) -> int:
    return CERTAINTIES.index(level) if level in CERTAINTIES else len(CERTAINTIES)
