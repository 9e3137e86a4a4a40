"""Who may run next: fair shares of the workers, and an early no when there is no hope."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Final

from kg.engine.isolation.limits import Limits
from kg.errors import ClientGone
from kg.errors import ServiceBusy
from kg.errors import TooManyQueries

LOOK_SECONDS: Final = 0.1  # how often a waiting query looks whether its client is still there
_MINUTE: Final = 60.0


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Ticket:
    """A query that waits; its gate opens when it has a place."""

    client: str
    gate: threading.Lock = field(default_factory=_closed)
    admitted: bool = False


class Admission:
    """Places for as many queries as there are workers.

    A free place goes to the client that holds the fewest, and among its equals to the one that
    waited longest. One client never gets the last place, if there is more than one.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._waiting: list[_Ticket] = []
        self._used: dict[str, tuple[float, float]] = {}  # seconds used, and when that was so

    def enter(self, client: str, abandoned: Callable[[], bool]) -> None:
        """Wait for a place for ``client``, and take it.

        Raises :class:`~kg.errors.TooManyQueries`, :class:`~kg.errors.ServiceBusy` at once if the
        queue is full or after ``queue_seconds``, and :class:`~kg.errors.ClientGone`.
        """
        with self._lock:
            self._refuse(client)
            ticket = _Ticket(client)
            self._waiting.append(ticket)
            self._admit()
            if ticket.admitted:
                return
            if len(self._waiting) > self._limits.queue_length:
                self._waiting.remove(ticket)
                raise ServiceBusy(
                    f"{len(self._waiting)} queries are waiting already (POLICYKG_QUEUE_LENGTH)",
                    remedy="Try again in a few seconds.",
                )
        try:
            self._wait(ticket, abandoned)
        except BaseException:
            with self._lock:
                if ticket.admitted:  # between the last look and now
                    self._give_back(client)
                else:
                    self._waiting.remove(ticket)
                self._admit()
            raise

    def leave(self, client: str, seconds: float) -> None:
        """Give the place of ``client`` back, which it used for ``seconds``."""
        with self._lock:
            self._give_back(client)
            now = time.monotonic()
            self._used[client] = (self._recently_used(client, now) + seconds, now)
            if len(self._used) > 10_000:
                self._forget(now)
            self._admit()

    def counts(self) -> tuple[int, int]:
        """Return how many queries run and how many wait."""
        with self._lock:
            return self._running.total(), len(self._waiting)

    def _refuse(self, client: str) -> None:
        limits = self._limits
        waiting = sum(1 for ticket in self._waiting if ticket.client == client)
        of_client = self._running.get(client, 0) + waiting
        if of_client >= limits.client_queries:
            raise TooManyQueries(
                f"You have {of_client} queries under way, and a client may have "
                f"{limits.client_queries} (POLICYKG_CLIENT_QUERIES)",
                remedy="Wait for one of them to end.",
            )
        used = self._recently_used(client, time.monotonic())
        if limits.client_query_seconds and used >= limits.client_query_seconds:
            error = TooManyQueries(
                f"Your queries took {used:.0f} seconds of late, and a client may take "
                f"{limits.client_query_seconds:g} in a minute (POLICYKG_CLIENT_QUERY_SECONDS)",
                remedy="Wait a little, and ask lighter queries.",
            )
            rate = limits.client_query_seconds / _MINUTE
            error.retry_after = 1 + int((used - limits.client_query_seconds) / rate)
            raise error

    def _wait(self, ticket: _Ticket, abandoned: Callable[[], bool]) -> None:
        until = time.monotonic() + self._limits.queue_seconds
        while not ticket.gate.acquire(timeout=LOOK_SECONDS):
            if abandoned():
                raise ClientGone("The client left while its query was waiting")
            if time.monotonic() >= until:
                raise ServiceBusy(
                    f"No worker became free in {self._limits.queue_seconds:g} seconds "
                    "(POLICYKG_QUEUE_SECONDS)",
                    remedy="Try again in a few seconds.",
                )

    def _admit(self) -> None:
        """Give free places to those who wait, and wake only them."""
        while self._waiting and self._running.total() < self._limits.workers:
            candidates = [ticket for ticket in self._waiting if self._may_have_more(ticket.client)]
            if not candidates:
                return
            first = min(candidates, key=lambda ticket: self._running.get(ticket.client, 0))
            self._waiting.remove(first)
            self._running[first.client] += 1
            first.admitted = True
            first.gate.release()

    def _give_back(self, client: str) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def _may_have_more(self, client: str) -> bool:
        workers = self._limits.workers
        return self._running.get(client, 0) < max(1, workers - 1)

    def _recently_used(self, client: str, now: float) -> float:
        """Return the seconds that ``client`` used, less what a minute lets it have back."""
        used, since = self._used.get(client, (0.0, now))
        rate = self._limits.client_query_seconds / _MINUTE
        return max(0.0, used - (now - since) * rate)

    def _forget(self, now: float) -> None:
        self._used = {
            client: (used, since)
            for client, (used, since) in self._used.items()
            if self._recently_used(client, now) > 0
        }
