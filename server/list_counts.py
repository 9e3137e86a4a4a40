"""How many members a list has, and how many have which value of a facet: the same on each page of
the list and in each order, so they are kept for the version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.block_query import block_query
from server.lately_kept import lately_kept
from server.list_request import ListRequest
from server.list_request import short_value
from server.list_request import unknown_value
from server.row_cells import text_of
from server.service import Service

# So many members are counted by facet and sorted in less than 0.2 seconds.
MOST: Final = 1000
# Of a larger list so many members show which values there are.
SAMPLE: Final = 200


@dataclass(frozen=True, slots=True)
class ListCounts:
    """``total`` is ``MOST`` and one for more members than are counted; ``facets`` are the solutions
    of ``list-facets.rq``.
    """

    total: int
    facets: Sequence[dict[str, Term]]

    @property
    def ordered(self) -> bool:
        """Whether the members are so few that they are counted and sorted."""
        return self.total <= MOST


def list_counts(service: Service, asked: ListRequest) -> ListCounts:
    """Return the counts of the list, on whatever page of it and in whatever order."""

    def count() -> ListCounts:
        total = members_counted(service, asked)
        sampled = total > MOST
        found = service.engine.rows(_facets_query(service, asked, sampled)) if total else []
        return ListCounts(total, found)

    return lately_kept("list", (asked.of.node, frozenset(asked.values.items())), count)


def members_counted(service: Service, asked: ListRequest) -> int:
    """Return how many members there are, or, if they are more than ``MOST``, one more than that."""
    parts = asked.parts(ordered=False)
    rows = service.engine.rows(
        block_query(service, "list-count", rows=MOST + 1, parts=parts, values=asked.bindings)
    )
    return int(text_of(rows[0], "count")) if rows else 0


def refuse_unknown_values(service: Service, asked: ListRequest) -> None:
    """Raise :class:`~kg.errors.BadParameter` for the value of a facet that no member has."""
    every = ListRequest(asked.of, {}, asked.sort, 1, {})
    if not list_counts(service, every).ordered:
        return  # not all would be looked at, so it may be a good value
    rows = list_counts(service, every).facets
    for name, value in asked.values.items():
        known = [row["value"] for row in rows if text_of(row, "facet") == name]
        if value not in known and name not in ("kind", "certainty"):
            names = [short_value(name, one, service.links) for one in dict.fromkeys(known)]
            raise unknown_value(name, asked.arguments[name], names)


def _facets_query(service: Service, asked: ListRequest, sampled: bool) -> Query:
    """Return the query for the counts of the facets, over all members or a sample of them."""
    parts = asked.parts(ordered=False) | {"sampled" if sampled else "counted"}
    rows = SAMPLE if sampled else MOST
    return block_query(service, "list-facets", rows=rows, parts=parts, values=asked.bindings)
