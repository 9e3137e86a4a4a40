"""Page queries some of whose parts are wanted only for some requests.

Such a part stands between the lines ``# with NAME`` and ``# end`` of a file that, with all its
parts, runs as it is.
"""

import re
from collections.abc import Collection
from collections.abc import Mapping
from typing import Final

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.bounded_query import page_query_text
from server.runnable_query import runnable_query
from server.service import Service

_BLOCK: Final = re.compile(r"^ *# with (\S+)\n(.*?)^ *# end\n", re.MULTILINE | re.DOTALL)
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
    text = _with_parts(page_query_text(service, name), parts)
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
    text = _with_parts(page_query_text(service, name), parts)
    return runnable_query(_sliced(text, rows, offset), values)


def _with_parts(text: str, parts: Collection[str]) -> str:
    return _BLOCK.sub(lambda match: match[2] if match[1] in parts else "", text)


def _sliced(text: str, rows: int | None, offset: int) -> str:
    part = "" if rows is None else f"LIMIT {rows:d} OFFSET {offset:d}\n"
    return _SLICE.sub(part, text)
