"""Messages between the server and its workers: JSON with bytes behind it, over a Unix socket."""

import json
import os
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Final

import kg.errors
from kg.errors import PolicykgError

_HEADER: Final = struct.Struct("!II")  # lengths of the JSON text and of the body, in bytes
_DESCRIPTORS: Final = 4


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


def send(channel: socket.socket, message: Message) -> None:
    """Send ``message``; its descriptors stay open here. Raises ``OSError`` if nobody listens."""
    text = json.dumps(message.values).encode()
    data = _HEADER.pack(len(text), len(message.body)) + text + message.body
    if message.descriptors:
        data = data[socket.send_fds(channel, [data], list(message.descriptors)) :]
    if data:
        channel.sendall(data)


def receive(channel: socket.socket) -> Message | None:
    """Return the next message, or ``None`` if the other side has gone, even within a message."""
    try:
        start, descriptors, _, _ = socket.recv_fds(channel, _HEADER.size, _DESCRIPTORS)
        start += _exactly(channel, _HEADER.size - len(start)) if start else b""
        if len(start) < _HEADER.size:
            return None
        text_length, body_length = _HEADER.unpack(start)
        data = _exactly(channel, text_length + body_length)
    except ConnectionError:
        return None
    if len(data) < text_length + body_length:
        return None
    return Message(json.loads(data[:text_length]), data[text_length:], tuple(descriptors))


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
