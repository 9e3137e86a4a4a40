"""Fetching the documents that an update loads: from places that are allowed, and within limits."""

import http.client
import socket
import threading
import time
from collections.abc import Collection
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import quote
from urllib.parse import urldefrag
from urllib.parse import urljoin
from urllib.parse import urlsplit

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import graph_format
from kg.engine.interface import Part
from kg.engine.load_operations import LoadOperation
from kg.engine.load_operations import is_allowed
from kg.engine.load_operations import refused
from kg.errors import LoadFailed
from kg.errors import PolicykgError
from kg.errors import QueryTimeout

_REDIRECTS: Final = (301, 302, 303, 307, 308)
_MOST_REDIRECTS: Final = 5
_AT_ONCE: Final = 64 << 10
_NOTHING: Final = Part("", b"")
_ONE_GRAPH: Final = tuple(f for f in GRAPH_FORMATS if f.extension not in ("trig", "nq"))
_ACCEPT: Final = ", ".join(
    f"{offer.media_type};q={1 - place / 10:.1f}" for place, offer in enumerate(_ONE_GRAPH)
)
_UNCHANGED: Final = "/%:@!$&'()*+,;=~-._?"  # characters of an IRI's path and query


@dataclass(frozen=True, slots=True)
class Sources:
    """Where documents may come from, how many bytes they may have together, and the seconds that
    fetching all of them may take.
    """

    allowed: Collection[str] = ()
    size: int = 64 << 20
    seconds: float = 10


def fetch(loads: Collection[LoadOperation], sources: Sources) -> tuple[Part, ...]:
    """Return the document of each of ``loads``; for a SILENT one that fails, one without a type.

    Raises :class:`~kg.errors.QueryRefused` for a source that is not allowed, before any is asked,
    :class:`~kg.errors.LoadFailed` and :class:`~kg.errors.QueryTimeout`.
    """
    for load in loads:
        if not load.silent and not (load.source and is_allowed(load.source, sources.allowed)):
            raise refused(load, sources.allowed)
    until = time.monotonic() + sources.seconds
    left = sources.size
    parts = []
    for load in loads:
        try:
            if not (load.source and is_allowed(load.source, sources.allowed)):
                raise refused(load, sources.allowed)
            part = _document(load.source, sources, left, until)
        except PolicykgError:
            if not load.silent:
                raise
            part = _NOTHING
        left -= len(part.data)
        parts.append(part)
    return tuple(parts)


def _document(source: str, sources: Sources, size: int, until: float) -> Part:
    place = urldefrag(source).url
    for _ in range(_MOST_REDIRECTS + 1):
        if not is_allowed(place, sources.allowed):
            raise _failed(
                source, f"it sends on to <{place}>, which POLICYKG_LOAD_SOURCES does not name"
            )
        try:
            with _asked(place, until) as response:
                if response.status not in _REDIRECTS:
                    part = _read(source, place, response, size, sources.size)
                    if time.monotonic() >= until:
                        raise TimeoutError  # what was read may be only the beginning
                    return part
                location = response.headers.get("Location", "")
                place = urldefrag(urljoin(place, location)).url
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= until:
                raise QueryTimeout(
                    f"Fetching the documents took longer than {sources.seconds:g} seconds "
                    "(POLICYKG_LOAD_SECONDS)",
                    where=source,
                    remedy="Nothing was changed. Try again, or send the document itself to the "
                    "graph store.",
                ) from None
            raise _failed(source, f"no answer comes from there ({type(error).__name__})") from None
    raise _failed(source, f"it sends on more than {_MOST_REDIRECTS} times")


@contextmanager
def _asked(place: str, until: float) -> Iterator[http.client.HTTPResponse]:
    """Yield the response of ``place``, whose connection is broken off at ``until``."""
    parts = urlsplit(place)
    seconds = max(0.01, until - time.monotonic())
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)

    connection.connect()
    sock = connection.sock  # which the connection may forget before the response is read

    def break_off() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    # A timeout of the socket begins anew with every byte that trickles in.
    timer = threading.Timer(max(0.0, until - time.monotonic()), break_off)
    timer.daemon = True
    timer.start()
    try:
        target = quote(parts.path or "/", safe=_UNCHANGED)
        if parts.query:
            target += "?" + quote(parts.query, safe=_UNCHANGED)
        headers = {"Accept": _ACCEPT, "Accept-Encoding": "identity", "User-Agent": "policykg"}
        connection.request("GET", target, headers=headers)
        yield connection.getresponse()
    finally:
        timer.cancel()
        connection.close()


def _read(
    source: str, place: str, response: http.client.HTTPResponse, size: int, most: int
) -> Part:
    if response.status != 200:
        raise _failed(source, f"the answer from there has the status {response.status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _failed(source, "it comes compressed, which was not asked for")
    media_type = _media_type(response.headers, place)
    if media_type is None:
        given = response.headers.get("Content-Type", "unknown")
        raise _failed(source, f"it has the type {given}, which is no format of one graph")
    pieces = []
    length = 0
    while piece := response.read(_AT_ONCE):
        pieces.append(piece)
        length += len(piece)
        if length > size:
            raise _failed(
                source, f"the documents have more than {most >> 20} MB (POLICYKG_UPLOAD_MB)"
            )
    if response.length:  # a connection that was broken off early
        raise _failed(source, "it ends too early")
    return Part(media_type, b"".join(pieces))


def _media_type(headers: Message, place: str) -> str | None:
    given = headers.get_content_type() if headers.get("Content-Type") else ""
    found = graph_format(given)
    if given in ("", "application/octet-stream", "text/plain"):
        extension = urlsplit(place).path.rpartition(".")[2].lower()
        found = next((f for f in _ONE_GRAPH if f.extension == extension), found)
    return found.media_type if found in _ONE_GRAPH and found else None


def _failed(source: str, why: str) -> LoadFailed:
    return LoadFailed(f"<{source}> cannot be loaded: {why}", remedy="Nothing was changed.")
