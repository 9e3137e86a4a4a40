"""Compression of answers that are whole, for clients that take it."""

import zlib
from typing import Final

from flask import request

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
    return answer.size is not None and answer.size > _WORTH_IT and _is_accepted()


def compressed(answer: Answer) -> bytes:
    """Return ``answer`` in gzip format; the same bytes give the same bytes."""
    packing = zlib.compressobj(_QUICK, zlib.DEFLATED, _GZIP_FORMAT)
    return packing.compress(answer.body) + packing.flush()


def _is_accepted() -> bool:
    header = request.headers.get("Accept-Encoding")
    return bool(header and GZIP in header.lower() and request.accept_encodings[GZIP] > 0)
