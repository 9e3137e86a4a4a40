"""Answering before everything is imported: the protocols first, the pages a moment later.

Most of what the application imports is for pages. A server that has just been started, by a
script or after a failure, should not make a query wait for that.
"""

import gc
import threading
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from typing import Final

from flask import Flask

PROTOCOLS: Final = frozenset(("/sparql", "/update", "/store"))
_MOMENT: Final = 0.5  # seconds, in which a first query is answered undisturbed


class Starting:
    """A WSGI application that is ``first`` until the one that ``make_whole`` makes is ready."""

    def __init__(self, first: Flask, make_whole: Callable[[], Flask]) -> None:
        self._first = first
        self._make_whole = make_whole
        self._whole: Flask | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Make the whole application in a moment, if nobody asks for it before."""
        timer = threading.Timer(_MOMENT, self.whole)
        timer.daemon = True
        timer.start()

    def whole(self) -> Flask:
        """Return the whole application, made now if need be."""
        with self._lock:
            if self._whole is None:
                self._whole = self._make_whole()
                gc.freeze()  # no collection of garbage need look through all that
            return self._whole

    def replace(self, make_whole: Callable[[], Flask]) -> None:
        """Answer by the application that ``make_whole`` makes from now on.

        What the one before has begun it goes on with.
        """
        with self._lock:
            self._whole = make_whole()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer the request (PEP 3333)."""
        app = self._whole
        if app is None:
            quick = environ.get("PATH_INFO") in PROTOCOLS
            # Pages, errors for people among them, need what is not there yet.
            wanted = environ.get("HTTP_ACCEPT", "") + environ.get("QUERY_STRING", "")
            quick = quick and "html" not in wanted
            app = self._first if quick else self.whole()
        return app(environ, start_response)
