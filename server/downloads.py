"""Answers of our own queries as files to keep: CSV, JSON and Turtle."""

from typing import Final

from flask import Response
from flask import request

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import NotFound
from server.caller import caller
from server.page_response import public
from server.relay import relayed
from server.service import service

TABLES: Final = {"csv": "text/csv", "json": "application/sparql-results+json"}
GRAPHS: Final = {"ttl": "text/turtle"}


def download(query: Query, name: str, extension: str) -> Response:
    """Return the whole answer to ``query`` as a file ``name.extension``, or 304.

    The entity tag stands for version and format; what was asked is in the address. Raises
    :class:`~kg.errors.NotFound` for an extension of no format, and what the engine raises.
    """
    if extension not in TABLES | GRAPHS:
        raise NotFound(
            f"There is no format with the extension .{extension[:20]}",
            remedy=f"Known: {', '.join('.' + one for one in TABLES | GRAPHS)}.",
        )
    here = service()
    if request.if_none_match.contains_weak(_tag(here.engine.version().digest, extension)):
        response = Response(status=304)
        digest = here.engine.version().digest
    else:
        formats = Formats(TABLES.get(extension), GRAPHS.get(extension))
        answer = here.engine.answer(query, formats, caller())
        response = relayed(answer)
        response.headers["Content-Disposition"] = f'inline; filename="{name}.{extension}"'
        digest = answer.version.digest
    return public(response, _tag(digest, extension))


def _tag(digest: str, extension: str) -> str:
    return f"{digest[:32]}-{extension}"
