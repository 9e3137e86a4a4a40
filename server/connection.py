"""Connections of the production server: awake, and answering plain queries themselves.

waitress does not look for the end of a connection behind requests that were sent ahead.
"""

import select
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from waitress.channel import ClientDisconnected
from waitress.channel import HTTPChannel

from kg.errors import PolicykgError
from server.strict_requests import Parser
from server.strict_requests import Refusal
from server.strict_requests import Task

if TYPE_CHECKING:
    from server.exchange import Exchange
    from server.fast_path import FastPath

_LINGER_SECONDS: Final = 5.0
_LINGER_BYTES: Final = 16 << 20


class Connection(HTTPChannel):
    """A connection that knows when its client has left, and lets a refused one read why."""

    socket: Any
    parser_class = Parser
    error_task_class = Refusal

    task_class = Task

    # What waitress's types do not know.
    server: Any
    requests: Any
    requests_lock: Any

    exchange: "Exchange | None" = None  # a plain query that is under way
    ahead = b""  # what came in the meantime
    refused = False  # whether it has been told that its request cannot be read
    lingers_until = 0.0  # until then what still comes is read and thrown away
    thrown_away = 0  # bytes

    def check_client_disconnected(self) -> bool:  # type: ignore[override]
        """Return whether the client has hung up, whatever it sent before that."""
        return not self.connected or _has_hung_up(self.socket)

    def received(self, data: bytes) -> bool:
        """Take what has come in: a plain query, or else all that is left to the application."""
        if self.exchange:
            self.ahead += data
            return True
        is_free = not (self.request or self.requests or self.total_outbufs_len)
        is_free = is_free and not (self.will_close or self.close_when_flushed)
        fast_path: FastPath | None = self.server.fast_path
        if is_free and fast_path and fast_path.take(self, data):
            return True
        return bool(super().received(data))

    def answer(self, data: bytes, close: bool) -> None:
        """Send a whole answer; what the client does not take now is sent when it does."""
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.handle_close()
            return
        self.last_activity = time.time()
        if sent < len(data):
            with suppress(ClientDisconnected):
                self.write_soon(data[sent:])
        if close:
            self.close_soon()

    def close_soon(self) -> None:
        """Close the connection when all has been sent."""
        self.close_when_flushed = True
        if not self.total_outbufs_len:
            self.handle_write()

    def go_on(self) -> None:
        """Take what came in while a query was under way."""
        if self.ahead and self.connected and not self.exchange:
            data, self.ahead = self.ahead, b""
            self.received(data)

    def leave_to_application(self, data: bytes, failure: PolicykgError) -> None:
        """Have the application explain why the query failed that the request in ``data`` asks."""
        if not self.connected:
            return
        request: Any = self.parser_class(self.adj)
        request.received(data)
        request.failure = failure
        with self.requests_lock:
            self.requests.append(request)
        self.server.add_task(self)
        self.go_on()

    def is_busy(self) -> bool:
        """Return whether a request is under way, or something is still to be sent."""
        return bool(self.requests or self.total_outbufs_len or self.exchange)

    def writable(self) -> bool:
        """Return whether to wait until the client takes more."""
        if self.exchange:
            return self.will_close or self.exchange.waits_for_client()
        return bool(super().writable())

    def handle_close(self) -> None:
        """Close the connection, and end what is under way for it."""
        exchange, self.exchange = self.exchange, None
        super().handle_close()
        if exchange:
            exchange.abandon()

    def readable(self) -> bool:
        """Return whether to look for what the client sends."""
        if self.exchange:
            if self.exchange.is_working():
                self.last_activity = time.time()  # lest it be taken for idle
            return not self.ahead  # to see it leave
        if not self.lingers_until:
            return bool(super().readable())
        if time.monotonic() >= self.lingers_until:
            self.will_close = True
        return not self.will_close

    def handle_read(self) -> None:
        """Take what has come in."""
        if not self.lingers_until:
            super().handle_read()
            return
        with suppress(OSError):
            self.thrown_away += len(self.recv(self.adj.recv_bytes))
        if self.thrown_away > _LINGER_BYTES:
            self.will_close = True

    def handle_write(self) -> None:
        """Send what waits to be sent.

        A connection that is closed with bytes unread is reset, and many a client then never sees
        the answer; so what a refused client still sends is read for a while.
        """
        if self.exchange and not self.will_close:
            self.exchange.send()
            return
        refused = self.close_when_flushed and self.refused and not self.lingers_until
        if refused and not self.total_outbufs_len:
            self.close_when_flushed = False
            self.lingers_until = time.monotonic() + _LINGER_SECONDS
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_write()


def _has_hung_up(connection: Any) -> bool:
    poll = select.poll()
    try:
        poll.register(connection, select.POLLRDHUP)
    except (OSError, ValueError):
        return True  # closed meanwhile
    return bool(poll.poll(0))
