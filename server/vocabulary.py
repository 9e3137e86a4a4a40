"""The pages of the ontology and of its terms."""

from flask import Blueprint
from flask import Response
from flask import render_template

from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.data import REPRESENTATIONS
from server.negotiation import PAGE
from server.negotiation import choose
from server.page_response import page_response
from server.service import service
from server.statements import near_names
from server.term_view import FORMATS
from server.term_view import term_node
from server.term_view import term_view
from server.vocabulary_view import vocabulary_view

blueprint = Blueprint("vocabulary", __name__)


@blueprint.get("/ontology")
def ontology() -> Response:
    """Return the list of all terms, or send the client on to the ontology as data."""
    here = service()
    iri = here.links.iri("ontology")
    elsewhere = _data(iri)
    if elsewhere:
        return elsewhere
    rows = here.engine.rows(bounded_query(here, "terms", rows=here.settings.page_rows))
    view = vocabulary_view(rows, here.links)
    formats = [(name, here.links.data(iri, extension)) for extension, name in FORMATS]
    return _page(render_template("ontology.html", view=view, iri=iri, formats=formats))


@blueprint.get("/ontology/<term>")
def term(term: str) -> Response:
    """Return the page of a term, or send the client on to its description as data.

    Raises :class:`~kg.errors.NotFound` if the ontology has no such term.
    """
    here = service()
    iri = here.links.iri("ontology", term)
    node = term_node(iri)
    rows = (
        here.engine.rows(bounded_query(here, "term", rows=here.settings.page_rows, term=node))
        if node
        else []
    )
    if not rows or node is None:
        near = [here.links.local(one) for one in near_names(here.engine, iri)]
        meant = f"Did you mean {' or '.join(one for one in near if one)}? " if near else ""
        raise NotFound(
            f"The ontology has no term {term[:80]!r}",
            remedy=f"{meant}All terms are listed at /ontology.",
        )
    elsewhere = _data(iri)
    if elsewhere:
        return elsewhere
    uses = here.engine.rows(
        bounded_query(here, "term-uses", rows=here.settings.page_rows, term=node)
    )
    formats = [(name, here.links.data(iri, extension)) for extension, name in FORMATS]
    view = term_view(rows, uses, iri, here.links)
    return _page(render_template("term.html", view=view, formats=formats))


def _data(iri: str) -> Response | None:
    """Return the redirect to the data about ``iri`` if the client would rather have that."""
    chosen = choose((PAGE, *REPRESENTATIONS))
    if chosen is PAGE:
        return None
    target = service().links.data(iri, chosen.extension) or "/"
    response = Response(f"See {target}\n", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = target
    response.headers["Vary"] = "Accept"
    return response


def _page(html: str) -> Response:
    response = page_response(html)
    response.headers["Vary"] = "Accept"
    return response
