"""Passing an answer on while it grows."""

from collections.abc import Iterator

from flask import Response

from kg.engine.interface import Answer
from server.negotiation import content_type


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
    """Return ``answer`` as a response, with its length if that is known."""
    response = Response(Chunks(answer), content_type=content_type(answer.media_type))
    if answer.size is not None:
        response.content_length = answer.size
    return response
