"""Messages of workers: put together as they come, and refused if they are none."""

import json
import socket
import struct
from collections.abc import Iterator

import pytest

from kg.engine.isolation.channel import Inbox
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import notify
from kg.engine.isolation.channel import receive
from kg.engine.isolation.channel import send

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def raw(text: bytes, body: bytes = b"") -> bytes:
    return struct.pack("!II", len(text), len(body)) + text + body


def test_what_is_sent_is_received(pair: Pair) -> None:
    ours, theirs = pair
    for body in (b"", b"body", b"x" * 150_000):
        send(ours, Message({"a": ["ä", None]}, body))
        message = receive(theirs)
        assert message is not None
        assert (dict(message.values), message.body) == ({"a": ["ä", None]}, body)
    ours.close()
    assert receive(theirs) is None


def test_parts_are_put_together_without_waiting(pair: Pair) -> None:
    ours, theirs = pair
    inbox = Inbox(ours)
    first, second = raw(b'{"n": 1}', b"one"), raw(b'{"n": 2}')
    assert inbox.take() is False
    for byte in first[:-1]:
        theirs.send(bytes((byte,)))
        assert inbox.take() is False
    theirs.sendall(first[-1:] + second)
    assert inbox.take() == Message({"n": 1}, b"one")
    assert inbox.take() == Message({"n": 2})
    assert inbox.take() is False
    theirs.close()
    assert inbox.take() is None


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("!II", 0xFFFFFFFF, 0xFFFFFFFF),
        struct.pack("!II", 10, 1 << 21),
        raw(b"{"),
        raw(b"[1]"),
        raw(b"\xff"),
        raw(b"[" * 5000),
        raw(b""),
    ],
)
def test_what_is_no_message_ends_the_talk(pair: Pair, data: bytes) -> None:
    ours, theirs = pair
    theirs.sendall(data)
    assert Inbox(ours).take() is None


def test_a_notice_is_lost_rather_than_waited_for(pair: Pair) -> None:
    ours, theirs = pair
    for _ in range(20_000):
        notify(ours, {"grown": True})
    inbox = Inbox(theirs)
    count = 0
    while isinstance(message := inbox.take(), Message):
        assert json.dumps(dict(message.values)) == '{"grown": true}'
        count += 1
    assert 0 < count < 20_000
