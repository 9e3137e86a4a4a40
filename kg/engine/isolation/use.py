"""What each client has used of late, so that whoever used little goes first."""

import math
import time
from collections import defaultdict
from typing import Final

LONG_SECONDS: Final = 0.5  # what a query takes that others notice
_MINUTE: Final = 60.0
_MOST_CLIENTS: Final = 10_000


class Use:
    """Seconds of queries by client, those that run included. Its user holds a lock.

    A minute after it was used, a second counts for a third. Queries are told apart by when they
    began, and those of one client need not be told apart.
    """

    def __init__(self) -> None:
        self._ended: dict[str, tuple[float, float, float]] = {}  # all, long ones, when that was so
        self._running: defaultdict[str, list[float]] = defaultdict(list)  # when they began

    def running(self, client: str) -> int:
        """Return how many queries of ``client`` run."""
        return len(self._running[client]) if client in self._running else 0

    def clients(self) -> list[str]:
        """Return the clients of which queries run."""
        return list(self._running)

    def total(self) -> int:
        """Return how many queries run."""
        return sum(map(len, self._running.values()))

    def begin(self, client: str) -> None:
        """Take note that a query of ``client`` begins."""
        self._running[client].append(time.monotonic())

    def cancel(self, client: str) -> None:
        """Take note that the query of ``client`` that began last will not run after all."""
        self._forget(client, -1)

    def end(self, client: str, seconds: float) -> None:
        """Take note that a query of ``client`` has ended that ran for ``seconds``."""
        now = time.monotonic()
        began = self._running[client]
        self._forget(client, min(range(len(began)), key=lambda n: abs(now - seconds - began[n])))
        used, long, since = self._ended.get(client, (0.0, 0.0, now))
        left = math.exp((since - now) / _MINUTE)
        self._ended[client] = (
            used * left + seconds,
            long * left + (seconds if seconds > LONG_SECONDS else 0.0),
            now,
        )
        if len(self._ended) > _MOST_CLIENTS:
            # Those that used least are least missed.
            most = sorted(self._ended, key=lambda one: self._ended[one][0], reverse=True)
            self._ended = {one: self._ended[one] for one in most[: _MOST_CLIENTS // 2]}

    def seconds(self, client: str) -> float:
        """Return what ``client`` has used of late."""
        return self._sum(client, 0, 0.0)

    def long_seconds(self, client: str) -> float:
        """Return what long queries of ``client`` have used of late."""
        return self._sum(client, 1, LONG_SECONDS)

    def shortest(self) -> float:
        """Return for how many seconds the query runs that began last."""
        return time.monotonic() - max(map(max, self._running.values()), default=0.0)

    def _sum(self, client: str, kind: int, least: float) -> float:
        now = time.monotonic()
        ended = self._ended.get(client)
        before = ended[kind] * math.exp((ended[2] - now) / _MINUTE) if ended else 0.0
        ran = (now - began for began in self._running.get(client, ()))
        return before + sum(seconds for seconds in ran if seconds >= least)

    def _forget(self, client: str, place: int) -> None:
        del self._running[client][place]
        if not self._running[client]:
            del self._running[client]
