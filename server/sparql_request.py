"""Reading a query from a request, as the SPARQL 1.1 Protocol (section 2.1) lays down."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flask import request
from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.errors import BadParameter
from kg.errors import QueryRefused
from kg.errors import UnsupportedMediaType

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATES: Final = "application/sparql-update"
_MOST_PARAMETERS: Final = 1000


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
    parameters = _parse(request.query_string, "the address")
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
            queries = queries + [_decode(body, "the body")] if body else queries
        else:
            for name, values in _parse(body, "the body").items():
                parameters.setdefault(name, []).extend(values)
            queries = parameters.get("query", [])
    if "update" in parameters:
        raise _no_updates()
    text = _one("query", queries)
    if text is None and request.method == "POST":
        raise BadParameter("There is no query", where="query", remedy="Send one.")
    if text is not None and not text.strip():
        raise BadParameter("The query is empty", where="query", remedy="Write one.")
    asked_format = _one("format", parameters.get("format", [])) or None
    if text is None:
        return Asked(None, asked_format)
    default = _graphs("default-graph-uri", parameters)
    named = _graphs("named-graph-uri", parameters)
    return Asked(Query(text, default_graphs=default, named_graphs=named), asked_format)


def _parse(encoded: bytes, place: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            _decode(encoded, place),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise _not_utf8(place) from None
    except ValueError:
        raise BadParameter(
            f"There are more than {_MOST_PARAMETERS} parameters in {place}",
            remedy="Send fewer.",
        ) from None
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def _decode(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_utf8(place) from None


def _one(name: str, values: list[str]) -> str | None:
    if len(values) > 1:
        raise BadParameter(
            f"There are {len(values)} parameters of the name {name}",
            where=name,
            remedy="Send one.",
        )
    return values[0] if values else None


def _graphs(name: str, parameters: dict[str, list[str]]) -> tuple[str, ...]:
    for iri in parameters.get(name, []):
        try:
            NamedNode(iri)
        except ValueError:
            raise BadParameter(
                f"{iri!r} is not an absolute IRI", where=name, remedy="Give a graph's whole IRI."
            ) from None
    return tuple(parameters.get(name, []))


def _not_utf8(place: str) -> BadParameter:
    return BadParameter(
        f"There are bytes in {place} that are not UTF-8", remedy="Send the query as UTF-8."
    )


def _no_updates() -> QueryRefused:
    return QueryRefused(
        "This server answers queries and takes no updates",
        where="update",
        remedy="Change the sources of the graph and build it anew.",
    )
