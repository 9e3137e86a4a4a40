"""waitress on a socket of ours: its settings, its event loop, and how it comes to an end."""

import logging
import resource
import socket
import time
from typing import Any
from typing import Final

from waitress import wasyncore
from waitress.server import create_server

from kg.engine.interface import Engine
from kg.engine.isolated import IsolatedEngine
from kg.settings import Settings
from server.connection import Connection
from server.fast_path import FastPath
from server.service import public_address
from server.turns import Threads
from server.watching import Watching

_BACKLOG: Final = 2048  # connections that may wait to be accepted
_CONNECTIONS: Final = 4000  # connections at once, if the system allows as many files
_FILES_BESIDES: Final = 256  # descriptors for all else
_SPARE_THREADS: Final = 16  # for pages and health, beside those that wait for queries
_CLIENT_SPARE_THREADS: Final = 4  # of those for one client, beside its queries
_HEADER_BYTES: Final = 64 << 10
_GRACE_SECONDS: Final = 30  # that running requests have when the server is told to stop
_LAST_SECONDS: Final = 0.25  # for which one may still send who was connected by then
_LOOK_SECONDS: Final = 0.05  # within which limits of running queries are noticed


class WebServer:
    """Serves ``app`` on ``listener``; what ``engine`` can answer at once does not come to it.

    It is used in the thread that makes it.
    """

    def __init__(
        self, app: Any, settings: Settings, listener: socket.socket, engine: Engine
    ) -> None:
        # What goes wrong with single connections is the clients' business; ours the app logs.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        self._watching = Watching()
        server: Any = create_server(
            app,
            self._watching,
            sockets=[listener],
            _dispatcher=_threads(settings),
            backlog=_BACKLOG,
            connection_limit=_most_connections(),
            asyncore_use_poll=True,
            max_request_header_size=_HEADER_BYTES,
            max_request_body_size=settings.upload_mb << 20,
            # One request ahead is read, and with it the end of a connection.
            channel_request_lookahead=1,
            # A thread never waits for a slow reader: what is larger than memory goes to a file.
            outbuf_high_watermark=2 * (settings.result_mb << 20),
            ident=None,
            **_proxy(settings),
        )
        server.channel_class = Connection
        self._watching.bell = server.trigger.socket.fileno()
        self._server = server
        self._fast_path: FastPath | None = None
        # Behind a proxy, who asks is found out by what waitress puts before the application.
        # Who may read is looked up by the application.
        open_to_all = not settings.trusted_proxy and settings.reading == "open"
        if isinstance(engine, IsolatedEngine) and open_to_all:
            self._watching.wake = self.wake
            self._fast_path = FastPath(engine, public_address(settings), self._watching)
        server.fast_path = self._fast_path

    def wake(self) -> None:
        """Have :meth:`go_round` return soon; may be called in any thread."""
        self._server.pull_trigger()

    def go_round(self, seconds: float) -> None:
        """Wait for events at most so many seconds, and do what they ask for."""
        if self._fast_path and len(self._fast_path.dispatch):
            seconds = min(seconds, _LOOK_SECONDS)
        self._watching.go_round(seconds)
        if self._fast_path:
            self._fast_path.dispatch.proceed()

    def finish(self) -> None:
        """Take no more connections, and see those through that have a request under way."""
        server = self._server
        self._accept_waiting()
        server.accepting = False
        server.socket.close()
        wasyncore.dispatcher.del_channel(server)
        began = time.monotonic()
        while (passed := time.monotonic() - began) < _GRACE_SECONDS:
            channels = server.active_channels.values()
            if not channels or (
                passed > _LAST_SECONDS and not any(channel.is_busy() for channel in channels)
            ):
                break
            self.go_round(_LOOK_SECONDS)
        server.task_dispatcher.shutdown(timeout=1)
        self._watching.close()

    def _accept_waiting(self) -> None:
        """Take the connections that wait to be accepted, which would be broken off otherwise."""
        for _ in range(_BACKLOG):
            before = len(self._server.active_channels)
            self._server.handle_accept()
            if len(self._server.active_channels) == before:
                return


def _threads(settings: Settings) -> Threads:
    threads = settings.workers + settings.queue_length + _SPARE_THREADS
    # Behind a proxy all clients have one address, and turns are the proxy's business.
    most = threads if settings.trusted_proxy else settings.client_queries + _CLIENT_SPARE_THREADS
    return Threads(threads, min(threads, most))


def _proxy(settings: Settings) -> dict[str, Any]:
    # What other proxies say is not believed, but whoever must not come by way of one is told by it.
    kept = {"clear_untrusted_proxy_headers": False}
    if not settings.trusted_proxy:
        return kept
    return {
        **kept,
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_headers": "x-forwarded-for",
    }


def _most_connections() -> int:
    """Return how many connections may be open, after asking for as many files as are allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS + _FILES_BESIDES  # a connection can have a file besides
    if soft < wanted:
        soft = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(16, min(_CONNECTIONS, (soft - _FILES_BESIDES) // 2))
