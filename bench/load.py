"""A client that asks one server as quickly as it answers, over connections that stay open."""

import re
import selectors
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from urllib.parse import urlsplit

JSON = "application/sparql-results+json"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_AT_ONCE = 64 << 10  # bytes; a larger buffer for each answer would take the client longer


@dataclass(frozen=True, slots=True)
class Timing:
    """How a list of requests went: seconds in all, and seconds of each."""

    seconds: float
    each: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the milliseconds within which ``percent`` of the answers came."""
        if len(self.each) < 2:
            return self.each[0] * 1000
        return statistics.quantiles(self.each, n=100, method="inclusive")[percent - 1] * 1000


def request(address: str, path: str, query: str, accept: str = JSON) -> bytes:
    """Return the bytes of a request by GET."""
    target = f"{path}?{urlencode({'query': query})}"
    host = urlsplit(address).netloc
    return f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n".encode()


def connect(address: str, source: str = "", receive_buffer: int = 0) -> socket.socket:
    """Return a connection to the server at ``address``, from the address ``source`` if given.

    A small buffer, in bytes, makes a client that does not read a slow one at once.
    """
    place = urlsplit(address)
    connection = socket.socket()
    connection.settimeout(120)
    if source:
        connection.bind((source, 0))
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect((place.hostname or "", place.port or 80))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class _Open:
    """A connection with at most one request under way."""

    def __init__(self, address: str, source: str) -> None:
        self.socket = connect(address, source)
        self.place = 0
        self.began = 0.0
        self.received = b""

    def ask(self, place: int, data: bytes) -> None:
        self.place, self.received = place, b""
        self.began = time.perf_counter()
        self.socket.sendall(data)

    def body(self) -> bytes | None:
        """Return the body of the answer if it is whole by now."""
        part = self.socket.recv(_AT_ONCE)
        self.received = self.received + part if self.received else part
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(self.received[:500].decode())
        if length := _LENGTH.search(head):
            return body if len(body) >= int(length[1]) else None
        return dechunked(body) if body.endswith(b"0\r\n\r\n") else None


def dechunked(data: bytes) -> bytes:
    """Return what ``data``, in chunked transfer, carries."""
    parts = []
    place = 0
    while place < len(data):
        end = data.index(b"\r\n", place)
        length = int(data[place:end], 16)
        parts.append(data[end + 2 : end + 2 + length])
        place = end + 4 + length
    return b"".join(parts)


def run(
    address: str,
    requests: Sequence[bytes],
    connections: int,
    bodies: list[bytes] | None = None,
    source: str = "",
) -> Timing:
    """Send all ``requests``, on each connection the next when the last is answered.

    With one connection the client does nothing but wait for it, so that little of the time is its
    own.

    The client's address is ``source`` if given. The bodies are added to ``bodies`` in the order of
    the requests. Raises ``RuntimeError`` for an answer other than 200.
    """
    selector = selectors.DefaultSelector()
    each = [0.0] * len(requests)
    kept = [b""] * len(requests)
    waiting = iter(enumerate(requests))
    opened = [_Open(address, source) for _ in range(min(connections, len(requests)))]
    began = time.perf_counter()
    for connection in opened:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask(*next(waiting))
    under_way = len(opened)
    while under_way:
        ready = opened if len(opened) == 1 else [key.data for key, _ in selector.select()]
        for connection in ready:
            body = connection.body()
            if body is None:
                continue
            each[connection.place] = time.perf_counter() - connection.began
            kept[connection.place] = body
            following = next(waiting, None)
            if following is None:
                under_way -= 1
                selector.unregister(connection.socket)
            else:
                connection.ask(*following)
    took = time.perf_counter() - began
    for connection in opened:
        connection.socket.close()
    if bodies is not None:
        bodies += kept
    return Timing(took, each)


@dataclass(frozen=True, slots=True)
class Stream:
    """How one large answer came: seconds to the first byte of it, in all, and its size in bytes."""

    first: float
    seconds: float
    size: int


def stream(address: str, data: bytes) -> tuple[Stream, bytes]:
    """Send one request; return how its answer came, and the answer with its head."""
    with connect(address) as connection:
        connection.sendall(data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        began = time.perf_counter()
        parts = [connection.recv(1 << 18)]
        first = time.perf_counter() - began
        while part := connection.recv(1 << 18):
            parts.append(part)
        took = time.perf_counter() - began
    received = b"".join(parts)
    return Stream(first, took, len(received)), received
