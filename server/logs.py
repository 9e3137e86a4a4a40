"""One log line a request, safe to read line by line."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from typing import Final

from flask import Flask
from flask import Response
from flask import g
from flask import request

from server.log_lines import tell
from server.request_times import count as count_request

_LARGEST: Final = (1 << 48) - 1
# A number each would do; the start keeps those of one run apart from those of another.
_NUMBERS: Final = count(secrets.randbits(48))
LOGGER: Final = logging.getLogger("policykg.server")
# What is told, besides the log, of requests that are answered without the application: identifier,
# method, route, status and seconds.
ALSO_NOTED: Final[list[Callable[[str, str, str, int, float], None]]] = []


def set_level(level: str) -> None:
    """Have what is logged from ``level`` on, which is a value of the setting ``log_level``."""
    logging.getLogger("policykg").setLevel(level.upper())


def register(app: Flask) -> None:
    """Log each request that ``app`` answers: id, method, path, route, status, milliseconds."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the identifier of this request in the log."""
    if "request_id" not in g:
        g.request_id = new_id()
    return str(g.request_id)


def new_id() -> str:
    """Return an identifier that no other request has."""
    return f"{next(_NUMBERS) & _LARGEST:012x}"


def note_plain(method: str, path: str, status: int, taken: float) -> None:
    """Take note of a request that was answered without the application; its route is its path."""
    identifier = new_id()
    note(identifier, method, path, path, status, taken)
    for also in ALSO_NOTED:
        also(identifier, method, path, status, taken)


def note(
    identifier: str, method: str, path: str, route: str | None, status: int, taken: float
) -> None:
    """Log and count a request that was answered with ``status`` after ``taken`` seconds."""
    count_request(route or "-", status, taken)
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    told_route = _quoted_route(route) if route else "-"
    told = (
        f"id={identifier} method={method if method.isalpha() else quoted(method)} "
        f"path={told_route if path == route else quoted(path)} route={told_route} "
        f"status={status} ms={taken * 1000:.1f}"
    )
    tell(LOGGER, told)


def quoted(text: str) -> str:
    """Return ``text`` in quotes, in ASCII and on one line, whatever a client put into it."""
    return json.dumps(text)


_quoted_route: Final = lru_cache(maxsize=None)(quoted)  # the routes of the application are few


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    taken = time.perf_counter() - g.begun if "begun" in g else 0.0
    note(
        request_id(),
        request.method,
        request.path,
        request.url_rule.rule if request.url_rule else None,
        response.status_code,
        taken,
    )
    return response
