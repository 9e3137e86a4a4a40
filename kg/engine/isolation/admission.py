"""Who may run next: fair shares of the workers, and an early no when there is no hope."""

import threading
import time
from collections.abc import Callable
from typing import Final

from kg.engine.isolation.limits import Limits
from kg.engine.isolation.refusals import left_while_waiting
from kg.engine.isolation.refusals import queue_is_full
from kg.engine.isolation.refusals import too_many_at_once
from kg.engine.isolation.refusals import used_too_much
from kg.engine.isolation.refusals import waited_too_long
from kg.engine.isolation.use import LONG_SECONDS
from kg.engine.isolation.use import Use
from kg.engine.isolation.waiting import Ticket
from kg.engine.isolation.waiting import Waiting

LOOK_SECONDS: Final = 0.1  # how often a waiting query looks whether its client is still there
_LIGHT_SECONDS: Final = 1.0  # of long queries that a client may have used to count as a light one
_LIGHT_SHARE: Final = 0.25  # or what it may have used of what the client has that used most
_YIELD_SECONDS: Final = 1.0  # that a query has in any case before it is ended for others
_TO_COME_SECONDS: Final = 1.0  # what a query that runs is taken to need beyond what it had
_PAUSE_SECONDS: Final = 0.2  # between one query that is ended for others and the next


class Admission:
    """Places for as many queries as there are workers.

    A free place goes to the client that has used least of late, and among its equals to the one
    that waited longest. One client never gets the last place, if there is more than one, and nor
    do all those together whose long queries took much of late. If all places are taken by long
    queries all the same, one of the client that used most is ended for a client that used little.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._use = Use()
        self._waiting = Waiting()
        self._next_yield = 0.0  # when a query may be ended for others

    def enter(self, client: str, abandoned: Callable[[], bool]) -> None:
        """Wait for a place for ``client``, and take it.

        Raises what :meth:`apply` does, :class:`~kg.errors.ServiceBusy` also after
        ``queue_seconds``, and :class:`~kg.errors.ClientGone`.
        """
        gate = threading.Lock()
        gate.acquire()
        ticket = self.apply(client, gate.release)
        if ticket.admitted:
            return
        try:
            self._wait(gate, abandoned)
        except BaseException:
            self.withdraw(ticket)
            raise

    def apply(self, client: str, wake: Callable[[], None]) -> Ticket:
        """Return a ticket for ``client``, whose ``wake`` is called when it has a place: perhaps at
        once, and within a lock.

        Raises :class:`~kg.errors.TooManyQueries`, and :class:`~kg.errors.ServiceBusy` if the queue
        is full, or so full that the rest of it is for others.
        """
        ticket = Ticket(client, wake)
        with self._lock:
            self._refuse(client)
            if not self._waiting and self._may_begin(client):
                self._begin(ticket)
                return ticket
            self._waiting.add(ticket)
            self._admit()
            if not ticket.admitted and not self._may_wait(client):
                self._waiting.remove(ticket)
                raise queue_is_full(len(self._waiting))
            return ticket

    def withdraw(self, ticket: Ticket) -> None:
        """Let ``ticket`` wait no longer; a place that it has been given meanwhile is given on."""
        with self._lock:
            if ticket.admitted:
                self._use.cancel(ticket.client)
            else:
                self._waiting.remove(ticket)
            self._admit()

    def leave(self, client: str, seconds: float) -> None:
        """Give the place of ``client`` back, which it used for ``seconds``."""
        with self._lock:
            self._use.end(client, seconds)
            self._admit()

    def must_yield(self, client: str, ran: float) -> bool:
        """Return whether the query of ``client`` that ran for so many seconds is to end, because
        one waits of a client that used little; this is said of one query at a time.
        """
        if not self._waiting or ran < _YIELD_SECONDS or not self._limits.yields:
            return False
        with self._lock:
            now = time.monotonic()
            if now < self._next_yield:
                return False
            needy = [one for one in self._waiting.clients() if self._is_needy(one)]
            if not needy or not self._is_taken_by_long_ones():
                return False
            of = {one: self._use.seconds(one) for one in self._use.clients()}
            most = max(of, key=lambda one: of[one])
            least = min(map(self._use.seconds, needy))
            if client != most or of[most] < least + _YIELD_SECONDS:
                return False
            self._next_yield = now + _PAUSE_SECONDS
            return True

    def is_light(self, client: str) -> bool:
        """Return whether long queries of ``client`` took little of late, or little beside those of
        others.
        """
        with self._lock:
            return self._is_light(client)

    def counts(self) -> tuple[int, int]:
        """Return how many queries run and how many wait."""
        with self._lock:
            return self._use.total, len(self._waiting)

    def _refuse(self, client: str) -> None:
        limits = self._limits
        of_client = self._use.running(client) + self._waiting.of(client)
        if of_client >= limits.client_queries:
            raise too_many_at_once(of_client, limits)
        if limits.client_query_seconds:
            used = self._use.ended_seconds(client)
            if used >= limits.client_query_seconds:
                raise used_too_much(used, limits)

    def _wait(self, gate: threading.Lock, abandoned: Callable[[], bool]) -> None:
        until = time.monotonic() + self._limits.queue_seconds
        while not gate.acquire(timeout=LOOK_SECONDS):
            if abandoned():
                raise left_while_waiting()
            if time.monotonic() >= until:
                raise waited_too_long(self._limits)

    def _admit(self) -> None:
        """Give free places to those who wait, and wake only them."""
        while self._waiting and self._use.total < self._limits.workers:
            candidates = [one for one in self._waiting.clients() if self._may_have_more(one)]
            if not candidates:
                return
            chosen = candidates[0] if len(candidates) == 1 else min(candidates, key=self._claim)
            ticket = self._waiting.first(chosen)
            self._waiting.remove(ticket)
            self._begin(ticket)

    def _begin(self, ticket: Ticket) -> None:
        self._use.begin(ticket.client)
        ticket.admitted = True
        ticket.wake()

    def _claim(self, client: str) -> tuple[float, int]:
        """Return by what clients are served in turn; the least comes first."""
        used = self._use.seconds(client) + _TO_COME_SECONDS * self._use.running(client)
        return used, self._waiting.first(client).number

    def _may_begin(self, client: str) -> bool:
        return self._use.total < self._limits.workers and self._may_have_more(client)

    def _may_have_more(self, client: str) -> bool:
        shared = max(1, self._limits.workers - 1)
        if self._use.running(client) >= shared:
            return False
        if self._is_light(client):
            return True
        of_others = sum(
            self._use.running(one) for one in self._use.clients() if not self._is_light(one)
        )
        return of_others < shared

    def _may_wait(self, client: str) -> bool:
        """Return whether the queue, ``client``'s last query in it, is as it may be.

        A client may fill a third of what others leave, so that there is room for yet others.
        """
        room = self._limits.queue_length - len(self._waiting)
        of_client = self._waiting.of(client)
        return room >= 0 and (of_client == 1 or of_client <= 1 + room // 2)

    def _is_light(self, client: str) -> bool:
        used = self._use.long_seconds(client)
        if used < _LIGHT_SECONDS:
            return True
        # On a machine that is busy with others, short queries take long as well.
        most = max(map(self._use.long_seconds, self._use.clients()), default=0.0)
        return used < _LIGHT_SHARE * most

    def _is_needy(self, client: str) -> bool:
        return self._is_light(client) and not self._use.running(client)

    def _is_taken_by_long_ones(self) -> bool:
        return self._use.total >= self._limits.workers and self._use.shortest() >= LONG_SECONDS
