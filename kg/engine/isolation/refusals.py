"""What a query is told that has no place, or had to give it up: why, and what to do."""

import math

from kg.engine.isolation.limits import Limits
from kg.engine.isolation.use import MINUTE
from kg.errors import ClientGone
from kg.errors import ServiceBusy
from kg.errors import TooManyQueries


def too_many_at_once(queries: int, limits: Limits) -> TooManyQueries:
    """Return the error for a client that has so many ``queries`` under way already."""
    return TooManyQueries(
        f"You have {queries} queries under way, and a client may have "
        f"{limits.client_queries} (POLICYKG_CLIENT_QUERIES)",
        remedy="Wait for one of them to end.",
    )


def used_too_much(seconds: float, limits: Limits) -> TooManyQueries:
    """Return the error for a client whose queries took so many ``seconds`` of late."""
    error = TooManyQueries(
        f"Your queries took {seconds:.0f} seconds of late, and a client may take "
        f"{limits.client_query_seconds:g} in a minute (POLICYKG_CLIENT_QUERY_SECONDS)",
        remedy="Wait a little, and ask lighter queries.",
    )
    error.retry_after = 1 + int(MINUTE * math.log(seconds / limits.client_query_seconds))
    return error


def queue_is_full(waiting: int) -> ServiceBusy:
    """Return the error for a query for which there is no room among those ``waiting``."""
    return ServiceBusy(
        f"{waiting} queries are waiting already (POLICYKG_QUEUE_LENGTH)",
        remedy="Try again in a few seconds.",
    )


def left_while_waiting() -> ClientGone:
    """Return the error for a query whose client left before it had a place."""
    return ClientGone("The client left while its query was waiting")


def waited_too_long(limits: Limits) -> ServiceBusy:
    """Return the error for a query that had no place in time."""
    return ServiceBusy(
        f"No worker became free in {limits.queue_seconds:g} seconds (POLICYKG_QUEUE_SECONDS)",
        remedy="Try again in a few seconds.",
    )


def ended_for_others(limits: Limits) -> ServiceBusy:
    """Return the error for a query that had to make room."""
    return ServiceBusy(
        f"All {limits.workers} workers were taken (POLICYKG_WORKERS), and this query was ended for "
        "others, who had used less",
        remedy="Try again in a few seconds, or ask for less.",
    )
