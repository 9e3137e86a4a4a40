"""The SPARQL endpoint (SPARQL 1.1 Protocol, query operation), and its form for people."""

from typing import Final

from flask import Blueprint
from flask import Response
from flask import request

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import graph_format
from kg.engine.interface import Formats
from kg.errors import BadParameter
from server.caller import caller
from server.negotiation import BINDINGS
from server.negotiation import GRAPHS
from server.negotiation import PAGE
from server.negotiation import Offer
from server.negotiation import best
from server.negotiation import content_type
from server.negotiation import formats_named
from server.negotiation import page_wanted
from server.relay import relayed
from server.serialization import write
from server.service import service
from server.service_description import SD
from server.service_description import service_description
from server.sparql_page import sparql_page
from server.sparql_request import Asked
from server.sparql_request import read_request

blueprint = Blueprint("sparql", __name__)

# Here JSON means the JSON format of whatever the result is, as people expect who send every query
# with the same Accept header.
_GRAPHS: Final = tuple(
    Offer(o.media_type, o.extension, (*o.aliases, "application/json"))
    if o.extension == "jsonld"
    else o
    for o in GRAPHS
)
_PAGE_NAMES: Final = (PAGE.extension, PAGE.media_type)


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Return the answer to the query in the request; without one, the form or a description.

    Query by GET, by form POST and by direct POST; ``format=`` overrides Accept.
    """
    asked = read_request()
    response = _response(asked)
    response.headers["Vary"] = "Accept"
    return response


def _response(asked: Asked) -> Response:
    if asked.format in _PAGE_NAMES or (asked.format is None and page_wanted((*BINDINGS, *_GRAPHS))):
        return sparql_page(asked.query)
    formats = formats_named(asked.format) if asked.format else _accepted()
    if asked.query is None:
        return _description(formats)
    return relayed(service().engine.answer(asked.query, formats, caller()))


def _accepted() -> Formats:
    accept = request.accept_mimetypes
    bindings, graph = best(accept, BINDINGS), best(accept, _GRAPHS)
    return Formats(bindings.media_type if bindings else None, graph.media_type if graph else None)


def _description(formats: Formats) -> Response:
    chosen = graph_format(formats.graph) if formats.graph else None
    if chosen is None:
        # Whoever accepts bindings only meant to ask something.
        offered = ", ".join(f.media_type for f in GRAPH_FORMATS)
        raise BadParameter(
            "There is no query",
            where="query",
            remedy=f"Send one, or accept the description of this service: {offered}.",
        )
    current = service()
    quads = service_description(f"{current.address}/sparql")
    body = write(quads, chosen.engine, current.settings.base_iri, {"sd": SD})
    return Response(body, content_type=content_type(chosen.media_type))
