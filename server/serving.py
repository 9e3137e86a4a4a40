"""The production server: waitress on a socket of our own, and how it starts and stops.

waitress reads whole requests and keeps whole answers ready for slow readers without taking a
thread for either, notices clients that leave, and ends an answer that fails by closing the
connection before its last chunk, so that nobody takes it for whole.
"""

import gc
import logging
import signal
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING
from typing import Final

from kg.engine.interface import Engine
from kg.engine.opening import open_engine
from kg.engine.versions import VersionStore
from kg.errors import ListenError
from kg.errors import PolicykgError
from kg.settings import Settings
from server.allocator import give_memory_back
from server.log_lines import log_to

if TYPE_CHECKING:
    from server.starting import Starting

_LOGGER: Final = logging.getLogger("policykg.server")
_BACKLOG: Final = 2048  # connections that may wait to be accepted


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
    log_to(sys.stderr)
    engine = open_engine(settings)
    # The first worker comes up while the application is being imported.
    importing = threading.Thread(target=_import_application)
    importing.start()
    try:
        engine.start()
    except PolicykgError as error:  # the server starts all the same and says it is not healthy
        _LOGGER.error("%s", error)
    importing.join()
    gc.freeze()  # what is there now stays, and need not be looked through again and again
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


def _run(app: "Starting", settings: Settings, listener: socket.socket, engine: Engine) -> None:
    from server.web_server import WebServer  # imports what the application has imported by now

    server = WebServer(app, settings, listener, engine)
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        server.wake()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    with suppress(OSError):  # Nobody reads it: no reason not to serve.
        print(f"policykg listens on http://{host}:{settings.port}/", flush=True)
    app.start()
    while not stopping.is_set():
        server.go_round(1)
    server.finish()


def _import_application() -> None:
    with suppress(Exception):  # whoever imports it next is told
        import server.app
        import server.graph_store
        import server.sparql
        import server.update  # noqa: F401
