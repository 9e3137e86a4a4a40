"""The page that shows a source text unit by unit: what each says, or why nothing was taken."""

from urllib.parse import urlencode

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import NamedNode

from kg.errors import NotFound
from server.block_query import block_query
from server.block_query import shown_block_query
from server.bounded_query import bounded_query
from server.cells import best_label
from server.cells import cell
from server.page_response import page_response
from server.paging import page_number
from server.paging import pager
from server.service import service
from server.statements import near_names

blueprint = Blueprint("coverage", __name__)

QUESTION = "coverage"


@blueprint.get("/reports/<slug>/coverage")
def coverage(slug: str) -> Response:
    """Return the page of a report's source text, unit by unit; ``slug`` may also name the document
    that the text is of, or the text.

    Raises :class:`~kg.errors.NotFound` if no units of such a text are recorded.
    """
    # Imported when needed: a start is to be quick.
    from server.coverage_view import texts
    from server.coverage_view import units

    here = service()
    iri = here.links.iri("id", slug)
    thing = _node(iri)
    number, size = page_number(request.args, "page"), here.settings.page_rows
    head = here.engine.rows(bounded_query(here, "coverage", rows=size, thing=thing))
    if not head:
        raise _unknown(iri, near_names(here.engine, iri))
    offset = (number - 1) * size
    bound = {"thing": thing}
    query = block_query(here, "coverage-units", rows=size, offset=offset, values=bound)
    found, shown = texts(head, here.links), units(here.engine.rows(query), here.links)
    total = sum(text.units for text in found)
    html = render_template(
        "coverage.html",
        thing=cell(thing, here.links, best_label(row.get("thingLabel") for row in head)),
        texts=found,
        units=shown,
        questions={text.iri: urlencode({"text": text.iri}) for text in found},
        has_question=QUESTION in here.catalogue,
        pager=pager(
            request.path,
            request.args,
            "page",
            size=size,
            shown=len(shown),
            more=number * size < total,
            total=total,
            fragment="units",
        ),
        query=shown_block_query(here, "coverage-units", bound, rows=size, offset=offset),
    )
    return page_response(html)


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise _unknown(iri, ()) from None


def _unknown(iri: str, near: list[str] | tuple[()]) -> NotFound:
    meant = f"Did you mean {' or '.join(f'<{one}>' for one in near)}? " if near else ""
    return NotFound(
        "The graph records no units of a source text of this thing",
        where=iri[:200],
        remedy=f"{meant}Reports are listed at /.",
    )
