"""The view of two policy frameworks side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.errors import BadParameter
from server.bounded_query import bounded_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.cells import is_true
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
from server.view_page import only

SECTIONS: Final = {
    "goals": marked("Goals"),
    "measures": marked("Measures and policies"),
    "factors": marked("What affects them"),
    "events": marked("Events"),
    "further": marked("What else is said"),
}
MOST: Final = 100  # frameworks to choose from


@dataclass(frozen=True, slots=True)
class Said:
    """A claim in a cell of the table; ``level`` is the local name of its certainty."""

    statement: Cell
    certainty: tuple[Cell, ...]
    level: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What a property relates the frameworks to, and the claims that say so of either."""

    property: Cell
    inverse: bool
    other: tuple[Cell, ...]
    first: tuple[Said, ...]
    second: tuple[Said, ...]


def frameworks() -> Response:
    """Return the page that compares the frameworks ``first`` and ``second``, by slug or IRI.

    Raises :class:`~kg.errors.BadParameter` for what is no framework of the graph.
    """
    only("first", "second", "page")
    links = service().links
    known = _known()
    if len(known) < 2:
        return page_response(render_template("frameworks.html", known=known, view=None))
    pair = _pair(list(known))
    rows, place, query = _query(pair).page()
    sections = [
        (title, _lines([row for row in rows if text_of(row, "section") == name], pair, links))
        for name, title in SECTIONS.items()
    ]
    view = {
        "pair": [(known[one], _name(one)) for one in pair],
        "sections": sections,
        "pager": place,
        "query": query,
        "csv": "/frameworks.csv?" + urlencode({"first": _name(pair[0]), "second": _name(pair[1])}),
    }
    options = [(_name(one), shown) for one, shown in known.items()]
    html = render_template("frameworks.html", known=known, options=options, view=view)
    return page_response(html)


def csv() -> Response:
    """Return the claims about both frameworks as CSV; raises as above."""
    only("first", "second")
    return download(_query(_pair(list(_known()))).whole(), "frameworks", "csv")


def _query(pair: tuple[NamedNode, NamedNode]) -> ViewQuery:
    values: dict[str, Term] = {"first": pair[0], "second": pair[1]}
    return ViewQuery("framework-claims", "claim", values=values)


def _known() -> dict[NamedNode, Cell]:
    here = service()
    rows = here.engine.rows(bounded_query(here, "frameworks", rows=MOST))
    return {
        term: cell(term, here.links, best_label(row.get("label") for row in same))
        for term, same in grouped(rows, "framework")
        if isinstance(term, NamedNode)
    }


def _pair(known: Sequence[NamedNode]) -> tuple[NamedNode, NamedNode]:
    by_name = {_name(node): node for node in known} | {node.value: node for node in known}
    chosen: dict[str, NamedNode] = {}
    for name in ("first", "second"):
        value = request.args.get(name)
        if value and value not in by_name:
            raise BadParameter(
                f"{value[:80]!r} is no policy framework of the graph",
                where=name,
                remedy=f"Known: {', '.join(_name(node) for node in known)}.",
            )
        if value:
            chosen[name] = by_name[value]
    if len(set(chosen.values())) < len(chosen):
        raise BadParameter(
            "A framework cannot be compared with itself",
            where="second",
            remedy=f"Choose two of {', '.join(_name(node) for node in known)}.",
        )
    free = [node for node in known if node not in chosen.values()]
    if len(chosen) + len(free) < 2:
        raise BadParameter("There are no two frameworks to compare", where="first")
    first = chosen.get("first") or free.pop(0)
    return first, chosen.get("second") or free.pop(0)


def _name(node: NamedNode) -> str:
    return node.value.removeprefix(service().links.iri("id"))


def _lines(rows: Sequence[Row], pair: Sequence[NamedNode], links: Links) -> list[Line]:
    lines: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(text_of(row, name) for name in ("property", "inverse", "other", "value"))
        lines.setdefault(key, []).append(row)
    return [
        Line(
            cells(same, "property", links)[0],
            is_true(same[0].get("inverse")),
            cells(same, "other", links) + cells(same, "value", links),
            *(
                tuple(
                    _said(claim, each, links)
                    for claim, each in grouped(
                        [row for row in same if row["framework"] == one], "claim"
                    )
                )
                for one in pair
            ),
        )
        for same in lines.values()
    ]


def _said(claim: Term, rows: Sequence[Row], links: Links) -> Said:
    certainty = cells(rows, "certainty", links)
    return Said(
        cell(claim, links, best_label(row.get("statement") for row in rows)),
        certainty,
        level_of(certainty),
        is_true(rows[0].get("negated")),
    )
