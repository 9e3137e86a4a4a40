"""How much memory all running queries take together, and which of them has to go."""

import threading
import time
from typing import Final

_FRESH_SECONDS: Final = 0.5  # a query that runs is measured far more often


class SharedMemory:
    """The memory that all queries may take together, in bytes. Several threads may use one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._taken: dict[object, tuple[float, int]] = {}  # when it was measured, and how much

    def must_go(self, query: object, size: int) -> bool:
        """Take note that ``query`` has ``size`` bytes; return whether all have too much and it the
        most.
        """
        now = time.monotonic()
        with self._lock:
            self._taken[query] = (now, size)
            self._taken = {
                one: (when, taken)
                for one, (when, taken) in self._taken.items()
                if now - when < _FRESH_SECONDS
            }
            sizes = [taken for _, taken in self._taken.values()]
            if sum(sizes) <= self._limit or size < max(sizes):
                return False
            del self._taken[query]
            return True
