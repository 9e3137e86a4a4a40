"""Rows for pages, from workers of their own, so that no page waits for those who ask queries."""

import threading
from pathlib import Path
from typing import Final

from pyoxigraph import QueryResultsFormat
from pyoxigraph import QuerySolutions
from pyoxigraph import parse_query_results

from kg.engine.evaluation import solution_rows
from kg.engine.figures import PoolFigures
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.pool import Pool
from kg.engine.isolation.process import Zygote
from kg.errors import QueryRefused
from kg.errors import QueryTimeout
from kg.errors import ServiceBusy

_FORMATS: Final = Formats("application/sparql-results+json", "application/n-triples")


class PageRows:
    """Asks the queries of pages; several threads may use one object."""

    def __init__(self, zygote: Zygote, limits: Limits) -> None:
        self._limits = limits.of_pages()
        self._pool = Pool(zygote, self._limits)

    def prepare(self, store: Path) -> None:
        """Have a worker for ``store`` come up in the background."""
        self._pool.workers.prepare(store)

    def rows(self, store: Path, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of the SELECT ``query`` on ``store``, unbound variables left out.

        Raises :class:`~kg.errors.ServiceBusy` if that takes too long, and what
        :meth:`kg.engine.isolation.pool.Pool.run` does.
        """
        # Requests take turns by their clients before they have a thread.
        caller = Caller(f"thread {threading.get_ident()}")
        try:
            relayed = self._pool.run(store, query, _FORMATS, caller)
            body = b"".join(relayed.chunks)
        except QueryTimeout:
            raise ServiceBusy(
                "A query of this page took longer than "
                f"{self._limits.query_seconds:g} seconds (POLICYKG_PAGE_QUERY_SECONDS)",
                remedy="Try again in a few seconds.",
            ) from None
        if relayed.form != "bindings":
            raise QueryRefused("Only a SELECT query has rows")
        solutions = parse_query_results(body, QueryResultsFormat.JSON)
        assert isinstance(solutions, QuerySolutions)
        return solution_rows(solutions)

    def figures(self) -> PoolFigures:
        """Return how busy the workers are."""
        return self._pool.figures("pages")

    def stop(self) -> None:
        """End the workers."""
        self._pool.stop()
