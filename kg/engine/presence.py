"""Whether other servers serve the same data folder: a lock that all of them hold together."""

import fcntl
import os
from pathlib import Path
from typing import Final

_FILE: Final = ".servers"


class Presence:
    """That a server serves the folder ``data``, from when it is made until it is closed.

    The lock goes with the process, however that ends. ``others`` says whether another server was
    there before; where the folder cannot be written to, nobody can tell, and it is false.
    """

    def __init__(self, data: Path) -> None:
        self.others = False
        self._descriptor = _opened(data / _FILE)
        if self._descriptor >= 0:
            self.others = not self._lock(fcntl.LOCK_EX)
            # Whoever comes later is not to be kept out, only to see that somebody is here.
            self._lock(fcntl.LOCK_SH)

    def close(self) -> None:
        """Be there no more."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _lock(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _opened(path: Path) -> int:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(path, flags | os.O_CLOEXEC, 0o644)
        except OSError:
            continue
    return -1
