"""A query that is run by events, from its place in the queue to its end."""

import time
from collections.abc import Callable
from pathlib import Path

from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.run import Run
from kg.engine.isolation.waiting import Ticket
from kg.errors import PolicykgError


class Job:
    """A query that is run by events: it has ended when :attr:`run` has or :attr:`error` is set."""

    __slots__ = (
        *("store", "query", "formats", "caller", "changed", "began", "entered", "run", "error"),
        *("ticket", "watched", "done"),
    )

    def __init__(
        self,
        store: Path,
        query: Query,
        formats: Formats,
        caller: Caller,
        changed: Callable[["Job"], None],
    ) -> None:
        self.store = store
        self.query = query
        self.formats = formats
        self.caller = caller
        self.changed = changed
        self.began = self.entered = time.monotonic()  # to wait; to have a place
        self.run: Run | None = None
        self.error: PolicykgError | None = None
        self.ticket: Ticket | None = None
        self.watched = -1  # the descriptor of the worker, while it is watched
        self.done = False  # whether it has let go of its place
