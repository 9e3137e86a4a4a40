"""Queries that wait for a place, by client."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count


@dataclass(slots=True, eq=False)
class Ticket:
    """A query that waits; ``wake`` is called, in whatever thread, when it has a place."""

    client: str
    wake: Callable[[], None]
    admitted: bool = False
    number: int = 0  # tells who came first of those that wait


class Waiting:
    """The tickets that wait. Its user holds a lock."""

    def __init__(self) -> None:
        self._tickets: dict[str, deque[Ticket]] = {}  # by client, none of which has none
        self._count = 0
        self._numbers = count(1)

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def clients(self) -> list[str]:
        """Return the clients that wait."""
        return list(self._tickets)

    def of(self, client: str) -> int:
        """Return how many of ``client`` wait."""
        return len(self._tickets[client]) if client in self._tickets else 0

    def first(self, client: str) -> Ticket:
        """Return the ticket of ``client`` that waits longest. Raises ``KeyError`` without one."""
        return self._tickets[client][0]

    def add(self, ticket: Ticket) -> None:
        """Have ``ticket`` wait."""
        ticket.number = next(self._numbers)
        self._tickets.setdefault(ticket.client, deque()).append(ticket)
        self._count += 1

    def remove(self, ticket: Ticket) -> None:
        """Have ``ticket`` wait no longer."""
        tickets = self._tickets[ticket.client]
        tickets.remove(ticket)
        self._count -= 1
        if not tickets:
            del self._tickets[ticket.client]
