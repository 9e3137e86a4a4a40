"""The head of an answer to a plain query, byte for byte as the application would give it."""

import time
from functools import lru_cache
from typing import Final

from waitress.utilities import build_http_date

from server.app import SECURITY_HEADERS
from server.compression import GZIP
from server.sparql import CACHE_TAGGED
from server.sparql import CACHE_UNTAGGED
from server.sparql import VARY

_LENGTH: Final = "<length>"
_DATE: Final = "<date>"
_TAG: Final = "<tag>"


def head(
    content_type: str, tag: str | None, *, length: int | None, gzip: bool = False, close: bool
) -> bytes:
    """Return the head of an answer of ``length`` bytes; one of unknown length comes in chunks."""
    template = _head("200 OK", content_type, tag is not None, length is None, gzip, close)
    return _filled(template, tag, length)


def not_modified(tag: str) -> bytes:
    """Return the whole answer for a client that holds the answer of the ``tag`` already."""
    return _filled(_head("304 NOT MODIFIED", "", True, False, False, True), tag, None)


@lru_cache(maxsize=256)
def _head(
    status: str, content_type: str, tagged: bool, chunked: bool, gzip: bool, close: bool
) -> str:
    headers = {
        **SECURITY_HEADERS,
        "Cache-Control": CACHE_TAGGED if tagged else CACHE_UNTAGGED,
        "Date": _DATE,
        "Vary": VARY,
    }
    if content_type:
        headers["Content-Type"] = content_type
        headers["Transfer-Encoding" if chunked else "Content-Length"] = (
            "chunked" if chunked else _LENGTH
        )
    if gzip:
        headers["Content-Encoding"] = GZIP
    if close:
        headers["Connection"] = "close"
    if tagged:
        headers["Etag"] = f'"{_TAG}"'
    lines = [f"{name}: {value}" for name, value in sorted(headers.items())]
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", ""))


def _filled(template: str, tag: str | None, length: int | None) -> bytes:
    text = template.replace(_DATE, _date(int(time.time())), 1)
    if length is not None:
        text = text.replace(_LENGTH, str(length), 1)
    if tag is not None:
        text = text.replace(_TAG, tag, 1)
    return text.encode("ascii")


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return str(build_http_date(second))
