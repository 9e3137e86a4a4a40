"""Reading requests of the Reconciliation API (W3C Community Group, version 0.2)."""

import json
from typing import Any
from typing import Final
from typing import cast

from flask import request

from kg.errors import BadParameter
from kg.errors import BatchTooLarge
from kg.errors import UnsupportedMediaType
from kg.reconcile.matching import LONGEST
from kg.reconcile.matching import Asked
from kg.reconcile.matching import TypeRule
from kg.reconcile.matching import Wanted
from kg.reconcile.reconciler import Reconciliation
from server.parameters import FORM
from server.parameters import decode
from server.parameters import one
from server.parameters import parse_parameters

MOST_CANDIDATES: Final = 50  # of one query
_CANDIDATES: Final = 10  # where the query does not say
_MOST_PROPERTIES: Final = 20  # of one query, and of an extension
_MOST_VALUES: Final = (
    50  # of one property, and types of one query: each is compared with each thing
)
_RULES: Final = ("any", "all", "should")
_PARAMETERS: Final = ("queries", "extend", "lang")


def read_parameters() -> dict[str, str]:
    """Return the parameters of the request at hand, of the address and of a form.

    Raises :class:`~kg.errors.BadParameter` and :class:`~kg.errors.UnsupportedMediaType`.
    """
    found = parse_parameters(request.query_string, "the address")
    if request.method == "POST":
        if request.mimetype != FORM:
            raise UnsupportedMediaType(
                f"Queries cannot be read from a body of type {request.content_type or 'unknown'}",
                where="Content-Type",
                remedy=f"Send {FORM}, in UTF-8, with queries or extend.",
            )
        body = request.get_data(cache=False)
        for name, values in parse_parameters(body, "the body").items():
            found.setdefault(name, []).extend(values)
    for name in found:
        if name not in _PARAMETERS:
            raise BadParameter(
                f"The service has no parameter {name[:80]!r}",
                where=name[:80],
                remedy="Send queries or extend (version 0.2 of the Reconciliation API).",
            )
    return {name: one(name, values) or "" for name, values in found.items()}


def read_queries(text: str, most: int, known: Reconciliation) -> dict[str, Asked]:
    """Return the queries of the batch ``text`` by their keys.

    Raises :class:`~kg.errors.BadParameter`, and :class:`~kg.errors.BatchTooLarge` if there are
    more than ``most``.
    """
    batch = _mapping(_parsed(text, "queries"), "queries")
    if len(batch) > most:
        raise BatchTooLarge(
            f"There are {len(batch)} queries in the batch",
            where="queries",
            remedy=f"Send at most {most} at once.",
        )
    return {key: _query(query, f"queries.{key[:80]}", known) for key, query in batch.items()}


def read_extension(text: str, most: int) -> tuple[list[str], list[tuple[str, dict[str, Any]]]]:
    """Return the things and the properties, with their settings, of a data extension query.

    Raises as :func:`read_queries` does.
    """
    query = _mapping(_parsed(text, "extend"), "extend")
    ids = _list(query.get("ids"), "extend.ids")
    if not all(isinstance(one, str) for one in ids):
        raise _wrong("extend.ids", "a list of identifiers")
    properties: list[tuple[str, dict[str, Any]]] = []
    for number, value in enumerate(_list(query.get("properties"), "extend.properties")):
        where = f"extend.properties[{number}]"
        item = _mapping(value, where)
        if not isinstance(item.get("id"), str):
            raise _wrong(f"{where}.id", "the identifier of a property")
        properties.append((item["id"], _mapping(item.get("settings", {}), f"{where}.settings")))
    if len(ids) > most or len(properties) > _MOST_PROPERTIES:
        raise BatchTooLarge(
            f"There are {len(ids)} things and {len(properties)} properties",
            where="extend",
            remedy=f"Send at most {most} things and {_MOST_PROPERTIES} properties at once.",
        )
    return cast(list[str], ids), properties


def limit_of(value: Any, where: str, default: int, most: int) -> int:
    """Return ``value`` as a number of results, at most ``most``.

    Raises :class:`~kg.errors.BadParameter` if it is no number from 1 on.
    """
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value < 1e9:
        raise _wrong(where, "a number from 1 on")
    return min(int(value), most)


def _query(value: Any, where: str, known: Reconciliation) -> Asked:
    query = _mapping(value, where)
    unknown = set(query) - {"query", "type", "limit", "properties", "type_strict"}
    if unknown:
        name = sorted(unknown)[0][:80]
        raise _wrong(f"{where}.{name}", "left out: a query has no such member")
    text = query.get("query", "")
    properties = _list(query.get("properties", []), f"{where}.properties")
    if not isinstance(text, str):
        raise _wrong(f"{where}.query", "a text")
    if not text.strip() and not properties:
        raise _wrong(where, "a query with a text, or with properties")
    if len(text) > LONGEST:
        raise _wrong(f"{where}.query", f"a name of at most {LONGEST} characters")
    if len(properties) > _MOST_PROPERTIES:
        raise _wrong(f"{where}.properties", f"a list of at most {_MOST_PROPERTIES}")
    types = query.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not isinstance(types, list) or not all(isinstance(kind, str) for kind in types):
        raise _wrong(f"{where}.type", "the identifier of a type, or a list of them")
    if len(types) > _MOST_VALUES:
        raise _wrong(f"{where}.type", f"a list of at most {_MOST_VALUES}")
    rule = query.get("type_strict", "should")
    if rule not in _RULES:
        raise _wrong(f"{where}.type_strict", f"one of {', '.join(_RULES)}")
    return Asked(
        text,
        tuple(known.suggester.class_iri(kind) for kind in types if kind),
        cast(TypeRule, rule),
        tuple(_wanted(item, f"{where}.properties[{n}]") for n, item in enumerate(properties)),
        limit_of(query.get("limit"), f"{where}.limit", _CANDIDATES, MOST_CANDIDATES),
    )


def _wanted(value: Any, where: str) -> Wanted:
    item = _mapping(value, where)
    if not isinstance(item.get("pid"), str) or "v" not in item:
        raise _wrong(where, "a property with pid and v")
    values = item["v"] if isinstance(item["v"], list) else [item["v"]]
    if len(values) > _MOST_VALUES:
        raise _wrong(f"{where}.v", f"a list of at most {_MOST_VALUES}")
    weight = item.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
        raise _wrong(f"{where}.weight", "a number from 0 to 1")
    return Wanted(item["pid"], tuple(_text(one, f"{where}.v") for one in values), float(weight))


def _text(value: Any, where: str) -> str:
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])[:LONGEST]
    if isinstance(value, str | int | float):
        return str(value)[:LONGEST]
    raise _wrong(where, "a text, a number, a boolean, or an object with an id")


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(decode(text.encode("utf-8", "surrogatepass"), where))
    except RecursionError:
        raise _wrong(where, "JSON that nests less deeply") from None
    except ValueError as error:
        raise BadParameter(
            f"This is no JSON: {error}"[:300], where=where, remedy="Send a JSON object."
        ) from None


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, "a JSON object")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(where, "a list")
    return value


def _wrong(where: str, wanted: str) -> BadParameter:
    return BadParameter(
        "The request is not as the service reads it", where=where, remedy=f"It must be {wanted}."
    )
