"""The things of the graph as data: redirects by Accept, and one address a representation."""

import json
from collections.abc import Callable
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
from server.page_response import may_be_kept
from server.service import service
from server.statements import near_names
from server.statements import statements_about
from server.statements import statements_in
from server.withdrawn import withdrawal

blueprint = Blueprint("data", __name__)

# For programs that know of JSON only: things are tidy objects, graphs the same bytes as JSON-LD.
JSON: Final = Offer("application/json", "json")
REPRESENTATIONS: Final = (*GRAPHS, JSON)
_ENGINE_FORMATS: Final = {f.extension: f.engine for f in GRAPH_FORMATS} | {
    JSON.extension: RdfFormat.JSON_LD
}
Statements: TypeAlias = Callable[[Engine, str], list[Quad]]


@blueprint.get("/id/<slug>")
def thing(slug: str) -> Response:
    """Send the client on to the page or the data about a thing."""
    return see_other(service().links.iri("id", slug), statements_about)


@blueprint.get("/topic/<slug>")
def topic(slug: str) -> Response:
    """Send the client on to the page or the data about a topic."""
    return see_other(service().links.iri("topic", slug), statements_about)


@blueprint.get("/graph/<path:slug>")
def graph(slug: str) -> Response:
    """Send the client on to the page about a graph or to its statements."""
    return see_other(service().links.iri("graph", slug), statements_in)


@blueprint.get("/data/<slug>.<extension>")
def thing_data(slug: str, extension: str) -> Response:
    """Return the statements about a thing."""
    return representation(service().links.iri("id", slug), extension, statements_about)


@blueprint.get("/data/topic/<slug>.<extension>")
def topic_data(slug: str, extension: str) -> Response:
    """Return the statements about a topic."""
    return representation(service().links.iri("topic", slug), extension, statements_about)


@blueprint.get("/data/graph/<path:slug>.<extension>")
def graph_data(slug: str, extension: str) -> Response:
    """Return the statements of a graph."""
    return representation(service().links.iri("graph", slug), extension, statements_in)


@blueprint.get("/data/ontology.<extension>")
def ontology_data(extension: str) -> Response:
    """Return the statements of the ontology."""
    return representation(service().links.iri("graph", "ontology"), extension, statements_in)


@blueprint.get("/data/ontology/<term>.<extension>")
def term_data(term: str, extension: str) -> Response:
    """Return the statements about a term of the ontology."""
    return representation(service().links.iri("ontology", term), extension, statements_about)


def see_other(iri: str, statements: Statements) -> Response:
    """Return the redirect (303) from ``iri`` to the representation that the client likes best.

    Raises :class:`~kg.errors.NotFound` if there are no ``statements`` of it.
    """
    links = service().links
    chosen = choose((*REPRESENTATIONS, PAGE))
    quads = statements(service().engine, iri)
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
    """Return ``statements`` of ``iri`` in the format with ``extension``, or 304 if the client has
    them already.

    Raises :class:`~kg.errors.NotFound` for an unknown format, and if there are no statements.
    """
    for offer in REPRESENTATIONS:
        if offer.extension == extension:
            return statements_response(iri, offer, statements)
    raise NotFound(
        f"There is no format with the extension .{extension}",
        remedy=f"Known: {', '.join('.' + offer.extension for offer in REPRESENTATIONS)}.",
    )


def statements_response(iri: str, offer: Offer, statements: Statements) -> Response:
    """Return ``statements`` of ``iri`` in the format on ``offer``; raises as above."""
    engine = service().engine
    quads: list[Quad] = []
    version = None
    # The ETag names the version that the statements are of, so neither may change meanwhile.
    while version != engine.version():
        version = engine.version()
        quads = statements(service().engine, iri)
    if not quads:
        raise _unknown(iri)
    withdrawn = withdrawal(quads, iri)
    if withdrawn:
        return withdrawn.answer(lambda other: service().links.data(other, offer.extension))
    response = Response(content_type=content_type(offer.media_type))
    may_be_kept(response, f"{version.digest[:32]}-{offer.extension}" if version else "")
    if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    if offer is JSON and statements is statements_about:
        response.set_data(_object(iri))
        return response
    base = service().settings.base_iri
    response.set_data(write(quads, _ENGINE_FORMATS[offer.extension], base))
    return response


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
