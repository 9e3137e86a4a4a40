"""Where a worker writes a result: into memory while it is small, into a file when it grows."""

import os
from collections.abc import Callable
from collections.abc import Mapping
from typing import IO
from typing import Any
from typing import Final
from typing import cast

from kg.engine.isolation.rows import CountedRows
from kg.errors import ResultTooLarge

HELD_BACK: Final = 128 << 10  # bytes of an answer that wait until it is sure or larger


class RowLimit:
    """Refuses results of more than ``limit`` rows or statements; 0 sets no limit.

    ``head`` says what the result is and in which format, once it has begun.
    """

    def __init__(self, limit: int, head: Mapping[str, Any]) -> None:
        self.limit = limit
        self._head = head
        self._counted: CountedRows | None = None

    def check(self, data: bytes | bytearray) -> None:
        """Take the next piece of the result; raises :class:`~kg.errors.ResultTooLarge`."""
        if not self.limit:
            return
        if self._counted is None:
            self._counted = CountedRows(cast(IO[bytes], _Nowhere()), self._head, self.limit)
        self._counted.write(data)


class _Nowhere:
    """Takes what was counted."""

    def write(self, data: bytes) -> int:
        return len(data)


class Output:
    """Takes the bytes of a result.

    Up to ``inline`` bytes stay in memory; more go to the file ``descriptor``, about as many at a
    time. When the first bytes are there, ``spooling`` is called, and ``grown`` when there are more
    than ``steps`` bytes and then after as many again. Past ``limit`` bytes, or the limit of
    ``rows``, :class:`~kg.errors.ResultTooLarge` is raised.
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
        self._told = 0  # bytes of which the other side was told
        self._memory = bytearray()
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
        self._memory += data
        if len(self._memory) > self._inline:
            self._write_out()
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever writes may think that it helps."""

    def finish(self) -> None:
        """Take note that the result is whole: if some went to the file, the rest does as well."""
        if self.spooled and self._memory:
            self._write_out()
        elif self.size > self._rows.limit > 0:  # each row takes a byte at least
            self._rows.check(self._memory)

    def _write_out(self) -> None:
        self._rows.check(self._memory)
        view = memoryview(self._memory)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._memory = bytearray()
        if not self.spooled:
            self.spooled = True
            self._spooling()
        elif self.size - self._told > self._steps:
            self._told = self.size
            self._grown()

    def inline(self) -> bytes:
        """Return what is in memory; nothing if the result went to the file."""
        return bytes(self._memory)
