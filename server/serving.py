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
import time
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING
from typing import Final

from kg.engine.opening import ServedEngine
from kg.engine.opening import open_engine
from kg.engine.presence import Presence
from kg.engine.versions import VersionStore
from kg.errors import PolicykgError
from kg.settings import Settings
from server.allocator import give_memory_back
from server.listening import inherited_listener
from server.listening import listen
from server.log_lines import log_to
from server.stopping import STOPPING

if TYPE_CHECKING:
    from flask import Flask

    from server.reloading import Reloading
    from server.starting import Starting
    from server.tracing import Tracing

_LOGGER: Final = logging.getLogger("policykg.server")
_LOOK_SECONDS: Final = 1.0
_NOT_ALONE: Final = (
    "Another server serves this data folder as well. Versions, writes and tokens hold for both; "
    "limits, queues and caches are counted by each server alone."
)


def serve(
    settings: Settings,
    write_token: str | None = None,
    read_again: Callable[[], Settings] | None = None,
) -> None:
    """Serve the graph until SIGTERM or SIGINT, then let running requests end.

    Says on standard output where it listens as soon as it answers. ``write_token`` is a token
    besides those on file. At SIGHUP the settings that ``read_again`` returns are taken in, as far
    as :mod:`server.reloading` can. Raises :class:`~kg.errors.StoreMissing` or
    :class:`~kg.errors.StoreTooNew` if there is nothing to serve, and
    :class:`~kg.errors.ListenError`.
    """
    give_memory_back()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to reload
    if settings.engine == "embedded":
        VersionStore(settings.data).current()
    listener = inherited_listener() or listen(settings)
    # Links and the first line name the port that was really taken.
    settings = replace(settings, port=listener.getsockname()[1])
    log_to(sys.stderr)
    presence = Presence(settings.data)
    if presence.others:
        _LOGGER.warning("%s", _NOT_ALONE)
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
    tracing = _tracing(settings)
    try:
        _serve(settings, listener, engine, _maker(engine, write_token, tracing), read_again)
    finally:
        engine.close()
        presence.close()
        if tracing:
            tracing.close()


def _serve(
    settings: Settings,
    listener: socket.socket,
    engine: ServedEngine,
    make: "Callable[..., Flask]",
    read_again: Callable[[], Settings] | None,
) -> None:
    from server.app import PROTOCOLS
    from server.logs import set_level
    from server.reloading import Reloading
    from server.starting import Starting

    set_level(settings.log_level)
    app = Starting(make(settings, PROTOCOLS), lambda: make(settings))
    reloading = Reloading(
        settings,
        read_again or (lambda: settings),
        lambda changed: app.replace(lambda: make(changed)),
    )
    _run(app, settings, listener, engine, reloading)


def _run(
    app: "Starting",
    settings: Settings,
    listener: socket.socket,
    engine: ServedEngine,
    reloading: "Reloading",
) -> None:
    from server.web_server import WebServer  # imports what the application has imported by now

    server = WebServer(app, settings, listener, engine)
    hung_up = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        STOPPING.set()
        server.wake()

    def reload(number: int, frame: FrameType | None) -> None:
        hung_up.set()
        server.wake()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, reload)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    with suppress(OSError):  # Nobody reads it: no reason not to serve.
        print(f"policykg listens on http://{host}:{settings.port}/", flush=True)
    app.start()
    while not STOPPING.is_set():
        server.go_round(_LOOK_SECONDS)
        if hung_up.is_set():
            hung_up.clear()
            # Not here, where all clients wait for it.
            threading.Thread(target=reloading.reload, daemon=True).start()
    drained = time.monotonic() + settings.drain_seconds
    while (left := drained - time.monotonic()) > 0:
        server.go_round(min(left, _LOOK_SECONDS))
    server.finish()


def _tracing(settings: Settings) -> "Tracing | None":
    if settings.tracing == "off":
        return None
    from server.tracing import start_tracing

    return start_tracing(settings.tracing)


def _maker(
    engine: ServedEngine, write_token: str | None, tracing: "Tracing | None"
) -> "Callable[..., Flask]":
    """Return a function that makes the application, of given settings and modules."""
    from server.app import create_app
    from server.logs import ALSO_NOTED

    if tracing is None:
        return lambda settings, *modules: create_app(settings, engine, write_token, *modules)
    from server.traced_engine import TracedEngine
    from server.traced_requests import register

    traced = TracedEngine(engine, tracing)
    ALSO_NOTED.append(tracing.answered)

    def make(settings: Settings, *modules: Sequence[str]) -> "Flask":
        app = create_app(settings, traced, write_token, *modules)
        register(app, tracing)
        return app

    return make


def _import_application() -> None:
    with suppress(Exception):  # whoever imports it next is told
        import server.app
        import server.graph_store
        import server.sparql
        import server.update  # noqa: F401
