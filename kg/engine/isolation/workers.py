"""The workers of a pool: those that are idle, and how new ones come up."""

import os
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from kg.engine.isolation.limits import Limits
from kg.engine.isolation.process import Worker
from kg.engine.isolation.process import Zygote
from kg.engine.isolation.run import Run
from kg.errors import PolicykgError

_KEPT_MEMORY: Final = 96 << 20  # bytes that a worker may have to be used again
_BRIEF_SECONDS: Final = 0.05  # a query that took no longer has hardly grown its worker


class Workers:
    """Workers for one query each at a time; several threads may use one object."""

    def __init__(self, zygote: Zygote, limits: Limits, union: bool) -> None:
        self._zygote = zygote
        self._limits = limits
        self._union = union
        self._idle: list[tuple[Path, Worker]] = []
        self._lock = threading.Lock()
        self._preparing = False
        self._stopped = False

    def count_idle(self) -> int:
        """Return how many are idle."""
        return len(self._idle)

    def start(self, store: Path) -> None:
        """Have a worker for ``store`` ready ahead of a query."""
        self.keep(store, self.new(store))

    def keep(self, store: Path, worker: Worker) -> None:
        """Take ``worker``, which is idle and serves ``store``, for a later query."""
        with self._lock:
            if not self._stopped and len(self._idle) < self._limits.workers:
                self._idle.append((store, worker))
                return
        worker.kill()

    def idle(self, store: Path) -> Worker | None:
        """Return a worker for ``store`` that is idle, if there is one; those of others end."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                opened, worker = self._idle.pop()
            if (opened is store or opened == store) and not worker.demoted:
                return worker
            worker.kill()  # it serves an older version

    def new(self, store: Path, services: Sequence[str] = ()) -> Worker:
        """Return a new worker, which takes some milliseconds.

        Raises :class:`~kg.errors.StoreError` if it cannot open the store.
        """
        order = {
            "store": str(store),
            "memory": self._limits.query_memory,
            "union": self._union,
            "services": services,
        }
        return self._zygote.worker("reader", order)

    def prepare(self, store: Path) -> None:
        """Have a worker come up in the background if none is idle, so that nobody waits for it."""
        with self._lock:
            if self._idle or self._preparing or self._stopped:
                return
            self._preparing = True
        threading.Thread(target=self._prepare, args=(store,), daemon=True).start()

    def give_back(self, run: Run) -> None:
        """Take back the worker of ``run``, which has ended; one that others suffered by ends."""
        # A worker that was demoted cannot be promoted again, and memory is seldom given back.
        grown = time.monotonic() - run.began > _BRIEF_SECONDS and (
            run.worker.memory() > _KEPT_MEMORY
        )
        if run.worker.demoted or run.once or grown:
            run.worker.kill()
        else:
            self.keep(run.store, run.worker)

    def stop(self) -> None:
        """Kill those that are idle, and all that come back."""
        with self._lock:
            self._stopped = True
            for _, worker in self._idle:
                worker.kill()
            self._idle.clear()

    def _prepare(self, store: Path) -> None:
        try:
            with suppress(PolicykgError):  # whoever needs one is told
                self.start(store)
        finally:
            self._preparing = False


def ask(worker: Worker, order: bytes, text: bytes) -> bool:
    """Send a query to ``worker``, with a file for a large result if it has none; return whether it
    could be sent.
    """
    new: tuple[int, ...] = ()
    if worker.spool < 0:
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        worker.spool = os.open(tempfile.gettempdir(), flags, 0o600)
        new = (worker.spool,)
    return worker.ask_encoded(order, text, new)
