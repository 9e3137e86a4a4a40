"""Ending exchanges from outside: at their deadline, and when the client has left."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final

_LOOK_SECONDS: Final = 0.1


@dataclass(slots=True, eq=False)
class Watched:
    """An exchange under way, and why it was ended, if it was."""

    connection: HTTPConnection
    deadline: float
    abandoned: Callable[[], bool]
    timed_out: bool = False
    left: bool = False


class Watch:
    """One thread that looks at all exchanges; it runs while there are any.

    A thread that waits for bytes cannot look itself, and the time limits of sockets count from
    the last byte, so that a service which sends one now and then would never reach them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: set[Watched] = set()
        self._thread: threading.Thread | None = None

    def begin(
        self, connection: HTTPConnection, deadline: float, abandoned: Callable[[], bool]
    ) -> Watched:
        """Watch over an exchange until :meth:`end`."""
        watched = Watched(connection, deadline, abandoned)
        with self._lock:
            self._watched.add(watched)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()
        return watched

    def end(self, watched: Watched) -> None:
        """Watch over the exchange no longer."""
        with self._lock:
            self._watched.discard(watched)

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
                under_way = list(self._watched)
            for watched in under_way:
                watched.timed_out = time.monotonic() >= watched.deadline
                watched.left = not watched.timed_out and watched.abandoned()
                if watched.timed_out or watched.left:
                    _hang_up(watched.connection)


def _hang_up(connection: HTTPConnection) -> None:
    """Wake the thread that reads; it is the one to close the connection."""
    sock = connection.sock
    with suppress(OSError, AttributeError):
        sock.shutdown(socket.SHUT_RDWR)
