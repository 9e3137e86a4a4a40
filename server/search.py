"""A simple search in names, statements and descriptions, in all languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import Literal

from kg.errors import BadParameter
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links
from server.page_response import page_response
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.service import service
from server.view_page import ViewQuery
from server.view_page import only

LONGEST: Final = 200  # characters of what is searched for


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, its kinds, and the text in which the words were found, unless that
    is its name.
    """

    thing: Cell
    kinds: tuple[Cell, ...]
    found: Cell | None


def search() -> Response:
    """Return the things that ``q`` is found in, best first.

    Raises :class:`~kg.errors.BadParameter` for a ``q`` that is too long.
    """
    only("q", "page")
    asked = " ".join(request.args.get("q", "").split())
    if len(asked) > LONGEST:
        raise BadParameter(
            f"What is searched for has more than {LONGEST} characters",
            where="q",
            remedy="Search for a few words.",
        )
    if not asked:
        return page_response(render_template("search.html", asked="", hits=[], pager=None))
    needle: dict[str, Literal] = {"needle": Literal(asked.lower())}
    rows, place, query = ViewQuery("search", "thing", values=dict(needle)).page()
    html = render_template(
        "search.html", asked=asked, hits=_hits(rows, service().links), pager=place, query=query
    )
    return page_response(html)


def _hits(rows: Sequence[Row], links: Links) -> list[Hit]:
    hits = []
    for term, same in grouped(rows, "thing"):
        thing = cell(term, links, best_label(row.get("label") for row in same))
        found = cell(same[0]["found"], links)
        kinds = cells(same, "type", links)
        hits.append(Hit(thing, kinds, None if found.text == thing.text else found))
    return hits
