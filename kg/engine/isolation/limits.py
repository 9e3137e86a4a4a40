"""What a query, a client and the pool may take."""

from dataclasses import dataclass
from dataclasses import replace
from typing import Self

from kg.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a pool; see the settings of the same names."""

    query_seconds: float = 10
    query_memory: int = 1 << 30  # bytes
    memory: int = 1280 << 20  # bytes for all queries together
    result: int = 1 << 28  # bytes
    rows: int = 0  # or statements, of an answer; 0: no limit
    workers: int = 4
    queue_length: int = 32
    queue_seconds: float = 10
    client_queries: int = 8
    client_query_seconds: float = 60  # to be used in a minute; 0: no limit
    update_seconds: float = 60
    service_seconds: float = 10  # of a query with SERVICE
    load_seconds: float = 10
    upload: int = 64 << 20  # bytes of a request, and of what an update loads
    yields: bool = True  # whether a long query is ended for others when all workers are taken
    page_workers: int = 2
    page_query_seconds: float = 10
    cache: int = 0  # bytes of answers that are kept

    def of_pages(self) -> Self:
        """Return the limits for the queries of pages, whose clients are held apart elsewhere."""
        return replace(
            self,
            query_seconds=self.page_query_seconds,
            workers=self.page_workers,
            queue_length=1000,
            client_queries=1000,
            client_query_seconds=0,
            rows=0,
            yields=False,
        )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that ``settings`` lay down."""
        return cls(
            query_seconds=settings.query_seconds,
            query_memory=settings.query_memory_mb << 20,
            memory=settings.memory_mb << 20,
            result=settings.result_mb << 20,
            rows=settings.result_rows,
            workers=settings.workers,
            queue_length=settings.queue_length,
            queue_seconds=settings.queue_seconds,
            client_queries=settings.client_queries,
            client_query_seconds=settings.client_query_seconds,
            update_seconds=settings.update_seconds,
            service_seconds=settings.service_seconds,
            load_seconds=settings.load_seconds,
            upload=settings.upload_mb << 20,
            page_workers=settings.page_workers,
            page_query_seconds=settings.page_query_seconds,
            cache=settings.cache_mb << 20,
        )
