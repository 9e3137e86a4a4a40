"""How many rows or statements an answer may have."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from kg.engine.isolation.rows import Counter
from kg.engine.isolation.rows import at_most
from kg.engine.isolation.rows import counter
from kg.errors import ResultTooLarge


class RowLimit:
    """Refuses results of more than ``limit`` rows or statements; 0 sets no limit.

    ``head`` says what the result is and in which format, once it has begun. To count takes a
    twentieth of the time of a result, so that it is done only when there may be too many.
    """

    def __init__(self, limit: int, head: Mapping[str, Any]) -> None:
        self.limit = limit
        self._head = head
        self._at_most = 0
        self._counter: Counter | None = None

    def check(self, data: bytes, before: Callable[[], Iterable[bytes]]) -> None:
        """Take the next piece of the result; ``before`` returns all pieces that came before it.

        Raises :class:`~kg.errors.ResultTooLarge`.
        """
        if not self.limit or self._head["form"] == "boolean":
            return
        if self._counter is None:
            self._at_most += at_most(self._head["media_type"], data)
            if self._at_most <= self.limit:
                return
            self._counter = counter(self._head["media_type"])
            for piece in before():
                self._count(self._counter, piece)
        self._count(self._counter, data)

    def _count(self, counted: Counter, data: bytes) -> None:
        if counted.add(data) > self.limit:
            what = "statements" if self._head["form"] == "graph" else "rows"
            raise ResultTooLarge(
                f"The answer has more than {self.limit} {what}",
                remedy="Ask for less, by LIMIT and OFFSET; the setting is POLICYKG_RESULT_ROWS.",
            )
