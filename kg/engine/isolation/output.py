"""Where a worker writes a result: into memory while it is small, into a file when it grows."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from typing import Final

from kg.engine.isolation.row_limit import RowLimit
from kg.errors import ResultTooLarge

HELD_BACK: Final = 128 << 10  # bytes of an answer that wait until it is sure or larger
_AT_ONCE: Final = 256 << 10  # bytes that are read again in one go


class Output:
    """Takes the bytes of a result.

    Up to ``inline`` bytes stay in memory; more go to the file ``descriptor``, about as many at a
    time. When the first bytes are there, ``spooling`` is called, and ``grown`` when there are more
    than ``steps`` bytes and then after twice as many again and again. Past ``limit`` bytes, or the
    limit of ``rows``, :class:`~kg.errors.ResultTooLarge` is raised.
    """

    def __init__(
        self,
        descriptor: int,
        inline: int,
        limit: int,
        spooling: Callable[[], None],
        grown: Callable[[], None],
        rows: RowLimit,
        steps: int = HELD_BACK,
    ) -> None:
        self._descriptor = descriptor
        self._inline = inline
        self._limit = limit
        self._spooling = spooling
        self._grown = grown
        self._rows = rows
        self._steps = steps
        self._next_step = steps
        self._memory: list[bytes] = []
        self._written = 0
        self.size = 0
        self.spooled = False

    def write(self, data: bytes) -> int:
        """Take all of ``data`` and return its length in bytes."""
        self.size += len(data)
        if self.size > self._limit:
            raise ResultTooLarge(
                f"The answer is larger than {self._limit} bytes",
                remedy="Ask for less, by LIMIT and OFFSET; the setting is POLICYKG_RESULT_MB.",
            )
        self._memory.append(data)
        if self.size - self._written > self._inline:
            self._write_out()
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever writes may think that it helps."""

    def finish(self) -> None:
        """Take note that the result is whole: if some went to the file, the rest does as well."""
        if self.spooled and self._memory:
            self._write_out()
        elif self.size > self._rows.limit > 0:  # each row takes a byte at least
            self._rows.check(self.inline(), self._before)

    def inline(self) -> bytes:
        """Return what is in memory; nothing if the result went to the file."""
        return b"".join(self._memory)

    def _write_out(self) -> None:
        data = b"".join(self._memory)
        self._rows.check(data, self._before)
        self._memory.clear()
        self._written += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]
        if not self.spooled:
            self.spooled = True
            self._spooling()
        elif self.size > self._next_step:
            self._next_step = self.size + 2 * self._steps
            self._grown()

    def _before(self) -> Iterator[bytes]:
        """Yield what is in the file."""
        offset = 0
        while data := os.pread(self._descriptor, _AT_ONCE, offset):
            offset += len(data)
            yield data
