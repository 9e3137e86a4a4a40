"""Whether a query that takes long is alone, or holds up what others ask."""

import time
from typing import Final

from kg.engine.isolation.run import Run

_SECONDS: Final = 1.0  # for which a query that begins counts as company


class Company:
    """When queries began last; its users are several threads, to whom a glance is enough."""

    def __init__(self) -> None:
        self._last = ("", 0.0)
        self._other = 0.0  # when one of another client than the last began
        self._alone: list[tuple[str, Run]] = []  # by client, what would be in the way of others

    def begun(self, client: str) -> None:
        """Take note that a query of ``client`` begins; what is in its way gives way at once."""
        before, when = self._last
        if before != client:
            self._other = when
        self._last = (client, time.monotonic())
        if self._alone:
            alone, self._alone = self._alone, []
            for whose, run in alone:
                if whose == client:
                    self._alone.append((whose, run))
                else:
                    run.give_way()

    def is_there(self, client: str, since: float) -> bool:
        """Return whether another client than ``client`` has begun a query after ``since``, not long
        ago.
        """
        last, when = self._last
        began = self._other if last == client else when
        return began > since and time.monotonic() - began < _SECONDS

    def expect(self, client: str, run: Run) -> None:
        """Have ``run`` give way as soon as another than ``client`` begins a query."""
        self._alone = [(whose, one) for whose, one in self._alone if not one.ended]
        self._alone.append((client, run))
