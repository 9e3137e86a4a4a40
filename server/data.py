"""The things of the graph as data: redirects by Accept, and one address a representation."""

import json
from collections.abc import Callable
from collections.abc import Sequence
from typing import Final
from typing import TypeAlias

from flask import Blueprint
from flask import Response
from flask import request
from pyoxigraph import Quad
from pyoxigraph import RdfFormat

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.interface import Engine
from kg.engine.serialization import write
from kg.errors import NotFound
from server.negotiation import GRAPHS
from server.negotiation import PAGE
from server.negotiation import Offer
from server.negotiation import choose
from server.negotiation import content_type
from server.page_response import tagged
from server.paging import page_number
from server.service import service
from server.statements import StatementsPage
from server.statements import near_names
from server.statements import page_about
from server.statements import page_in
from server.withdrawn import withdrawal

blueprint = Blueprint("data", __name__)

# For programs that know of JSON only: things are tidy objects, graphs the same bytes as JSON-LD.
JSON: Final = Offer("application/json", "json")
REPRESENTATIONS: Final = (*GRAPHS, JSON)
_ENGINE_FORMATS: Final = {f.extension: f.engine for f in GRAPH_FORMATS} | {
    JSON.extension: RdfFormat.JSON_LD
}
Statements: TypeAlias = Callable[..., StatementsPage]
_FIRST: Final = 500  # statements that are looked at to send a client on


@blueprint.get("/id/<slug>")
def thing(slug: str) -> Response:
    """Send the client on to the page or the data about a thing."""
    return see_other(service().links.iri("id", slug), page_about)


@blueprint.get("/topic/<slug>")
def topic(slug: str) -> Response:
    """Send the client on to the page or the data about a topic."""
    return see_other(service().links.iri("topic", slug), page_about)


@blueprint.get("/graph/<path:slug>")
def graph(slug: str) -> Response:
    """Send the client on to the page about a graph or to its statements."""
    return see_other(service().links.iri("graph", slug), page_in)


@blueprint.get("/data/<slug>.<extension>")
def thing_data(slug: str, extension: str) -> Response:
    """Return the statements about a thing."""
    return representation(service().links.iri("id", slug), extension, page_about)


@blueprint.get("/data/topic/<slug>.<extension>")
def topic_data(slug: str, extension: str) -> Response:
    """Return the statements about a topic."""
    return representation(service().links.iri("topic", slug), extension, page_about)


@blueprint.get("/data/graph/<path:slug>.<extension>")
def graph_data(slug: str, extension: str) -> Response:
    """Return the statements of a graph."""
    return representation(service().links.iri("graph", slug), extension, page_in)


@blueprint.get("/data/ontology.<extension>")
def ontology_data(extension: str) -> Response:
    """Return the statements of the ontology."""
    return representation(service().links.iri("graph", "ontology"), extension, page_in)


@blueprint.get("/data/ontology/<term>.<extension>")
def term_data(term: str, extension: str) -> Response:
    """Return the statements about a term of the ontology."""
    return representation(service().links.iri("ontology", term), extension, page_about)


def see_other(iri: str, statements: Statements) -> Response:
    """Return the redirect (303) from ``iri`` to the representation that the client likes best.

    Raises :class:`~kg.errors.NotFound` if there are no ``statements`` of it.
    """
    links = service().links
    chosen = choose((*REPRESENTATIONS, PAGE))
    quads = statements(service().engine, iri, 1, _FIRST).quads
    if not quads:
        raise _unknown(iri)
    withdrawn = withdrawal(quads, iri)
    if withdrawn:
        return withdrawn.answer(links.local)
    target = links.page(iri) if chosen is PAGE else links.data(iri, chosen.extension)
    response = Response(status=303, content_type=content_type("text/plain"))
    response.headers["Location"] = target or "/"
    response.headers["Vary"] = "Accept"
    response.set_data(f"See {target}\n")
    return response


def representation(iri: str, extension: str, statements: Statements) -> Response:
    """Return a page of the ``statements`` of ``iri`` in the format with ``extension``, or 304 if
    the client has it already.

    Nearly always the first page has all; else a Link header names the next (RFC 8288). Raises
    :class:`~kg.errors.NotFound` for an unknown format, and if there are no statements, and
    :class:`~kg.errors.BadParameter`.
    """
    number = page_number(request.args, "page")
    for offer in REPRESENTATIONS:
        if offer.extension == extension:
            more = False

            def asked(engine: Engine, iri: str) -> Sequence[Quad]:
                nonlocal more
                found = statements(engine, iri, number)
                more = found.more
                return found.quads

            tidy = offer is JSON and statements is page_about
            response = statements_response(iri, offer, asked, tidy=tidy, number=number)
            if not tidy:
                _link_pages(response, number, more)
            return response
    raise NotFound(
        f"There is no format with the extension .{extension}",
        remedy=f"Known: {', '.join('.' + offer.extension for offer in REPRESENTATIONS)}.",
    )


def statements_response(
    iri: str,
    offer: Offer,
    statements: Callable[[Engine, str], Sequence[Quad]],
    *,
    tidy: bool = False,
    number: int = 1,
) -> Response:
    """Return the ``statements`` of ``iri`` in the format on ``offer``, those of page ``number``,
    or, if it is to be ``tidy``, one JSON object; raises as above.
    """
    here = service()
    quads: Sequence[Quad] = []
    version = None
    # The ETag names the version that the statements are of, so neither may change meanwhile.
    while version != here.engine.version():
        version = here.engine.version()
        quads = statements(here.engine, iri)
    if not quads:
        raise _unknown(iri)
    withdrawn = withdrawal(quads, iri)
    if withdrawn:
        return withdrawn.answer(lambda other: here.links.data(other, offer.extension))

    def body() -> bytes | str:
        if tidy:
            return _object(iri)
        return write(quads, _ENGINE_FORMATS[offer.extension], here.settings.base_iri)

    part = "" if number == 1 else f"-{number}"
    tag = f"{version.digest[:32] if version else ''}-{offer.extension}{part}"
    return tagged(tag, content_type(offer.media_type), body)


def _link_pages(response: Response, number: int, more: bool) -> None:
    """Name the pages beside page ``number`` in the header for that (RFC 8288)."""
    pages = [("prev", number - 1)] if number > 1 else []
    pages += [("next", number + 1)] if more else []
    if pages:
        response.headers["Link"] = ", ".join(
            f'<{request.path}{f"?page={other}" if other > 1 else ""}>; rel="{name}"'
            for name, other in pages
        )


def _object(iri: str) -> str:
    """Return ``iri`` as one JSON object; what has nothing of its own to say is an empty one."""
    from server.context import context_of
    from server.objects import tidy_object

    here = service()
    address = f"{here.address}/context.jsonld"
    found = tidy_object(here, here.engine, iri, context_of(here), address)
    return (
        json.dumps(found or {"@context": address, "@id": iri}, ensure_ascii=False, indent=2) + "\n"
    )


def _unknown(iri: str) -> NotFound:
    near = near_names(service().engine, iri)
    return NotFound(
        f"The graph says nothing about <{iri}>",
        remedy=f"Did you mean {' or '.join(f'<{one}>' for one in near)}?" if near else None,
    )
