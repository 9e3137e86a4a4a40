"""Recognising a plain query: a request that can be answered without reading all of HTTP.

What is recognised is a narrow part of what the application takes, and means the same there. In
any doubt a request is not plain, and the application answers it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import PolicykgError
from server.answer_tag import AnswerTag
from server.compression import takes_gzip
from server.negotiation import formats_named
from server.parameters import parse_parameters
from server.sparql import accepted_formats

LONGEST: Final = 8192  # bytes of a request, with its headers
_LONGEST_QUERY: Final = 2048  # characters, so that reading it takes a few milliseconds at most
_QUERY: Final = b"query="
_START: Final = b"GET /sparql?"
_END: Final = b"\r\n\r\n"
_VERSION: Final = b" HTTP/1.1"
_WORD: Final = re.compile(rb"[!-~]+")
_TEXT: Final = re.compile(rb"[ !-~]*")
_TAG: Final = re.compile(r'(?:W/)?"[!#-~]*"')
# Headers that a query may bring and that change nothing.
_WITHOUT_MEANING: Final = frozenset(
    (
        *(b"user-agent", b"accept-language", b"cache-control", b"pragma", b"dnt", b"priority"),
        *(b"referer", b"origin", b"sec-fetch-dest", b"sec-fetch-mode", b"sec-fetch-site"),
        *(b"sec-fetch-user", b"sec-ch-ua", b"sec-ch-ua-mobile", b"sec-ch-ua-platform"),
        *(b"sec-gpc", b"upgrade-insecure-requests"),
    )
)
_WITH_MEANING: Final = frozenset(
    (b"host", b"accept", b"accept-encoding", b"connection", b"if-none-match")
)


@dataclass(frozen=True, slots=True)
class _Headers:
    """What the headers of a plain request say."""

    formats: Formats
    gzip: bool
    close: bool
    held: str  # the tag of the answer that the client holds, without W/ and quotes


class PlainRequest:
    """A query by GET: the formats that its answer may have, whether it may come compressed, whether
    the connection ends with it, and the tag that the client holds (or nothing).
    """

    __slots__ = ("_tag", "close", "formats", "gzip", "held", "query")

    def __init__(self, query: Query, formats: Formats, gzip: bool, close: bool, held: str) -> None:
        self.query = query
        self.formats = formats
        self.gzip = gzip
        self.close = close
        self.held = held

    @property
    def tag(self) -> AnswerTag | None:
        """The tag of the answer, unless it would not be the same again.

        To find it out takes as long as all else here, and it is needed last.
        """
        try:
            return self._tag
        except AttributeError:
            self._tag: AnswerTag | None = AnswerTag.of(self.query, self.formats)
            return self._tag


class PlainRequests:
    """Recognises plain requests, for a service whose endpoint is at ``endpoint``."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        # The same client sends the same headers, and many clients the same queries.
        self.read = lru_cache(maxsize=512)(self._read)
        self._headers = lru_cache(maxsize=128)(_headers)

    def _read(self, data: bytes) -> PlainRequest | None:
        """Return the plain request that ``data`` is from its first byte to its last, if it is."""
        line, _, fields = data.partition(b"\r\n")
        target = line[len(_START) : -len(_VERSION)]
        if not line.endswith(_VERSION) or not _WORD.fullmatch(target) or b"#" in target:
            return None
        headers = self._headers(fields)
        if headers is None:
            return None
        try:
            text, formats = _asked(target, headers)
        except (PolicykgError, ValueError):
            return None  # the application says what is wrong, or gives a page
        if len(text) > _LONGEST_QUERY or not text.strip():
            return None
        # What asks other services needs a worker of its own; an escape may hide that.
        if "\\" in text or "SERVICE" in text.upper():
            return None
        query = Query(text, base_iri=self._endpoint)
        return PlainRequest(query, formats, headers.gzip, headers.close, headers.held)


def may_be_plain(data: bytes) -> bool:
    """Return whether it is worth having :meth:`PlainRequests.read` look at ``data``."""
    return data.startswith(_START) and data.endswith(_END) and len(data) <= LONGEST


def _asked(target: bytes, headers: _Headers) -> tuple[str, Formats]:
    """Return the query in ``target`` and the formats that its answer may have.

    Raises ``ValueError`` or :class:`~kg.errors.PolicykgError` for anything else than that.
    """
    if target.startswith(_QUERY) and b"&" not in target:  # by far the most do
        encoded = target[len(_QUERY) :].replace(b"+", b" ")
        return unquote_to_bytes(encoded).decode("utf-8"), headers.formats
    parameters = parse_parameters(target, "the address")
    (text,) = parameters.pop("query", [])
    if not parameters:
        return text, headers.formats
    (name,) = parameters.pop("format", [])
    if parameters:
        raise ValueError("other parameters")
    return text, formats_named(name)


def _headers(fields: bytes) -> _Headers | None:
    """Return what ``fields`` say: the header lines and the empty one that ends them."""
    values: dict[bytes, str] = {}
    for line in fields.removesuffix(_END).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        name = name.lower()
        if not colon or name in values or not _TEXT.fullmatch(value):
            return None
        if name not in _WITH_MEANING and name not in _WITHOUT_MEANING:
            return None
        values[name] = value.strip(b" ").decode("ascii")
    if not values.get(b"host"):
        return None
    connection = values.get(b"connection", "").lower()
    held = values.get(b"if-none-match", "")
    formats = accepted_formats(values.get(b"accept", ""))
    if formats is None or connection not in ("", "keep-alive", "close"):
        return None
    if held and not _TAG.fullmatch(held):
        return None
    return _Headers(
        formats,
        takes_gzip(values.get(b"accept-encoding")),
        connection == "close",
        held.removeprefix("W/").strip('"'),
    )
