"""What a query, a client and the pool may take."""

from dataclasses import dataclass
from typing import Self

from kg.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a pool; see the settings of the same names."""

    query_seconds: float = 10
    query_memory: int = 1 << 30  # bytes
    memory: int = 1280 << 20  # bytes for all queries together
    result: int = 1 << 28  # bytes
    workers: int = 4
    queue_length: int = 32
    queue_seconds: float = 10
    client_queries: int = 8
    client_query_seconds: float = 60  # to be used in a minute; 0: no limit
    update_seconds: float = 60
    cache: int = 0  # bytes of answers that are kept

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that ``settings`` lay down."""
        return cls(
            query_seconds=settings.query_seconds,
            query_memory=settings.query_memory_mb << 20,
            memory=settings.memory_mb << 20,
            result=settings.result_mb << 20,
            workers=settings.workers,
            queue_length=settings.queue_length,
            queue_seconds=settings.queue_seconds,
            client_queries=settings.client_queries,
            client_query_seconds=settings.client_query_seconds,
            update_seconds=settings.update_seconds,
            cache=settings.cache_mb << 20,
        )
