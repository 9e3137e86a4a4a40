"""Passing an answer on while it grows."""

import tempfile
from collections.abc import Iterator
from typing import Final

from flask import Response
from flask import request

from kg.engine.interface import Answer
from server.negotiation import content_type

_IN_MEMORY: Final = 1 << 20  # bytes of an answer that wait in memory until it is whole
_CHUNK: Final = 64 << 10


class Chunks:
    """The chunks of an answer, which are let go of when the response ends, however it ends.

    The first chunk is read ahead: a generator that never began cannot clean up after itself, and
    nobody reads on where the request was a HEAD.
    """

    def __init__(self, answer: Answer) -> None:
        self._rest = iter(answer.chunks)
        self._first = next(self._rest, b"")

    def __iter__(self) -> Iterator[bytes]:
        """Yield the chunks; raises if the query fails, and the server breaks the transfer off."""
        yield self._first
        yield from self._rest

    def close(self) -> None:
        """Let go of the answer."""
        close = getattr(self._rest, "close", None)
        if close:
            close()


def relayed(answer: Answer) -> Response:
    """Return ``answer`` as a response, with its length if that is known.

    HTTP/1.0 ends an answer of unknown length by closing the connection, which a client cannot
    tell from a failure: it is told nothing until the answer is whole. Raises what the query does.
    """
    if answer.size is None and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return _whole(answer)
    response = Response(Chunks(answer), content_type=content_type(answer.media_type))
    if answer.size is not None:
        response.content_length = answer.size
    return response


def _whole(answer: Answer) -> Response:
    chunks = Chunks(answer)
    spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed with the response)
    try:
        for chunk in chunks:
            spool.write(chunk)
    except BaseException:
        spool.close()
        raise
    finally:
        chunks.close()
    size = spool.tell()
    spool.seek(0)
    pieces = iter(lambda: spool.read(_CHUNK), b"")
    response = Response(pieces, content_type=content_type(answer.media_type))
    response.call_on_close(spool.close)
    response.content_length = size
    return response
