"""The view of all recommendations: to whom, what, on what ground, and with which status."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask import render_template
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import POL
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.downloads import download
from server.links import Links
from server.page_response import page_response
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.row_cells import level_of
from server.row_cells import text_of
from server.service import service
from server.view_page import ViewQuery
from server.view_page import only

_QUERY: Final = ViewQuery("recommendations", "recommendation", parts=("sorted",))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a passage, the passage's address, and the address of the words in the source."""

    words: Cell
    passage: Cell
    link: str | None


@dataclass(frozen=True, slots=True)
class Recommended:
    """A recommendation; ``level`` is the local name of its certainty, or ``other``."""

    statement: Cell
    certainty: tuple[Cell, ...]
    level: str
    addressed_to: tuple[Cell, ...]
    proposes: tuple[Cell, ...]
    purpose: tuple[Cell, ...]
    basis: tuple[Cell, ...]
    status: tuple[Cell, ...]
    evidence: tuple[Quoted, ...]


def recommendations() -> Response:
    """Return a page of the recommendations."""
    only("page")
    rows, place, query = _QUERY.page()
    links = service().links
    found = [_recommended(term, same, links) for term, same in grouped(rows, "recommendation")]
    html = render_template("recommendations.html", found=found, pager=place, query=query)
    return page_response(html)


def csv() -> Response:
    """Return all recommendations as CSV, one row a value."""
    only()
    return download(_QUERY.whole(), "recommendations", "csv")


def _recommended(term: Term, rows: Sequence[Row], links: Links) -> Recommended:
    def having(name: str) -> list[Row]:
        return [row for row in rows if text_of(row, "role") == POL + name]

    certainty = cells(having("certainty"), "value", links)
    return Recommended(
        statement=cell(term, links, best_label(row.get("statement") for row in rows)),
        certainty=certainty,
        level=level_of(certainty),
        addressed_to=cells(having("addressedTo"), "value", links),
        proposes=cells(having("proposes"), "value", links),
        purpose=cells(having("purpose"), "value", links),
        basis=cells(having("basis"), "value", links),
        status=cells(having("hasStatus"), "value", links),
        evidence=tuple(_quoted(row, links) for row in having("evidence")),
    )


def _quoted(row: Row, links: Links) -> Quoted:
    link = row.get("link")
    return Quoted(
        words=cell(row["valueLabel"], links),
        passage=cell(row["value"], links),
        link=links.href(link.value) if isinstance(link, NamedNode) else None,
    )
