"""The lists of the members of a class, as pages and as CSV, JSON and Turtle."""

from flask import Response
from flask import request
from pyoxigraph import Literal

from kg.errors import NotFound
from server.block_query import shown_block_query
from server.bounded_query import bounded_query
from server.downloads import GRAPHS
from server.downloads import download
from server.kept import kept
from server.list_classes import ListedClass
from server.list_classes import class_tree
from server.list_classes import listed_classes
from server.list_counts import MOST
from server.list_counts import members_counted
from server.list_request import ListRequest
from server.list_request import list_request
from server.list_view import list_query
from server.list_view import list_view
from server.page_rendering import render_page
from server.page_response import page_response
from server.service import service

_MOST_CLASSES = 1000


def lists() -> Response:
    """Return the page with all classes that have members."""
    here = service()
    rows = here.engine.rows(bounded_query(here, "class-sizes", rows=_MOST_CLASSES))
    sizes = {
        row["class"]: int(count.value) for row in rows if isinstance(count := row["count"], Literal)
    }
    classes = [one for one in _classes() if sizes.get(one.node)]
    html = render_page("lists.html", tree=class_tree(classes), sizes=sizes)
    return page_response(html)


def members(slug: str) -> Response:
    """Return a page of the members of a class.

    Raises :class:`~kg.errors.NotFound` for a class that is none of the ontology's, and
    :class:`~kg.errors.BadParameter`.
    """
    here = service()
    asked = list_request(_class(slug), request.args, here.links)
    return page_response(render_page("list.html", view=list_view(here, asked)))


def data(slug: str, extension: str) -> Response:
    """Return the members as a file: all, or with ``page`` those of a page; raises as above."""
    here = service()
    asked = list_request(_class(slug), request.args, here.links)
    ordered = _can_be_sorted(asked)
    size = here.settings.page_rows if "page" in asked.arguments else None
    offset = (asked.page - 1) * size if size else 0
    name = "list-statements" if extension in GRAPHS else "list"
    query = list_query(here, asked, ordered, size, offset, name)
    if extension in GRAPHS:
        # The engine binds variables of a SELECT only.
        text = shown_block_query(
            here, name, asked.bindings, parts=asked.parts(ordered), rows=size, offset=offset
        )
        query = type(query)(text)
    return download(query, slug, extension)


def _can_be_sorted(asked: ListRequest) -> bool:
    return members_counted(service(), asked) <= MOST


def _classes() -> list[ListedClass]:
    def read() -> list[ListedClass]:
        here = service()
        return listed_classes(here.engine.rows(bounded_query(here, "classes", rows=_MOST_CLASSES)))

    return kept("classes", read)


def _class(slug: str) -> ListedClass:
    from difflib import get_close_matches  # needed only when somebody errs

    classes = {one.slug: one for one in _classes()}
    if slug in classes:
        return classes[slug]
    near = get_close_matches(slug[:80].lower(), classes, n=3)
    meant = f"Did you mean {' or '.join(f'/list/{one}' for one in near)}? " if near else ""
    raise NotFound(f"There is no list {slug[:80]!r}", remedy=f"{meant}All lists are at /list.")
