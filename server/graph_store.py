"""The SPARQL 1.1 Graph Store HTTP Protocol: graphs by name, and by their own addresses."""

import secrets
from typing import Final

from flask import Blueprint
from flask import Response
from flask import request
from pyoxigraph import NamedNode

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import graph_format
from kg.engine.interface import Formats
from kg.engine.interface import Part
from kg.engine.interface import Query
from kg.engine.interface import Write
from kg.errors import BadParameter
from kg.errors import NotFound
from kg.errors import UnsupportedMediaType
from server.auth import writer
from server.caller import caller
from server.negotiation import GRAPHS
from server.negotiation import choose
from server.parameters import decode
from server.parameters import one
from server.parameters import parse_parameters
from server.relay import relayed
from server.service import service
from server.update import DIRECT
from server.written import TAG_DIGITS
from server.written import expected
from server.written import write

blueprint = Blueprint("graph_store", __name__)

_METHODS: Final = ("GET", "PUT", "POST", "PATCH", "DELETE")
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_CHARSETS: Final = ("utf-8", "utf8", "us-ascii")
_RDF_XML: Final = "application/rdf+xml"
_ONE_GRAPH: Final = tuple(o for o in GRAPHS if o.extension not in ("trig", "nq"))


@blueprint.route("/store", methods=_METHODS)
def indirect() -> Response:
    """Read or write the graph that the parameter ``graph`` names, or the ``default`` graph."""
    parameters = parse_parameters(request.query_string, "the address")
    if not {"graph", "default"} & set(parameters):
        if request.method == "POST":
            return _handle(f"{service().address}/store/{secrets.token_hex(16)}")
        raise BadParameter(
            "The request names no graph", where="graph", remedy="Add ?graph=IRI or ?default."
        )
    graph = one("graph", parameters.get("graph", []))
    if graph is None:
        return _handle(None)
    if "default" in parameters:
        raise BadParameter("The request names two graphs", where="graph", remedy="Name one.")
    try:
        NamedNode(graph)
    except ValueError:
        raise BadParameter(
            f"{graph!r} is not an absolute IRI", where="graph", remedy="Give the whole IRI."
        ) from None
    return _handle(graph)


@blueprint.route("/store/<path:name>", methods=_METHODS)
def direct(name: str) -> Response:
    """Read or write the graph whose IRI is the address of the request."""
    return _handle(f"{service().address}/store/{name}")


def _handle(graph: str | None) -> Response:
    """Do what the request at hand asks of ``graph``; ``None`` is the default graph."""
    if request.method in ("GET", "HEAD"):
        return _read(graph)
    token = writer(graph)
    request.max_content_length = service().settings.upload_mb << 20
    exists = graph is None or service().engine.has_graph(graph)
    base = graph or f"{service().address}/store"
    condition = expected(exists)
    if request.method == "DELETE":
        asked = Write(kind="delete", token=token.name, graph=graph, expected=condition)
    elif request.method == "PATCH":
        if request.mimetype != DIRECT:
            raise _unreadable(DIRECT)
        text = decode(request.get_data(cache=False), "the body")
        asked = Write(
            kind="patch",
            token=token.name,
            graph=graph,
            text=text,
            base_iri=base,
            expected=condition,
        )
    else:
        asked = Write(
            kind="replace" if request.method == "PUT" else "merge",
            token=token.name,
            graph=graph,
            parts=_parts(),
            base_iri=base,
            expected=condition,
        )
    return write(asked, location=graph)


def _read(graph: str | None) -> Response:
    offer = choose(_ONE_GRAPH)
    engine = service().engine
    if graph is not None and not engine.has_graph(graph):
        raise NotFound(
            f"There is no graph <{graph}>",
            where="graph",
            remedy="`policykg info` and the service description list the graphs.",
        )
    query = Query(_ALL, default_graphs=(graph,) if graph else ())
    tag = f"{engine.version().digest[:TAG_DIGITS]}-{offer.extension}"
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        answer = engine.answer(query, Formats(None, offer.media_type), caller())
        tag = f"{answer.version.digest[:TAG_DIGITS]}-{offer.extension}"
        response = relayed(answer)
    response.set_etag(tag)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _parts() -> tuple[Part, ...]:
    """Return the documents in the body of the request."""
    if request.mimetype == "multipart/form-data":
        files = [file for _, file in request.files.items(multi=True)]
        if not files:
            raise BadParameter("The upload has no file", where="body", remedy="Send at least one.")
        return tuple(
            Part(_media_type(file.mimetype, file.filename or ""), file.read()) for file in files
        )
    if request.mimetype_params.get("charset", "utf-8").lower() not in _CHARSETS:
        raise _unreadable(f"{request.mimetype} in UTF-8")
    # Section 5.3 of the protocol: without a type it is taken for RDF/XML.
    media_type = _media_type(request.mimetype, "") if request.content_type else _RDF_XML
    return (Part(media_type, request.get_data(cache=False)),)


def _media_type(given: str, filename: str) -> str:
    found = graph_format(given)
    if found is None and given in ("", "application/octet-stream"):
        extension = filename.rpartition(".")[2]
        found = next((f for f in GRAPH_FORMATS if f.extension == extension), None)
    if found is None:
        offered = ", ".join(offer.media_type for offer in _ONE_GRAPH)
        raise _unreadable(offered)
    return found.media_type


def _unreadable(wanted: str) -> UnsupportedMediaType:
    return UnsupportedMediaType(
        f"The body has the type {request.content_type or 'unknown'}",
        where="Content-Type",
        remedy=f"Send {wanted}.",
    )
