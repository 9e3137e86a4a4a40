"""How long requests took: counted where they are answered, added up when somebody asks.

A lookup from the cache takes some fifty microseconds. So that counting costs nothing beside that,
each thread counts for itself, and none waits for another.
"""

import threading
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from typing import TypeAlias

# Seconds; the first ones tell lookups from one another, the last ones are the limits of queries.
BOUNDS: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1),
    *(0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
_CLASSES: Final = len(BOUNDS) + 1  # the last one is for what took longer than all bounds

Key: TypeAlias = tuple[str, int]
_Counts: TypeAlias = dict[Key, list[float]]

_MINE: Final = threading.local()
_ALL: Final[list[_Counts]] = []


@dataclass(frozen=True, slots=True)
class Times:
    """How many requests took no longer than each of the bounds and more than the one before, the
    last number being of those that took longer than all; and the seconds of all together.
    """

    counts: tuple[int, ...]
    seconds: float


def count(route: str, status: int, seconds: float) -> None:
    """Count a request to ``route`` that was answered with ``status`` after so many seconds."""
    try:
        mine: _Counts = _MINE.counts
    except AttributeError:
        mine = _MINE.counts = {}
        _ALL.append(mine)  # which keeps what a thread counted that has ended
    counts = mine.get((route, status))
    if counts is None:
        counts = mine[route, status] = [0.0] * (_CLASSES + 1)
    counts[bisect_left(BOUNDS, seconds)] += 1
    counts[_CLASSES] += seconds


def times() -> Mapping[Key, Times]:
    """Return what has been counted since the process began, by route and status."""
    total: _Counts = {}
    for one in list(_ALL):
        for key, counts in one.copy().items():
            so_far = total.get(key)
            total[key] = [a + b for a, b in zip(so_far or [0.0] * len(counts), counts, strict=True)]
    return {
        key: Times(tuple(map(int, counts[:_CLASSES])), counts[_CLASSES])
        for key, counts in total.items()
    }
