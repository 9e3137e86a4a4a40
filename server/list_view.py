"""The page of a list: its facets with counts, its rows, and its order."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.block_query import block_query
from server.block_query import shown_block_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links
from server.list_facets import Facet
from server.list_facets import facets
from server.list_request import ListRequest
from server.list_request import short_value
from server.list_request import unknown_value
from server.paging import Pager
from server.paging import pager
from server.row_cells import level_of
from server.row_cells import text_of
from server.service import Service

# So many members are counted by facet and sorted in less than 0.2 seconds.
MOST: Final = 1000
# Of a larger list so many members show which values there are.
SAMPLE: Final = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the class; ``level`` is the local name of its certainty, or ``other``."""

    thing: Cell
    kinds: tuple[Cell, ...]
    certainty: tuple[Cell, ...]
    level: str
    asserted_by: tuple[Cell, ...]
    addressed_to: tuple[Cell, ...]
    time: Cell | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column by which the list can be sorted: where its link leads, and how it is sorted now."""

    name: str
    href: str
    sorted: str | None


@dataclass(frozen=True, slots=True)
class ListView:
    """All that the page of a list shows; ``total`` is ``None`` above what is counted."""

    asked: ListRequest
    facets: Sequence[Facet]
    members: Sequence[Member]
    total: int | None
    ordered: bool
    headings: Mapping[str, Heading]
    pager: Pager
    query: str


def list_view(service: Service, asked: ListRequest) -> ListView:
    """Return the page of a list.

    Raises :class:`~kg.errors.BadParameter` for the value of a facet that no member has.
    """
    links, size = service.links, service.settings.page_rows
    total = members_counted(service, asked)
    ordered = total <= MOST
    counted = service.engine.rows(facets_query(service, asked, MOST if ordered else SAMPLE))
    offset = (asked.page - 1) * size
    rows = service.engine.rows(list_query(service, asked, ordered, size + 1, offset))
    members = _members(rows, links)
    if not total:
        _refuse_unknown_values(service, asked)
    return ListView(
        asked=asked,
        facets=facets(counted, asked, links),
        members=members[:size],
        total=total if total <= MOST else None,
        ordered=ordered,
        headings={name: _heading(asked, name, ordered) for name in ("name", "time")},
        pager=pager(
            asked.path,
            asked.arguments,
            "page",
            size=size,
            shown=min(len(members), size),
            more=len(members) > size,
            total=total if total <= MOST else None,
        ),
        query=shown_block_query(
            service, "list", asked.bindings, parts=asked.parts(ordered), rows=size, offset=offset
        ),
    )


def list_query(
    service: Service,
    asked: ListRequest,
    ordered: bool,
    rows: int | None,
    offset: int = 0,
    name: str = "list",
) -> Query:
    """Return the query for ``rows`` members from ``offset`` on, or for all from there."""
    parts = asked.parts(ordered)
    return block_query(service, name, rows=rows, offset=offset, parts=parts, values=asked.bindings)


def members_counted(service: Service, asked: ListRequest) -> int:
    """Return how many members there are, or, if they are more than ``MOST``, one more than that."""
    parts = asked.parts(ordered=False)
    rows = service.engine.rows(
        block_query(service, "list-count", rows=MOST + 1, parts=parts, values=asked.bindings)
    )
    return int(text_of(rows[0], "count")) if rows else 0


def facets_query(service: Service, asked: ListRequest, rows: int) -> Query:
    """Return the query for the counts of the facets, over the first ``rows`` members."""
    parts = asked.parts(ordered=False)
    return block_query(service, "list-facets", rows=rows, parts=parts, values=asked.bindings)


def _refuse_unknown_values(service: Service, asked: ListRequest) -> None:
    every = ListRequest(asked.of, {}, asked.sort, 1, {})
    if members_counted(service, every) > MOST:
        return  # not all would be looked at, so it may be a good value
    rows = service.engine.rows(facets_query(service, every, MOST))
    for name, value in asked.values.items():
        known = [row["value"] for row in rows if text_of(row, "facet") == name]
        if value not in known and name not in ("kind", "certainty"):
            names = [short_value(name, one, service.links) for one in dict.fromkeys(known)]
            raise unknown_value(name, asked.arguments[name], names)


def _members(rows: Sequence[dict[str, Term]], links: Links) -> list[Member]:
    grouped: dict[Term, list[dict[str, Term]]] = defaultdict(list)
    for row in rows:
        grouped[row["thing"]].append(row)
    return [_member(thing, same, links) for thing, same in grouped.items()]


def _member(thing: Term, rows: Sequence[dict[str, Term]], links: Links) -> Member:
    def cells(name: str) -> tuple[Cell, ...]:
        labels: dict[Term, list[Term | None]] = defaultdict(list)
        for row in rows:
            if name in row:
                labels[row[name]].append(row.get(f"{name}Label"))
        return tuple(cell(term, links, best_label(found)) for term, found in labels.items())

    certainty, time = cells("level"), rows[0].get("time")
    return Member(
        thing=cell(thing, links, best_label(row.get("label") for row in rows)),
        kinds=cells("type"),
        certainty=certainty,
        level=level_of(certainty),
        asserted_by=cells("voice"),
        addressed_to=cells("addressed"),
        time=cell(time, links, edtf=True) if time is not None else None,
    )


def _heading(asked: ListRequest, name: str, ordered: bool) -> Heading:
    now = {name: "ascending", f"-{name}": "descending"}.get(asked.sort) if ordered else None
    turned = f"-{name}" if now == "ascending" else name
    return Heading(name, asked.address({"sort": None if turned == "name" else turned}), now)
