"""The SPARQL endpoint (SPARQL 1.1 Protocol, query operation), and its form for people."""

from functools import lru_cache
from typing import Final

from flask import Blueprint
from flask import Response
from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import graph_format
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.serialization import write
from kg.errors import BadParameter
from server.answer_tag import AnswerTag
from server.caller import caller
from server.compression import GZIP
from server.compression import compressed
from server.compression import is_compressed
from server.negotiation import BINDINGS
from server.negotiation import GRAPHS
from server.negotiation import PAGE
from server.negotiation import Offer
from server.negotiation import best
from server.negotiation import content_type
from server.negotiation import formats_named
from server.relay import relayed
from server.service import service
from server.service_description import SD
from server.service_description import service_description
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
# Whoever asks again is told if nothing was written, at the price of no query.
CACHE_TAGGED: Final = "public, max-age=0, must-revalidate"
CACHE_UNTAGGED: Final = "no-store"
VARY: Final = "Accept, Accept-Encoding"
FAILURE: Final = "policykg.failure"  # in the WSGI environment: why the query has failed already
_USUAL_LENGTH: Final = 500  # characters of Accept headers that are worth remembering


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Return the answer to the query in the request; without one, the form or a description.

    Query by GET, by form POST and by direct POST; ``format=`` overrides Accept.
    """
    response = _response(read_request())
    response.headers.setdefault("Vary", "Accept")
    return response


def _response(asked: Asked) -> Response:
    if asked.format:
        formats = None if asked.format in _PAGE_NAMES else formats_named(asked.format)
    else:
        formats = accepted_formats(request.headers.get("Accept", ""))
    if formats is None:
        # Only people need it, and programs should not wait for its imports.
        from server.sparql_page import sparql_page

        return sparql_page(asked.query)
    if asked.query is None:
        return _description(formats)
    return _answer(asked.query, formats)


def _answer(query: Query, formats: Formats) -> Response:
    if failure := request.environ.get(FAILURE):
        raise failure
    tag = AnswerTag.of_request(query, formats)
    engine = service().engine
    held = tag and request.if_none_match and tag.matched(engine.version())
    if held:
        response = Response(status=304)
        response.set_etag(held)
    else:
        answer = engine.answer(query, formats, caller())
        if is_compressed(answer):
            response = Response(
                compressed(answer.body), content_type=content_type(answer.media_type)
            )
            response.content_encoding = GZIP
        else:
            response = relayed(answer)
        if tag:
            tag.put_on(response, answer.version)
    response.headers["Vary"] = VARY
    response.headers["Cache-Control"] = CACHE_TAGGED if tag else CACHE_UNTAGGED
    return response


def accepted_formats(header: str) -> Formats | None:
    """Return the formats that an Accept header likes best; ``None`` if it would rather have a page.

    Browsers name HTML; a program that takes anything (``*/*``) is not given a page.
    """
    return _negotiated(header) if len(header) <= _USUAL_LENGTH else _accepted(header)


def _accepted(header: str) -> Formats | None:
    accept = parse_accept_header(header, MIMEAccept)
    if best(accept, (*BINDINGS, *_GRAPHS, PAGE)) is PAGE:
        return None
    bindings, graph = best(accept, BINDINGS), best(accept, _GRAPHS)
    return Formats(bindings.media_type if bindings else None, graph.media_type if graph else None)


# Few programs ask with many different headers, and most of them many times with the same.
_negotiated: Final = lru_cache(maxsize=256)(_accepted)


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
