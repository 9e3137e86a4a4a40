"""Messages between the server and its workers: JSON with bytes behind it, over a Unix socket."""

import contextlib
import json
import os
import socket
import struct
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from typing import Final

import kg.errors
from kg.errors import PolicykgError

_HEADER: Final = struct.Struct("!II")  # lengths of the JSON text and of the body, in bytes
_DESCRIPTORS: Final = 4
_AT_ONCE: Final = 64 << 10  # bytes that are taken from a channel in one go
_LONGEST: Final = 1 << 20  # bytes of a message from a worker, which is not to be trusted


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its values, the bytes behind them, and file descriptors that came with it."""

    values: Mapping[str, Any]
    body: bytes = b""
    descriptors: tuple[int, ...] = ()

    def close(self) -> None:
        """Close the descriptors that came with the message."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def encoded(values: Mapping[str, Any]) -> bytes:
    """Return ``values`` as they are sent, for messages that often have the same."""
    return json.dumps(values).encode()


def send(channel: socket.socket, message: Message) -> None:
    """Send ``message``; its descriptors stay open here. Raises ``OSError`` if nobody listens."""
    send_encoded(channel, encoded(message.values), message.body, message.descriptors)


def send_encoded(
    channel: socket.socket, text: bytes, body: bytes, descriptors: Sequence[int] = ()
) -> None:
    """Send a message whose values are ``text`` when :func:`encoded`; see :func:`send`."""
    data = _HEADER.pack(len(text), len(body)) + text + body
    if descriptors:
        data = data[socket.send_fds(channel, [data], list(descriptors)) :]
    if data:
        channel.sendall(data)


def receive(channel: socket.socket) -> Message | None:
    """Return the next message, or ``None`` if the other side has gone, even within a message.

    The other side sends no message before it has the answer to its last.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(channel, _AT_ONCE, _DESCRIPTORS)
        if data and len(data) < _HEADER.size:
            data += _exactly(channel, _HEADER.size - len(data))
        if len(data) < _HEADER.size:
            return None
        text_length, body_length = _HEADER.unpack_from(data)
        start = _HEADER.size + text_length
        missing = start + body_length - len(data)
        if missing > 0:
            data += _exactly(channel, missing)
    except ConnectionError:
        return None
    if len(data) != start + body_length:
        return None
    values = _values(data[_HEADER.size : start])
    return None if values is None else Message(values, data[start:], tuple(descriptors))


def _exactly(channel: socket.socket, length: int) -> bytes:
    """Return ``length`` bytes, or fewer if the other side went away."""
    data = bytearray(length)
    view = memoryview(data)
    received = 0
    while received < length:
        count = channel.recv_into(view[received:])
        if not count:
            break
        received += count
    return bytes(data[:received])


class Inbox:
    """Puts the messages of a worker together as their parts come in, and waits for none."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._received = b""
        self._buffer = bytearray(_AT_ONCE)  # to make one for each message takes longer

    def take(self) -> Message | None | bool:
        """Return the next message, ``False`` if it is not whole by now, and ``None`` if none will
        come: the worker has gone, or sends what is no message.
        """
        message = self._next() if self._received else False
        while message is False:
            try:
                count = self._channel.recv_into(self._buffer, 0, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return False
            except OSError:
                return None
            if not count:
                return None
            self._received += memoryview(self._buffer)[:count]
            message = self._next()
        return message

    def _next(self) -> Message | None | bool:
        received = self._received
        if len(received) < _HEADER.size:
            return False
        text_length, body_length = _HEADER.unpack_from(received)
        start = _HEADER.size + text_length
        end = start + body_length
        if end > _LONGEST:
            return None
        if len(received) < end:
            return False
        self._received = received[end:]
        values = _values(received[_HEADER.size : start])
        return None if values is None else Message(values, received[start:end])


@lru_cache(maxsize=64)
def _values(text: bytes) -> Mapping[str, Any] | None:
    """Return the values of a message, which are often the same, or ``None`` if it has none."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return MappingProxyType(values) if isinstance(values, dict) else None


def notify(channel: socket.socket, values: Mapping[str, Any]) -> None:
    """Send a message that may be lost if the other side does not read."""
    text = encoded(values)
    with contextlib.suppress(BlockingIOError):  # so short a message goes whole or not at all
        channel.send(_HEADER.pack(len(text), 0) + text, socket.MSG_DONTWAIT)


def error_values(error: PolicykgError) -> dict[str, Any]:
    """Return what :func:`error_from` needs to make ``error`` again on the other side."""
    extra = {
        name: getattr(error, name) for name in ("line", "column", "offered") if hasattr(error, name)
    }
    return {
        "error": type(error).__name__,
        "detail": error.detail,
        "where": error.where,
        "remedy": error.remedy,
        "extra": extra,
    }


def error_from(values: Mapping[str, Any]) -> PolicykgError:
    """Return the error that ``values`` describe."""
    cls = getattr(kg.errors, str(values["error"]), PolicykgError)
    error = cls.__new__(cls)
    PolicykgError.__init__(error, values["detail"], where=values["where"], remedy=values["remedy"])
    for name, value in values["extra"].items():
        setattr(error, name, tuple(value) if isinstance(value, list) else value)
    return error  # type: ignore[no-any-return]
