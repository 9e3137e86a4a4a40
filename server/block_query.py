"""Page queries some of whose parts are wanted only for some requests.

Such a part stands between the lines ``# with NAME`` and ``# end``. In the place of a line
``# include NAME`` comes another file, whose own parts are chosen alike.
"""

import re
from collections.abc import Collection
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote_plus

from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.bounded_query import query_text
from server.runnable_query import runnable_query
from server.service import Service

_BLOCK: Final = re.compile(r"^ *# with (\S+)\n(.*?)^ *# end\n", re.MULTILINE | re.DOTALL)
_INCLUDE: Final = re.compile(r"^ *# include (\S+)\n", re.MULTILINE)
_PREFIX: Final = re.compile(r"^PREFIX .*$", re.MULTILINE)
_PROLOGUE: Final = re.compile(r"^(?:#|PREFIX ).*\n", re.MULTILINE)
_PLACEHOLDER: Final = "urn:policykg:value:{}:"
_SLICE: Final = re.compile(r"^ *LIMIT 100 OFFSET 0\n?", re.MULTILINE)


def block_query(
    service: Service,
    name: str,
    *,
    rows: int | None,
    offset: int = 0,
    parts: Collection[str] = (),
    values: Mapping[str, Term] | None = None,
) -> Query:
    """Return the query in ``page_queries/<name>.rq`` with the named ``parts`` and with ``values``
    bound to its variables.

    ``rows`` is how many rows of the sliced part are wanted, ``None`` for all, ``offset`` how many
    are skipped.
    """
    text = _with_parts(service, name, parts)
    return Query(_sliced(text, rows, offset), bindings=values or {})


def shown_block_query(
    service: Service,
    name: str,
    values: Mapping[str, Term],
    *,
    parts: Collection[str] = (),
    rows: int | None = None,
    offset: int = 0,
) -> str:
    """Return the same query as a reader can run it, with the terms of ``values`` in place of
    variables.
    """
    text = _with_parts(service, name, parts)
    return runnable_query(_sliced(text, rows, offset), values)


def together(*queries: Query) -> Query:
    """Return one query with the solutions of all, which are told apart by their variables.

    A variable that is bound in one of them is bound in all.
    """
    if len(queries) == 1:
        return queries[0]
    text = _union(tuple(query.text for query in queries))
    return Query(text, bindings={k: v for query in queries for k, v in query.bindings.items()})


@lru_cache(512)
def _union(texts: tuple[str, ...]) -> str:
    prefixes = dict.fromkeys(line for text in texts for line in _PREFIX.findall(text))
    parts = "UNION\n".join(f"{{\n{_PROLOGUE.sub('', text)}}}\n" for text in texts)
    return "".join(f"{line}\n" for line in prefixes) + f"SELECT * WHERE {{\n{parts}}}\n"


def sparql_address(
    service: Service,
    name: str,
    values: Mapping[str, NamedNode],
    *,
    parts: Collection[str] = (),
    rows: int | None = None,
) -> str:
    """Return the address at which a reader runs the same query, from its first row on."""
    text = _sliced(_with_parts(service, name, parts), rows, 0)
    address = _address_of(text, tuple(values))
    for place, node in enumerate(values.values()):
        address = address.replace(_PLACEHOLDER.format(place), quote_plus(node.value))
    return address


@lru_cache(256)
def _address_of(text: str, names: tuple[str, ...]) -> str:
    """Return the address of a query in which placeholders stand for the IRIs of ``names``.

    A query is long, and to bind and to escape it takes longer than many a query takes to answer.
    """
    values = {name: NamedNode(_PLACEHOLDER.format(i)) for i, name in enumerate(names)}
    escaped = quote_plus(runnable_query(text, values))
    for place in range(len(names)):
        given = _PLACEHOLDER.format(place)
        escaped = escaped.replace(quote_plus(given), given)
    return f"/sparql?query={escaped}"


def _with_parts(service: Service, name: str, parts: Collection[str]) -> str:
    return _chosen(service.settings.base_iri, name, frozenset(parts))


@lru_cache(512)
def _chosen(base: str, name: str, parts: frozenset[str]) -> str:
    text = _BLOCK.sub(lambda match: match[2] if match[1] in parts else "", query_text(name, base))
    return _INCLUDE.sub(lambda match: _chosen(base, match[1], parts), text)


@lru_cache(512)
def _sliced(text: str, rows: int | None, offset: int) -> str:
    part = "" if rows is None else f"LIMIT {rows:d} OFFSET {offset:d}\n"
    return _SLICE.sub(part, text)
