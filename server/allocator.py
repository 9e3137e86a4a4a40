"""Settings of the C library's memory, so that a server that was busy gives its memory back."""

import ctypes
from contextlib import suppress
from typing import Final

# Parameters of mallopt(), from glibc's malloc.h.
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
_LARGE: Final = 128 << 10  # bytes


def give_memory_back() -> None:
    """Let large pieces go back to the system when they are freed, and threads share their memory.

    Left to itself glibc keeps an arena for each thread and, after a few large requests, keeps ever
    larger pieces: half a gigabyte after some minutes of a soak. Other C libraries are left alone.
    """
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 2)
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)
