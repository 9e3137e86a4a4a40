"""Who may run next: fair shares of the workers, and an early no when there is no hope."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from kg.engine.isolation.limits import Limits
from kg.errors import ClientGone
from kg.errors import ServiceBusy
from kg.errors import TooManyQueries

LOOK_SECONDS: Final = 0.1  # how often a waiting query looks whether its client is still there
_MINUTE: Final = 60.0


class Admission:
    """Places for as many queries as there are workers.

    A free place goes to the client that holds the fewest, and among its equals to the one that
    waited longest. One client never gets the last place, if there is more than one.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._changed = threading.Condition()
        self._running: Counter[str] = Counter()
        self._waiting: list[tuple[str, object]] = []
        self._used: dict[str, tuple[float, float]] = {}  # seconds used, and when that was so

    def enter(self, client: str, abandoned: Callable[[], bool]) -> None:
        """Wait for a place for ``client``, and take it.

        Raises :class:`~kg.errors.TooManyQueries`, :class:`~kg.errors.ServiceBusy` at once if the
        queue is full or after ``queue_seconds``, and :class:`~kg.errors.ClientGone`.
        """
        ticket = object()
        with self._changed:
            self._refuse(client)
            self._waiting.append((client, ticket))
            try:
                self._wait(client, ticket, abandoned)
                self._running[client] += 1
            finally:
                self._waiting.remove((client, ticket))
                self._changed.notify_all()

    def leave(self, client: str, seconds: float) -> None:
        """Give the place of ``client`` back, which it used for ``seconds``."""
        with self._changed:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            now = time.monotonic()
            self._used[client] = (self._recently_used(client, now) + seconds, now)
            if len(self._used) > 10_000:
                self._forget(now)
            self._changed.notify_all()

    def counts(self) -> tuple[int, int]:
        """Return how many queries run and how many wait."""
        with self._changed:
            return self._running.total(), len(self._waiting)

    def _refuse(self, client: str) -> None:
        limits = self._limits
        of_client = self._running[client] + sum(1 for name, _ in self._waiting if name == client)
        if not self._running[client]:
            del self._running[client]
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
        if len(self._waiting) >= limits.queue_length:
            raise ServiceBusy(
                f"{len(self._waiting)} queries are waiting already (POLICYKG_QUEUE_LENGTH)",
                remedy="Try again in a few seconds.",
            )

    def _wait(self, client: str, ticket: object, abandoned: Callable[[], bool]) -> None:
        until = time.monotonic() + self._limits.queue_seconds
        while not self._is_next(client, ticket):
            self._changed.wait(LOOK_SECONDS)
            if abandoned():
                raise ClientGone("The client left while its query was waiting")
            if time.monotonic() >= until:
                raise ServiceBusy(
                    f"No worker became free in {self._limits.queue_seconds:g} seconds "
                    "(POLICYKG_QUEUE_SECONDS)",
                    remedy="Try again in a few seconds.",
                )

    def _is_next(self, client: str, ticket: object) -> bool:
        free = self._limits.workers - self._running.total()
        if free <= 0 or not self._may_have_more(client):
            return False
        candidates = [entry for entry in self._waiting if self._may_have_more(entry[0])]
        first = min(candidates, key=lambda entry: self._running.get(entry[0], 0))
        return first[1] is ticket

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
