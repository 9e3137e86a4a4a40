"""The queries of the pages: files with SPARQL, to which values, limit and offset are added."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.namespaces import BASE
from server.runnable_query import runnable_query
from server.service import Service

# The files are queries that run as they are; only these two whole numbers are put in their place,
# because SPARQL has no variables there.
_SLICE: Final = re.compile(r"LIMIT 100 OFFSET 0\b")


def bounded_query(
    service: Service, name: str, *, rows: int, offset: int = 0, **values: Term
) -> Query:
    """Return the query in ``page_queries/<name>.rq`` with ``values`` bound to its variables.

    ``rows`` is how many rows of the sliced part are wanted, ``offset`` how many are skipped.
    """
    text = query_text(name, service.settings.base_iri)
    return Query(_SLICE.sub(f"LIMIT {rows:d} OFFSET {offset:d}", text), bindings=values)


def shown_query(service: Service, name: str, **values: NamedNode) -> str:
    """Return the query in ``page_queries/<name>.rq`` as a reader can run it: the variables that
    the page binds are replaced by the IRIs of ``values``.
    """
    return runnable_query(query_text(name, service.settings.base_iri), values)


def page_query_text(service: Service, name: str) -> str:
    """Return the query in ``page_queries/<name>.rq``, with the names of things under the base of
    ``service``.
    """
    return query_text(name, service.settings.base_iri)


@cache
def query_text(name: str, base: str) -> str:
    """Return the query in ``page_queries/<name>.rq``, with the names of things under ``base``."""
    text = files("server").joinpath("page_queries", f"{name}.rq").read_text(encoding="utf-8")
    # The vocabulary is shared by all deployments; only the names of things move with the base.
    for part in ("id/", "topic/", "graph/"):
        text = text.replace(BASE + part, base + part)
    return text
