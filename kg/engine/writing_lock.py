"""One writer at a time, also between processes."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kg.errors import StoreBusy

_LOOK_SECONDS: Final = 0.01


@contextmanager
def writing_lock(data: Path, wait: float) -> Iterator[None]:
    """Hold the lock of the folder ``data``, for which writers wait up to ``wait`` seconds.

    Raises :class:`~kg.errors.StoreBusy` if another process holds it that long.
    """
    with (data / ".writer").open("w") as lock:
        until = time.monotonic() + wait
        while not _locked(lock.fileno()):
            if time.monotonic() >= until:
                raise StoreBusy(
                    "Another process is writing to the data folder",
                    where=str(data),
                    remedy="Wait until it has finished, or give another folder with --data.",
                )
            time.sleep(_LOOK_SECONDS)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
