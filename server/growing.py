"""Sending an answer while it grows: straight from the file that a worker writes it to."""

import os
import socket
from typing import Any
from typing import Final

from kg.engine.isolation.run import Run

_AT_ONCE: Final = 256 << 10  # bytes for one connection before others have their turn
_CHUNK: Final = 128 << 10


class Growing:
    """An answer in chunked transfer (RFC 9112, section 7.1), which ends only if the query did well.

    Memory does not grow with the answer, and a slow reader costs nothing but the file.
    """

    def __init__(self, connection: socket.socket, run: Run, head: bytes) -> None:
        self._connection: Any = connection
        self._run = run
        self._unsent = head  # of the head, or of what stands around chunks
        self._offset = 0  # in the file
        self._left = 0  # bytes of the current chunk
        self._size = run.size()
        self._last = False
        self.done = False

    def grow(self) -> None:
        """Take note that there is more of the answer, or that it has ended."""
        self._size = self._run.size()

    def waits_for_client(self) -> bool:
        """Return whether there is something to send."""
        return bool(self._unsent or self._left or self._size > self._offset)

    def send(self) -> bool:
        """Send what the client takes now, but not too much at once; return whether it took any.

        Raises ``OSError`` if it has gone.
        """
        sent = 0
        while sent < _AT_ONCE and not self.done:
            try:
                count = self._send_some()
            except BlockingIOError:
                break
            if count < 0:
                break
            sent += count
        return sent > 0

    def close(self) -> None:
        """Let go of the answer."""
        self._run.close()

    def _send_some(self) -> int:
        """Return how many bytes were sent; -1 if there are none to send by now."""
        if self._unsent:
            more = socket.MSG_MORE if self._left else 0
            count = int(self._connection.send(self._unsent, more))
            self._unsent = self._unsent[count:]
            return count
        if self._left:
            count = os.sendfile(
                self._connection.fileno(), self._run.spool, self._offset, self._left
            )
            if not count:
                raise OSError("the answer is shorter than it was")
            self._offset += count
            self._left -= count
            if not self._left:
                self._unsent = b"\r\n"
            return count
        available = self._size - self._offset
        if available:
            self._left = min(available, _CHUNK)
            self._unsent = b"%X\r\n" % self._left
            return 0
        if not self._run.ended:
            return -1
        if self._last:
            self.done = True
            return 0
        self._last = True
        self._unsent = b"0\r\n\r\n"
        return 0
