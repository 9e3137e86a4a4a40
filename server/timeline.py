"""The view of what happened when: a table, and a picture in which imprecise times are spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response
from flask import render_template

from kg.engine.interface import Term
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.downloads import download
from server.links import Links
from server.page_response import page_response
from server.pictures import palette
from server.pictures import picture_response
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.row_cells import text_of
from server.service import service
from server.timeline_picture import Span
from server.timeline_picture import timeline_picture
from server.view_page import ViewQuery
from server.view_page import only

_QUERY: Final = ViewQuery("timeline", "thing")


@dataclass(frozen=True, slots=True)
class Dated:
    """A thing with its time: as stated, the first and the last day that fit, the source's words."""

    thing: Cell
    kinds: tuple[Cell, ...]
    when: Cell | None
    earliest: Cell | None
    latest: Cell | None
    words: tuple[Cell, ...]
    first: date | None
    last: date | None


def timeline() -> Response:
    """Return a page of the things with a time, in its order."""
    only("page")
    rows, place, query = _QUERY.page()
    html = render_template(
        "timeline.html",
        dated=_dated(rows, service().links),
        pager=place,
        query=query,
        picture=f"/timeline.svg?page={place.number}" if place.number > 1 else "/timeline.svg",
    )
    return page_response(html)


def csv() -> Response:
    """Return all of them as CSV, one row for each of the source's words on a time."""
    only()
    return download(_QUERY.whole(), "timeline", "csv")


def picture() -> Response:
    """Return the picture of a page of the table."""
    only("page", "scheme")
    colours = palette()
    rows, _, _ = _QUERY.page()
    spans = [
        Span(one.thing, one.first, one.last)
        for one in _dated(rows, service().links)
        if one.first or one.last
    ]
    return picture_response(timeline_picture(spans, colours))


def _dated(rows: Sequence[Row], links: Links) -> list[Dated]:
    return [_one(term, same, links) for term, same in grouped(rows, "thing")]


def _one(term: Term, rows: Sequence[Row], links: Links) -> Dated:
    def time(name: str) -> Cell | None:
        found = [row[name] for row in rows if name in row]
        return cell(found[0], links, edtf=True) if found else None

    return Dated(
        thing=cell(term, links, best_label(row.get("label") for row in rows)),
        kinds=cells(rows, "type", links),
        when=time("when"),
        earliest=time("earliest"),
        latest=time("latest"),
        words=cells(rows, "timeWords", links),
        first=_day(rows, "earliest"),
        last=_day(rows, "latest"),
    )


def _day(rows: Sequence[Row], name: str) -> date | None:
    """Return the day in ``name``, or ``None`` if there is none in the calendar of the picture."""
    try:
        return date.fromisoformat(next(filter(None, (text_of(row, name) for row in rows)), ""))
    except ValueError:
        return None
