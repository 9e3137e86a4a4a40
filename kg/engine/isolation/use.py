"""What each client has used of late, so that whoever used little goes first."""

import math
import time
from typing import Final

LONG_SECONDS: Final = 0.5  # what a query takes that others notice
MINUTE: Final = 60.0
_MOST_CLIENTS: Final = 10_000


class Use:
    """Seconds of queries by client, those that run included. Its user holds a lock.

    A minute after it was used, a second counts for a third. So whoever uses as many seconds in each
    minute as a minute has is counted as many. Queries are told apart by when they began, and those
    of one client need not be told apart.
    """

    def __init__(self) -> None:
        self._ended: dict[str, tuple[float, float, float]] = {}  # all, long ones, when that was so
        self._running: dict[str, list[float]] = {}  # when they began
        self.total = 0  # queries that run

    def running(self, client: str) -> int:
        """Return how many queries of ``client`` run."""
        began = self._running.get(client)
        return len(began) if began else 0

    def clients(self) -> list[str]:
        """Return the clients of which queries run."""
        return list(self._running)

    def begin(self, client: str) -> None:
        """Take note that a query of ``client`` begins."""
        self._running.setdefault(client, []).append(time.monotonic())
        self.total += 1

    def cancel(self, client: str) -> None:
        """Take note that the query of ``client`` that began last will not run after all."""
        self._forget(client, -1)

    def end(self, client: str, seconds: float) -> None:
        """Take note that a query of ``client`` has ended that ran for ``seconds``."""
        now = time.monotonic()
        began = self._running[client]
        place = 0
        if len(began) > 1:
            place = min(range(len(began)), key=lambda n: abs(now - seconds - began[n]))
        self._forget(client, place)
        used, long, since = self._ended.get(client, (0.0, 0.0, now))
        left = math.exp((since - now) / MINUTE)
        used, long = used * left + seconds, long * left
        self._ended[client] = (used, long + seconds if seconds > LONG_SECONDS else long, now)
        if len(self._ended) > _MOST_CLIENTS:
            # Those that used least are least missed.
            most = sorted(self._ended, key=lambda one: self._ended[one][0], reverse=True)
            self._ended = {one: self._ended[one] for one in most[: _MOST_CLIENTS // 2]}

    def ended_seconds(self, client: str) -> float:
        """Return what those queries of ``client`` have used of late that have ended."""
        return self._left(client, 0, time.monotonic())

    def seconds(self, client: str) -> float:
        """Return what ``client`` has used of late."""
        now = time.monotonic()
        return self._left(client, 0, now) + sum(now - one for one in self._running.get(client, ()))

    def long_seconds(self, client: str) -> float:
        """Return what long queries of ``client`` have used of late."""
        now = time.monotonic()
        used = self._left(client, 1, now)
        for began in self._running.get(client, ()):
            if now - began >= LONG_SECONDS:
                used += now - began
        return used

    def shortest(self) -> float:
        """Return for how many seconds the query runs that began last."""
        return time.monotonic() - max(map(max, self._running.values()), default=0.0)

    def _left(self, client: str, kind: int, now: float) -> float:
        ended = self._ended.get(client)
        if ended is None or not ended[kind]:
            return 0.0
        return ended[kind] * math.exp((ended[2] - now) / MINUTE)

    def _forget(self, client: str, place: int) -> None:
        began = self._running[client]
        del began[place]
        if not began:
            del self._running[client]
        self.total -= 1
