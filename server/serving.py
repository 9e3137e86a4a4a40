"""The production server: gunicorn's threads on a socket of our own.

Flask is imported in the workers only, so that the engine's first process starts up beside it.
"""

import logging
import signal
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from kg.engine.versions import VersionStore
from kg.errors import ListenError
from kg.errors import PolicykgError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.engine.isolated import IsolatedEngine

_BACKLOG: Final = 2048  # connections that may wait, gunicorn's own default
_LONGEST_REQUEST_LINE: Final = 8190  # bytes; the most that gunicorn takes. Longer queries: POST.
_GRACE: Final = 30  # seconds that running requests have when the server is told to stop


def serve(settings: Settings) -> None:
    """Serve the graph until SIGTERM or SIGINT, then let running requests end and exit with 0.

    Says on standard output where it listens as soon as it answers. Raises
    :class:`~kg.errors.StoreMissing` or :class:`~kg.errors.StoreTooNew` if there is nothing to
    serve, and :class:`~kg.errors.ListenError`.
    """
    VersionStore(settings.data).current()
    listener = listen(settings)
    # Links and the first line name the port that was really taken.
    settings = replace(settings, port=listener.getsockname()[1])
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    _Arbiter(_Application(settings, listener)).run()


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens on the host and port of ``settings``.

    Raises :class:`~kg.errors.ListenError`. Done here, because gunicorn would try for seconds and
    would not know the port that it took for 0 before it is at work.
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


class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """What gunicorn is told: our settings, and how a worker makes the application."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self._settings = settings
        self._listener = listener
        self._engine: IsolatedEngine | None = None
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"fd://{self._listener.detach()}",
            "worker_class": "gthread",
            "workers": self._settings.processes,
            "threads": self._settings.threads,
            "loglevel": "warning",
            "limit_request_line": _LONGEST_REQUEST_LINE,
            "graceful_timeout": _GRACE,
            "control_socket_disable": True,
            "post_worker_init": self._started,
            "worker_exit": self._ended,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Ctrl-C in a terminal reaches all processes; only the arbiter is to act on it, so that
        # running requests and their workers, which inherit this, come to their end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # In the worker: handles and threads of the store do not survive a fork.
        from kg.engine.isolated import IsolatedEngine
        from kg.engine.isolation.limits import Limits

        engine = IsolatedEngine(self._settings.data, Limits.of(self._settings))
        self._engine = engine
        # The first query worker comes up while the application is being imported. This way round,
        # because the kernel ends the workers with the thread that started them.
        importing = threading.Thread(target=_import_application)
        importing.start()
        try:
            engine.start()
        except PolicykgError as error:  # the server starts all the same and says it is not healthy
            logging.getLogger(__name__).error("%s", error)
        importing.join()
        from server.app import create_app

        return create_app(self._settings, engine)

    def _started(self, worker: Any) -> None:
        if worker.age == 1:
            host = self._settings.host
            shown = f"[{host}]" if ":" in host else host
            with suppress(OSError):  # Nobody reads it: no reason not to serve.
                print(f"policykg listens on http://{shown}:{self._settings.port}/", flush=True)

    def _ended(self, arbiter: Any, worker: Any) -> None:
        if self._engine:
            self._engine.close()


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's parent process, which stops as gently at SIGINT as at SIGTERM."""

    def handle_int(self) -> None:
        self.handle_term()


def _import_application() -> None:
    with suppress(Exception):  # whoever imports it next is told
        import server.app  # noqa: F401
