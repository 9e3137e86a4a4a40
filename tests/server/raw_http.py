"""Requests byte for byte, as no proper client would send them, and what comes back."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

WITHIN = 30.0  # seconds in which a server has answered, or is taken to hang
FRAMES = (b"Traceback", b"site-packages", b".py", b"waitress", b"werkzeug", b"/home/", b"/tmp/")


@dataclass(frozen=True)
class RawReply:
    """A response: its status line, its headers by lower-case name, and its body."""

    status: int
    headers: dict[str, str]
    body: bytes


def connect(address: str, source: str = "127.0.0.1") -> socket.socket:
    """Return a connection to the server at ``address``, from the loopback address ``source``."""
    place = urlsplit(address)
    return socket.create_connection(
        (place.hostname or "", place.port or 0), timeout=WITHIN, source_address=(source, 0)
    )


def exchange(address: str, *pieces: bytes, source: str = "127.0.0.1") -> bytes:
    """Send ``pieces`` one by one and return all that comes until the server closes.

    A server that closes early may make the sending fail: then what came until then is returned.
    """
    received = bytearray()
    with connect(address, source) as client:
        with suppress(ConnectionError):
            for piece in pieces:
                client.sendall(piece)
        with suppress(ConnectionError):
            while data := client.recv(1 << 16):
                received += data
    return bytes(received)


def replies(data: bytes) -> list[RawReply]:
    """Return the responses in ``data``, one after the other; interim ones count as well."""
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(_header(line) for line in lines[1:])
        status = int(lines[0].split(" ")[1])
        if headers.get("transfer-encoding") == "chunked":
            body, data = _dechunked(rest)
        else:
            length = int(headers.get("content-length", 0))
            body, data = rest[:length], rest[length:]
        found.append(RawReply(status, headers, body))
    return found


def only(data: bytes) -> RawReply:
    """Return the one response in ``data``."""
    (reply,) = replies(data)
    return reply


def request(
    method: str,
    path: str,
    headers: Iterable[str] = (),
    body: bytes = b"",
    version: str = "HTTP/1.1",
    close: bool = True,
) -> bytes:
    """Return a request; its length is said only if there is a body and no other header does."""
    lines = [f"{method} {path} {version}", "Host: localhost", *headers]
    named = {line.partition(":")[0].lower() for line in lines}
    if body and not named & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip()


def _dechunked(data: bytes) -> tuple[bytes, bytes]:
    body = bytearray()
    while True:
        line, _, data = data.partition(b"\r\n")
        size = int(line, 16)
        if not size:
            return bytes(body), data.removeprefix(b"\r\n")
        body += data[:size]
        data = data[size + 2 :]
