"""The view of how sure the reports are: what they assert, hedge, leave open, and do not say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask import render_template

from kg.engine.interface import Term
from server.bounded_query import bounded_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.downloads import download
from server.links import Links
from server.page_language import marked
from server.page_response import page_response
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.row_cells import level_of
from server.row_cells import text_of
from server.service import service
from server.view_page import ViewQuery
from server.view_page import one_of
from server.view_page import only

# The groups, each with its name and what is in it.
GROUPS: Final = {
    "asserted": (marked("Asserted"), marked("The source says it flatly.")),
    "hedged": (
        marked("Hedged"),
        marked("The source calls it probable or possible, or weakens it by a word."),
    ),
    "open": (marked("Left open"), marked("The source says that it is unclear.")),
    "silent": (
        marked("Not said"),
        marked("Units of a source text from which no claim was taken, and why."),
    ),
}
# So many claims are sorted in less than 0.1 seconds.
SORTED: Final = 2000


@dataclass(frozen=True, slots=True)
class Group:
    """How much a group holds: the whole, and by certainty or by reason."""

    name: str
    title: str
    meaning: str
    count: int
    parts: tuple[tuple[Cell, int], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim with its certainty, hedge and voice, or a unit with the reason why it has none."""

    thing: Cell
    certainty: tuple[Cell, ...]
    level: str
    hedge: tuple[Cell, ...]
    asserter: tuple[Cell, ...]
    document: tuple[Cell, ...]
    reason: tuple[Cell, ...]


def certainty() -> Response:
    """Return the page with the groups and one page of the entries of the one that ``show`` names.

    Raises :class:`~kg.errors.BadParameter` for another name.
    """
    only("show", "page")
    shown = one_of("show", GROUPS, "hedged")
    here = service()
    groups = _groups(here.engine.rows(bounded_query(here, "certainty-counts", rows=100)))
    total = next(group.count for group in groups if group.name == shown)
    rows, place, query = _query(shown, total <= SORTED).page()
    html = render_template(
        "certainty.html",
        groups=groups,
        shown=next(group for group in groups if group.name == shown),
        entries=_entries(rows, here.links),
        pager=place,
        query=query,
    )
    return page_response(html)


def csv() -> Response:
    """Return all entries of a group as CSV; raises as above."""
    only("show")
    shown = one_of("show", GROUPS, "hedged")
    return download(_query(shown, True).whole(), f"certainty-{shown}", "csv")


def _query(group: str, ordered: bool) -> ViewQuery:
    if group == "silent":
        return ViewQuery("certainty-silent", "unit")
    parts = (group, "sorted") if ordered else (group,)
    return ViewQuery("certainty-claims", "claim", parts=parts)


def _groups(rows: Sequence[Row]) -> list[Group]:
    links = service().links
    counted: dict[str, dict[Term, int]] = defaultdict(dict)
    shown: dict[Term, Cell] = {}
    for row in rows:
        if "reason" in row:
            reason = row["reason"]
            shown[reason] = cell(reason, links, row.get("reasonLabel"))
            counted[text_of(row, "group")][reason] = int(text_of(row, "count"))
    parts: dict[str, list[tuple[Cell, int]]] = defaultdict(list)
    for reason, count in counted["claims"].items():
        level = level_of((shown[reason],))
        # A word of the source makes of what it says flatly something that it hedges.
        hedged = counted["weakened"].get(reason, 0) if level == "certain" else count
        group = "open" if level == "unclear" else "hedged"
        for name, part in (("asserted", count - hedged), (group, hedged)):
            if part:
                parts[name].append((shown[reason], part))
    parts["silent"] = [(shown[reason], count) for reason, count in counted["silent"].items()]
    return [
        Group(name, title, meaning, sum(count for _, count in parts[name]), tuple(parts[name]))
        for name, (title, meaning) in GROUPS.items()
    ]


def _entries(rows: Sequence[Row], links: Links) -> list[Entry]:
    found = []
    for term, same in grouped(rows, "claim") or grouped(rows, "unit"):
        level = cells(same, "certainty", links)
        label = best_label(row.get("statement") or row.get("quote") for row in same)
        found.append(
            Entry(
                cell(term, links, label),
                level,
                level_of(level),
                cells(same, "hedge", links),
                cells(same, "asserter", links),
                cells(same, "document", links) or cells(same, "text", links),
                cells(same, "reason", links),
            )
        )
    return found
