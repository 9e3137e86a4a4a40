"""The pages of things, topics and graphs."""

from flask import Blueprint
from flask import Response
from flask import request

from server import cell_html
from server.page_rendering import render_page
from server.page_response import page_response
from server.service import service

blueprint = Blueprint("entities", __name__)
cell_html.register(blueprint)


@blueprint.get("/page/<slug>")
def thing(slug: str) -> Response:
    """Return the page about a thing."""
    return _page("id", slug)


@blueprint.get("/page/topic/<slug>")
def topic(slug: str) -> Response:
    """Return the page about a topic."""
    return _page("topic", slug)


@blueprint.get("/page/graph/<path:slug>")
def graph(slug: str) -> Response:
    """Return the page about a named graph."""
    return _page("graph", slug)


def _page(kind: str, slug: str) -> Response:
    # Imported when needed: a start is to be quick.
    from server.elsewhere_view import elsewhere
    from server.entity_view import entity_view

    here = service()
    iri = here.links.iri(kind, slug)
    path = here.links.page(iri) or request.path
    view = entity_view(here, iri, path, request.args)
    if view.head.withdrawal:
        return view.head.withdrawal.answer(here.links.page)
    # Only what is linked can be spoken of elsewhere.
    found, query = elsewhere(here, iri, view.elsewhere) if view.identities else ([], "")
    html = render_page("entity.html", view=view, elsewhere=found, elsewhere_query=query)
    return page_response(html)
