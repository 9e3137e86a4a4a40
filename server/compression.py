"""Compression of answers that are whole, for clients that take it."""

import zlib
from typing import Final

from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from kg.engine.interface import Answer

GZIP: Final = "gzip"
_WORTH_IT: Final = 1000  # bytes below which a packet is not saved
_QUICK: Final = 1  # of 9: text shrinks to a fifth all the same
_GZIP_FORMAT: Final = 16 + zlib.MAX_WBITS


def is_compressed(answer: Answer) -> bool:
    """Return whether ``answer`` goes out compressed.

    One that is sent while it grows does not: with a length or by chunks that are passed on as they
    come, every client sees where it breaks off.
    """
    return (
        answer.size is not None
        and is_worth_it(answer.size)
        and takes_gzip(request.headers.get("Accept-Encoding"))
    )


def is_worth_it(size: int) -> bool:
    """Return whether an answer of ``size`` bytes is compressed for who takes it."""
    return size > _WORTH_IT


def compressed(body: bytes) -> bytes:
    """Return ``body`` in gzip format; the same bytes give the same bytes."""
    packing = zlib.compressobj(_QUICK, zlib.DEFLATED, _GZIP_FORMAT)
    return packing.compress(body) + packing.flush()


def takes_gzip(header: str | None) -> bool:
    """Return whether a client that sends ``header`` as Accept-Encoding takes gzip."""
    if not header or GZIP not in header.lower():
        return False
    return parse_accept_header(header, Accept)[GZIP] > 0
