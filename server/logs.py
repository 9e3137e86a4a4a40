"""One log line a request, safe to read line by line."""

import json
import logging
import secrets
import time
from itertools import count
from typing import Final

from flask import Flask
from flask import Response
from flask import g
from flask import request

_LARGEST: Final = (1 << 48) - 1
# A number each would do; the start keeps those of one run apart from those of another.
_NUMBERS: Final = count(secrets.randbits(48))
LOGGER: Final = logging.getLogger("policykg.server")


def register(app: Flask) -> None:
    """Log each request that ``app`` answers: id, method, path, route, status, milliseconds."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the identifier of this request in the log."""
    if "request_id" not in g:
        g.request_id = f"{next(_NUMBERS) & _LARGEST:012x}"
    return str(g.request_id)


def quoted(text: str) -> str:
    """Return ``text`` in quotes, in ASCII and on one line, whatever a client put into it."""
    return json.dumps(text)


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    taken = (time.perf_counter() - g.begun) * 1000 if "begun" in g else 0.0
    LOGGER.info(
        "id=%s method=%s path=%s route=%s status=%d ms=%.1f",
        request_id(),
        request.method if request.method.isalpha() else quoted(request.method),
        quoted(request.path),
        quoted(request.url_rule.rule) if request.url_rule else "-",
        response.status_code,
        taken,
    )
    return response
