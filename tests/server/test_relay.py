"""An answer is let go of however its response ends, and a client that has left is noticed."""

from collections.abc import Iterator

import pytest
from flask import Flask

from kg.engine.interface import Answer
from kg.engine.interface import Version
from server.caller import caller
from server.relay import relayed


class Source:
    """Chunks that remember whether they were let go of."""

    def __init__(self, *chunks: bytes) -> None:
        self.closed = False
        self.chunks = self._read(chunks)

    def _read(self, chunks: tuple[bytes, ...]) -> Iterator[bytes]:
        try:
            yield from chunks
        finally:
            self.closed = True


@pytest.mark.parametrize("size", [6, None])
@pytest.mark.parametrize(("method", "body"), [("GET", b"abcdef"), ("HEAD", b"")])
def test_an_answer_is_passed_on_and_let_go_of(size: int | None, method: str, body: bytes) -> None:
    source = Source(b"abc", b"def")
    answer = Answer("bindings", "text/csv", source.chunks, Version(1, "0" * 64, 0), size)
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: relayed(answer))
    with app.test_client().open("/", method=method) as response:
        assert (response.data, response.content_length) == (body, size)
    assert source.closed


def test_a_caller_that_hangs_up() -> None:
    left = [False, True]
    environ = {"waitress.client_disconnected": lambda: left.pop(0), "REMOTE_ADDR": "192.0.2.1"}
    with Flask(__name__).test_request_context(environ_overrides=environ):
        asking = caller()
    assert asking.client == "192.0.2.1"
    assert not asking.abandoned()
    assert asking.abandoned()


def test_without_a_connection_nobody_leaves() -> None:
    with Flask(__name__).test_request_context():
        assert not caller().abandoned()
