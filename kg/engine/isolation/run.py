"""A query that runs in a worker: what is known of its result, and why it failed if it did."""

import os
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from kg.engine.isolation.limits import Limits
from kg.engine.isolation.output import HELD_BACK
from kg.engine.isolation.process import Worker
from kg.errors import PolicykgError
from kg.errors import QueryTimeout
from kg.errors import QueryTooDeep
from kg.errors import QueryTooLarge


@dataclass(slots=True)
class Run:
    """A query that runs or has ended: what is known of the result, and where its bytes are."""

    worker: Worker
    store: Path
    began: float
    deadline: float
    once: bool = False  # whether the worker serves no other query
    head: Mapping[str, Any] = field(default_factory=dict)
    inline: bytes = b""
    spooling: bool = False
    ended: bool = False
    spool: int = -1  # the file to which the result goes, once it does
    alone: bool = False  # whether it gives way as soon as another client asks something

    def size(self) -> int:
        """Return how many bytes of the result there are by now."""
        return os.fstat(self.spool).st_size if self.spooling else len(self.inline)

    def is_sure(self) -> bool:
        """Return whether the result is whole, or so large that it is sent while it grows."""
        return self.ended or (self.spooling and self.size() > HELD_BACK)

    def body(self) -> bytes:
        """Return the bytes of the result that there are by now."""
        return os.pread(self.spool, self.size(), 0) if self.spooling else self.inline

    def give_way(self) -> None:
        """Let others have the processor first, if the query still runs."""
        if not self.ended:
            self.worker.demote()

    def close(self) -> None:
        """Let go of the result."""
        if self.spooling:
            self.spooling = False
            os.close(self.spool)


@dataclass(frozen=True, slots=True)
class Relayed:
    """A result on its way: ``size`` in bytes is ``None`` while the query still runs."""

    form: Any
    media_type: str
    chunks: Iterator[bytes]
    size: int | None


def died(words: str, limits: Limits) -> PolicykgError:
    """Return the error for a worker that died and left ``words`` on its error output."""
    if "overflowed its stack" in words or "stack overflow" in words:
        return QueryTooDeep(
            "The query nests more deeply than it can be read",
            remedy="Write it with fewer brackets inside one another.",
        )
    return QueryTooLarge(
        f"The query needs more than {limits.query_memory >> 20} MB of memory "
        "(POLICYKG_QUERY_MEMORY_MB), or nests too deeply",
        remedy="Ask for less: fewer patterns without a common variable, less to sort or to group.",
    )


def took_too_long(limits: Limits) -> QueryTimeout:
    """Return the error for a query that reached its deadline."""
    return QueryTimeout(
        f"The query took longer than {limits.query_seconds:g} seconds (POLICYKG_QUERY_SECONDS)",
        remedy="Ask for less: fewer patterns without a common variable, a smaller LIMIT.",
    )


def asked_too_long(limits: Limits) -> QueryTimeout:
    """Return the error for a query that asks other endpoints and reached its deadline."""
    return QueryTimeout(
        f"The query with SERVICE took longer than {limits.service_seconds:g} seconds "
        "(POLICYKG_SERVICE_SECONDS)",
        remedy="Ask the other endpoint for less, or at another time.",
    )


def took_most_memory(limits: Limits) -> QueryTooLarge:
    """Return the error for the query that has the most memory when all together have too much."""
    error = QueryTooLarge(
        f"All queries together need more than {limits.memory >> 20} MB of memory "
        "(POLICYKG_MEMORY_MB), and this one the most",
        remedy="Try again in a few seconds, or ask for less.",
    )
    error.retry_after = 5
    return error
