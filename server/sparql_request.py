"""Reading a query from a request, as the SPARQL 1.1 Protocol (section 2.1) lays down."""

from dataclasses import dataclass
from typing import Final

from flask import request

from kg.engine.interface import Query
from kg.errors import BadParameter
from kg.errors import QueryRefused
from kg.errors import UnsupportedMediaType
from server.parameters import FORM
from server.parameters import decode
from server.parameters import graphs
from server.parameters import one
from server.parameters import parse_parameters
from server.service import service

DIRECT: Final = "application/sparql-query"
UPDATES: Final = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: a query, or ``None`` for none, and the format it names, if it does."""

    query: Query | None
    format: str | None


def read_request() -> Asked:
    """Return what the request at hand asks.

    Raises :class:`~kg.errors.BadParameter`, :class:`~kg.errors.QueryRefused` for an update, and
    :class:`~kg.errors.UnsupportedMediaType`.
    """
    parameters = parse_parameters(request.query_string, "the address")
    queries = parameters.get("query", [])
    if request.method == "POST":
        charset = request.mimetype_params.get("charset", "utf-8").lower()
        if request.mimetype == UPDATES:
            raise _no_updates()
        if request.mimetype not in (FORM, DIRECT) or charset not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(
                f"A query cannot be read from a body of type {request.content_type or 'unknown'}",
                where="Content-Type",
                remedy=f"Send {DIRECT} or {FORM}, in UTF-8.",
            )
        body = request.get_data(cache=False)
        if request.mimetype == DIRECT:
            queries = queries + [decode(body, "the body")] if body else queries
        else:
            for name, values in parse_parameters(body, "the body").items():
                parameters.setdefault(name, []).extend(values)
            queries = parameters.get("query", [])
    if "update" in parameters:
        raise _no_updates()
    text = one("query", queries)
    if text is None and request.method == "POST":
        raise BadParameter("There is no query", where="query", remedy="Send one.")
    if text is not None and not text.strip():
        raise BadParameter("The query is empty", where="query", remedy="Write one.")
    asked_format = one("format", parameters.get("format", [])) or None
    if text is None:
        return Asked(None, asked_format)
    default = graphs("default-graph-uri", parameters)
    named = graphs("named-graph-uri", parameters)
    base = f"{service().address}/sparql"
    query = Query(text, default_graphs=default, named_graphs=named, base_iri=base)
    return Asked(query, asked_format)


def _no_updates() -> QueryRefused:
    return QueryRefused(
        "This address answers queries and takes no updates",
        where="update",
        remedy="Send the update to /update, by POST and with a token.",
    )
