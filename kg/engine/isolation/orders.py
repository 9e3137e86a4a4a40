"""What a worker is told along with the text of a query, kept for what usual queries bring."""

from typing import Final

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.channel import encoded
from kg.engine.isolation.limits import Limits
from kg.engine.wire import query_values

_MOST: Final = 100


class Orders:
    """The orders for queries within ``limits``; several threads may use one object."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[tuple[str | None, Formats], bytes] = {}

    def of(self, query: Query, formats: Formats) -> bytes:
        """Return all of ``query`` but its text, with ``formats`` and limits, as it is sent."""
        if query.bindings or query.default_graphs or query.named_graphs:
            return self._new(query, formats)
        usual = (query.base_iri, formats)
        order = self._known.get(usual)
        if order is None:
            order = self._new(query, formats)
            if len(self._known) < _MOST:
                self._known[usual] = order
        return order

    def _new(self, query: Query, formats: Formats) -> bytes:
        return encoded(
            {
                "query": query_values(query),
                "formats": {"bindings": formats.bindings, "graph": formats.graph},
                "limit": self._limits.result,
                "rows": self._limits.rows,
            }
        )
