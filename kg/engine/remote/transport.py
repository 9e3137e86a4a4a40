"""Requests to the service: kept connections, several addresses, time limits, and a breaker."""

import base64
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from http.client import HTTPException
from http.client import HTTPResponse
from http.client import HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from kg.engine.remote.watch import Watch
from kg.engine.remote.watch import Watched
from kg.errors import ClientGone
from kg.errors import EngineDown
from kg.errors import EngineFailed
from kg.errors import QueryTimeout

CONNECT_SECONDS: Final = 5.0
DOWN_SECONDS: Final = 3.0  # for which an address that failed is left in peace
_CHUNK: Final = 64 << 10
_TOLD_BYTES: Final = 2000  # of an error message of the service
_UNAVAILABLE: Final = frozenset((502, 503))


def _stays() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Request:
    """What to send; ``repeatable`` if sending it twice does no harm."""

    method: str
    body: bytes
    headers: Mapping[str, str]
    repeatable: bool
    seconds: float
    suffix: str = ""  # after the address, such as a query string
    abandoned: Callable[[], bool] = _stays


class Reply:
    """A reply of which the head has come, and the body comes in chunks."""

    def __init__(
        self, transport: "Transport", address: str, response: HTTPResponse, watched: Watched
    ) -> None:
        self.status = response.status
        self._transport = transport
        self._address = address
        self._response = response
        self._watched = watched

    def header(self, name: str) -> str:
        """Return the value of a header, or an empty text."""
        return self._response.headers.get(name, "")

    @property
    def media_type(self) -> str:
        """The media type without parameters, in small letters."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def chunks(self) -> Iterator[bytes]:
        """Yield the body; raises :class:`~kg.errors.EngineFailed` if it ends before its end."""
        whole = False
        try:
            while data := self._response.read1(_CHUNK):
                yield data
            if self._response.length:
                raise self._failed("the connection ended within the answer")
            self._response.read()  # nothing, but only now may the connection be used again
            whole = True
        except (OSError, HTTPException, ValueError) as error:
            raise self._failed(str(error)) from None
        finally:
            self._transport.done(self._address, self._watched, whole)

    def body(self, limit: int) -> bytes:
        """Return the body, cut off after ``limit`` bytes."""
        data = b""
        chunks = self.chunks()
        for chunk in chunks:
            data += chunk
            if len(data) > limit:
                break
        chunks.close()  # type: ignore[attr-defined]
        return data[:limit]

    def _failed(self, how: str) -> Exception:
        return ended(self._watched) or EngineFailed(
            f"The engine broke its answer off: {how}", remedy="Try again."
        )


def ended(watched: Watched) -> Exception | None:
    """Return the error for an exchange that was ended from outside, or ``None`` if it was not."""
    if watched.timed_out:
        return QueryTimeout(
            "The engine took longer than a query may (POLICYKG_QUERY_SECONDS)",
            remedy="Ask for less: fewer patterns without a common variable, a smaller LIMIT.",
        )
    return ClientGone("The client left while its query was running") if watched.left else None


class Transport:
    """The way to one service, which may have several ``addresses``; threads may share it."""

    def __init__(self, addresses: Sequence[str], user: str = "", password: str = "") -> None:
        self._addresses = tuple(addresses)
        self._authorization: dict[str, str] = {}
        if user:
            pair = base64.b64encode(f"{user}:{password}".encode()).decode()
            self._authorization = {"Authorization": f"Basic {pair}"}
        self._lock = threading.Lock()
        self._idle: dict[str, list[HTTPConnection]] = {one: [] for one in self._addresses}
        self._down_until = dict.fromkeys(self._addresses, 0.0)
        self._turn = 0
        self._watch = Watch()

    def send(self, request: Request) -> Reply:
        """Send ``request`` to an address that is up, the next in turn; return the reply.

        What is not repeatable is sent once at most. Raises :class:`~kg.errors.EngineDown` if no
        address can be reached, :class:`~kg.errors.QueryTimeout` and
        :class:`~kg.errors.ClientGone`.
        """
        for address in self._up():
            try:
                reply = self._exchange(address, request)
            except (OSError, HTTPException) as error:
                self._down(address)
                if not request.repeatable and not isinstance(error, ConnectionRefusedError):
                    raise EngineFailed(
                        f"The engine did not say whether it did the write: {error}",
                        remedy="Look whether it was done before you send it again.",
                    ) from None
                continue
            if reply.status in _UNAVAILABLE and request.repeatable:
                reply.body(_TOLD_BYTES)
                self._down(address)
                continue
            self._down_until[address] = 0.0
            return reply
        raise EngineDown(
            "The engine behind this server cannot be reached", remedy="Try again in a minute."
        )

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            for idle in self._idle.values():
                while idle:
                    idle.pop().close()

    def done(self, address: str, watched: Watched, whole: bool) -> None:
        """Keep the connection of an exchange that ended ``whole``, close any other."""
        self._watch.end(watched)
        connection = watched.connection
        # Without a socket the service has closed it, as it does after each reply of HTTP/1.0.
        if whole and connection.sock is not None and not (watched.timed_out or watched.left):
            with self._lock:
                self._idle[address].append(connection)
        else:
            connection.close()

    def _up(self) -> list[str]:
        now = time.monotonic()
        with self._lock:
            self._turn += 1
            turned = [
                self._addresses[(self._turn + i) % len(self._addresses)]
                for i in range(len(self._addresses))
            ]
            return [one for one in turned if self._down_until[one] <= now]

    def _down(self, address: str) -> None:
        self._down_until[address] = time.monotonic() + DOWN_SECONDS
        with self._lock:
            idle, self._idle[address] = self._idle[address], []
        for connection in idle:
            connection.close()

    def _exchange(self, address: str, request: Request) -> Reply:
        while True:
            with self._lock:
                kept = self._idle[address].pop() if self._idle[address] else None
            connection = kept or _connection(address)
            deadline = time.monotonic() + request.seconds
            watched = self._watch.begin(connection, deadline, request.abandoned)
            try:
                response = self._request(connection, address, request)
                return Reply(self, address, response, watched)
            except (OSError, HTTPException) as error:
                self.done(address, watched, whole=False)
                if outside := ended(watched):
                    raise outside from None
                # A kept connection may have been closed by the service meanwhile.
                if kept is None or not (request.repeatable or isinstance(error, BrokenPipeError)):
                    raise
            except BaseException:
                self.done(address, watched, whole=False)
                raise

    def _request(self, connection: HTTPConnection, address: str, request: Request) -> HTTPResponse:
        if connection.sock is None:
            connection.timeout = CONNECT_SECONDS
            connection.connect()
            if connection.sock is not None:
                connection.sock.settimeout(None)  # from here on the watch sees to it
        path = urlsplit(address).path or "/"
        query = urlsplit(address).query
        target = f"{path}?{query}" if query else path
        if request.suffix:
            target += ("&" if query else "?") + request.suffix
        headers = {**request.headers, **self._authorization, "Accept-Encoding": "identity"}
        connection.request(request.method, target, request.body, headers)
        return connection.getresponse()


def _connection(address: str) -> HTTPConnection:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port)


def told(reply: Reply) -> str:
    """Return what the service says of a failure, as one short line of plain text."""
    text = reply.body(_TOLD_BYTES).decode("utf-8", errors="replace")
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[:300] or f"status {reply.status}"
