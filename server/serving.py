"""The production server: waitress on a socket of our own, and how it starts and stops.

waitress reads whole requests and keeps whole answers ready for slow readers without taking a
thread for either, notices clients that leave, and ends an answer that fails by closing the
connection before its last chunk, so that nobody takes it for whole.
"""

import logging
import resource
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from waitress import wasyncore
from waitress.server import create_server

from kg.engine.isolated import IsolatedEngine
from kg.engine.opening import ServedEngine
from kg.engine.opening import open_engine
from kg.engine.versions import VersionStore
from kg.errors import ListenError
from kg.errors import PolicykgError
from kg.settings import Settings
from server.allocator import give_memory_back

if TYPE_CHECKING:
    from server.starting import Starting

_LOGGER: Final = logging.getLogger("policykg.server")
_BACKLOG: Final = 2048  # connections that may wait to be accepted
_CONNECTIONS: Final = 4000  # connections at once, if the system allows as many files
_FILES_BESIDES: Final = 256  # descriptors for all else
_SPARE_THREADS: Final = 16  # for pages and health, beside those that wait for queries
_CLIENT_SPARE_THREADS: Final = 4  # of those for one client, beside its queries
_HEADER_BYTES: Final = 64 << 10
_GRACE_SECONDS: Final = 30  # that running requests have when the server is told to stop
_LOOK_SECONDS: Final = 0.05  # within which time limits are noticed


def serve(settings: Settings, write_token: str | None = None) -> None:
    """Serve the graph until SIGTERM or SIGINT, then let running requests end.

    Says on standard output where it listens as soon as it answers. ``write_token`` is a token
    besides those on file. Raises :class:`~kg.errors.StoreMissing` or
    :class:`~kg.errors.StoreTooNew` if there is nothing to serve, and
    :class:`~kg.errors.ListenError`.
    """
    give_memory_back()
    if settings.engine == "embedded":
        VersionStore(settings.data).current()
    listener = listen(settings)
    # Links and the first line name the port that was really taken.
    settings = replace(settings, port=listener.getsockname()[1])
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    engine = open_engine(settings)
    # The first worker comes up while the application is being imported.
    importing = threading.Thread(target=_import_application)
    importing.start()
    try:
        engine.start()
    except PolicykgError as error:  # the server starts all the same and says it is not healthy
        _LOGGER.error("%s", error)
    importing.join()
    from server.app import PROTOCOLS
    from server.app import create_app
    from server.starting import Starting

    app = Starting(
        create_app(settings, engine, write_token, PROTOCOLS),
        lambda: create_app(settings, engine, write_token),
    )
    try:
        _run(app, settings, listener, engine)
    finally:
        engine.close()


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens on the host and port of ``settings``.

    Raises :class:`~kg.errors.ListenError`.
    """
    place = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
    except (OSError, UnicodeError):
        raise ListenError(
            "There is no such host", where=place, remedy="Give another with --host."
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ListenError(
            f"Cannot listen: {(error.strerror or str(error)).lower()}",
            where=place,
            remedy="Give another port with --port (0 takes a free one), or another --host.",
        ) from None
    return listener


def _run(
    app: "Starting", settings: Settings, listener: socket.socket, engine: ServedEngine
) -> None:
    # All import what the application has imported by now.
    from server.connection import Connection
    from server.fast_path import FastPath
    from server.service import public_address
    from server.turns import Threads
    from server.watching import Watching

    # What goes wrong with single connections is the clients' business; ours is logged by the app.
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    answer_bytes = settings.result_mb << 20
    proxy: dict[str, Any] = {}
    if settings.trusted_proxy:
        proxy = {
            "trusted_proxy": settings.trusted_proxy,
            "trusted_proxy_headers": "x-forwarded-for",
        }
    connections: dict[int, Any] = {}
    threads = settings.workers + settings.queue_length + _SPARE_THREADS
    # Behind a proxy all clients have one address, and turns are the proxy's business.
    most = threads if settings.trusted_proxy else settings.client_queries + _CLIENT_SPARE_THREADS
    server: Any = create_server(
        app,
        connections,
        sockets=[listener],
        _dispatcher=Threads(threads, min(threads, most)),
        backlog=_BACKLOG,
        connection_limit=_connections(),
        asyncore_use_poll=True,
        max_request_header_size=_HEADER_BYTES,
        max_request_body_size=settings.upload_mb << 20,
        # One request ahead is read, and with it the end of a connection.
        channel_request_lookahead=1,
        # A thread never waits for a slow reader: what is larger than memory goes to a file.
        outbuf_high_watermark=2 * answer_bytes,
        ident=None,
        **proxy,
    )
    server.channel_class = Connection
    # Behind a proxy, who asks is found out by what waitress puts before the application.
    if isinstance(engine, IsolatedEngine) and not settings.trusted_proxy:
        loop = Watching(connections, server.pull_trigger)
        server.fast_path = FastPath(engine, public_address(settings), loop)
    else:
        server.fast_path = None
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    with suppress(OSError):  # Nobody reads it: no reason not to serve.
        print(f"policykg listens on http://{host}:{settings.port}/", flush=True)
    app.start()
    while not stopping.is_set():
        _go_round(server, connections, 1)
    _finish(server, connections)


def _go_round(server: Any, connections: dict[int, Any], seconds: float) -> None:
    """Wait for events at most so long, and go on with what they concern."""
    fast_path = server.fast_path
    if fast_path is None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=connections, count=1)
        return
    under_way = len(fast_path.dispatch)
    wasyncore.loop(
        timeout=_LOOK_SECONDS if under_way else seconds, use_poll=True, map=connections, count=1
    )
    fast_path.dispatch.proceed()


def _finish(server: Any, connections: dict[int, Any]) -> None:
    """Take no more connections, and see those through that have a request under way."""
    server.accepting = False
    server.socket.close()
    wasyncore.dispatcher.del_channel(server)
    until = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < until:
        channels = list(server.active_channels.values())
        if not any(channel.is_busy() for channel in channels):
            break
        _go_round(server, connections, _LOOK_SECONDS)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(connections)


def _connections() -> int:
    """Return how many connections may be open, after asking for as many files as are allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS + _FILES_BESIDES  # a connection can have a file besides
    if soft < wanted:
        soft = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(16, min(_CONNECTIONS, (soft - _FILES_BESIDES) // 2))


def _import_application() -> None:
    with suppress(Exception):  # whoever imports it next is told
        import server.app
        import server.graph_store
        import server.sparql
        import server.update  # noqa: F401
