"""What an engine tells of itself to those who watch over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Final
from typing import Protocol
from typing import runtime_checkable

# What a query can be ended by: its own time, memory and size, the memory of all together, others
# who had used less, and a client that left.
LIMITS: Final = ("time", "memory", "size", "shared_memory", "others", "client")


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """How busy the workers called ``name`` are.

    ``places`` queries may run at once; ``running`` do and ``waiting`` wait. ``idle`` workers are
    ready. ``ended`` counts the queries that were ended early, by what ended them (:data:`LIMITS`).
    """

    name: str
    places: int
    running: int
    waiting: int
    idle: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CacheFigures:
    """What the cache called ``name`` holds, in bytes and entries, and how often it could answer."""

    name: str
    hits: int
    misses: int
    size: int
    entries: int
    limit: int


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """The figures of an engine at one moment."""

    pools: tuple[PoolFigures, ...]
    caches: tuple[CacheFigures, ...]


@runtime_checkable
class Measured(Protocol):
    """An engine that has figures."""

    def figures(self) -> EngineFigures:
        """Return how busy the engine is; it costs little and asks nothing of the engine."""
        ...
