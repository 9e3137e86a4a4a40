"""Where a worker writes a result: into memory while it is small, into a file when it grows."""

import io
import os
from collections.abc import Callable

from kg.errors import ResultTooLarge


class Output(io.RawIOBase):
    """Takes the bytes of a result.

    Up to ``inline`` bytes stay in memory; more go to the file ``descriptor``, and ``spooling`` is
    called once before the first of them is written. Past ``limit`` bytes,
    :class:`~kg.errors.ResultTooLarge` is raised.
    """

    def __init__(
        self, descriptor: int, inline: int, limit: int, spooling: Callable[[], None]
    ) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._inline = inline
        self._limit = limit
        self._spooling = spooling
        self._memory = bytearray()
        self.size = 0
        self.spooled = False

    def writable(self) -> bool:
        """Return ``True``."""
        return True

    def write(self, data: object) -> int:
        """Take all of ``data`` and return its length in bytes."""
        view = memoryview(data)  # type: ignore[arg-type]
        self.size += view.nbytes
        if self.size > self._limit:
            raise ResultTooLarge(
                f"The answer is larger than {self._limit} bytes",
                remedy="Ask for less, by LIMIT and OFFSET; the setting is POLICYKG_RESULT_MB.",
            )
        if not self.spooled and self.size > self._inline:
            self._spooling()
            self.spooled = True
            _write_all(self._descriptor, self._memory)
            self._memory.clear()
        if self.spooled:
            _write_all(self._descriptor, view)
        else:
            self._memory += view
        return view.nbytes

    def inline(self) -> bytes:
        """Return what is in memory; nothing if the result went to the file."""
        return bytes(self._memory)


def _write_all(descriptor: int, data: bytearray | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
