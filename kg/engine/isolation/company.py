"""Whether a query that takes long is alone, or holds up what others ask."""

import time
from typing import Final

_SECONDS: Final = 1.0  # for which a query that begins counts as company


class Company:
    """When queries began last; its users are several threads, to whom a glance is enough."""

    def __init__(self) -> None:
        self._last = ("", 0.0)
        self._other = 0.0  # when one of another client than the last began

    def begun(self, client: str) -> None:
        """Take note that a query of ``client`` begins."""
        before, when = self._last
        if before != client:
            self._other = when
        self._last = (client, time.monotonic())

    def is_there(self, client: str, since: float) -> bool:
        """Return whether another client than ``client`` has begun a query after ``since``, not long
        ago.
        """
        last, when = self._last
        began = self._other if last == client else when
        return began > since and time.monotonic() - began < _SECONDS
