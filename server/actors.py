"""The view of the actors: who does what to whom, as a table and as a picture."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask import render_template
from flask import request

from kg.engine.interface import Term
from server.bounded_query import bounded_query
from server.cells import Cell
from server.cells import is_true
from server.downloads import download
from server.graph_picture import MOST
from server.graph_picture import Edge
from server.graph_picture import graph_picture
from server.links import Links
from server.page_response import page_response
from server.pictures import palette
from server.pictures import picture_response
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.row_cells import level_of
from server.row_cells import text_of
from server.service import service
from server.view_page import ViewQuery
from server.view_page import only

# The claims of so many things that stand to one another are sorted in a few milliseconds.
SORTED: Final = 1000
TITLE: Final = "Who does what to whom"


@dataclass(frozen=True, slots=True)
class Relation:
    """A claim by which an actor stands to another; ``level`` is the name of its certainty."""

    claim: str
    actor: Cell
    relation: Cell
    other: Cell
    negated: bool
    certainty: tuple[Cell, ...]
    level: str


def actors() -> Response:
    """Return a page of what the claims say of actors with actors."""
    only("page")
    rows, place, query = _query().page()
    found = _relations(rows, service().links)
    names = {cell.iri for one in found for cell in (one.actor, one.other)}
    html = render_template(
        "actors.html",
        relations=found,
        pager=place,
        query=query,
        picture=f"/actors.svg?page={place.number}" if place.number > 1 else "/actors.svg",
        left_out=max(0, len(names) - MOST),
        most=MOST,
    )
    return page_response(html)


def csv() -> Response:
    """Return all of them as CSV."""
    only()
    return download(_query().whole(), "actors", "csv")


def picture() -> Response:
    """Return the picture of what a page of the table says."""
    only("page", "scheme")
    colours = palette()
    rows, _, _ = _query().page()
    found = [one for one in _relations(rows, service().links) if not one.negated]
    shown = {cell.iri or cell.text: cell for one in found for cell in (one.actor, one.other)}
    count = Counter(cell.iri or cell.text for one in found for cell in (one.actor, one.other))
    # Those with the most relations are drawn if not all can be.
    kept = sorted(shown, key=lambda key: (-count[key], key))[:MOST]
    edges = [
        Edge(one.actor.iri or one.actor.text, one.other.iri or one.other.text, one.relation.text)
        for one in found
    ]
    nodes = [(key, shown[key]) for key in shown if key in kept]
    return picture_response(graph_picture(TITLE, nodes, edges, colours))


def _query() -> ViewQuery:
    here = service()
    rows = here.engine.rows(bounded_query(here, "actor-relations-count", rows=SORTED + 1))
    few = all(int(text_of(row, "count")) <= SORTED for row in rows)
    return ViewQuery("actor-relations", "claim", parts=("sorted",) if few else ())


def _relations(rows: Sequence[Row], links: Links) -> list[Relation]:
    return [
        _relation(claim, same, links)
        for _, claims in grouped(rows, "actor")
        for claim, same in grouped(claims, "claim")
    ]


def _relation(claim: Term, rows: Sequence[Row], links: Links) -> Relation:
    certainty = cells(rows, "certainty", links)
    address = cells(rows, "claim", links)[0].href
    return Relation(
        address or request.path,
        cells(rows, "actor", links)[0],
        cells(rows, "relation", links)[0],
        cells(rows, "other", links)[0],
        is_true(rows[0].get("negated")),
        certainty,
        level_of(certainty),
    )
