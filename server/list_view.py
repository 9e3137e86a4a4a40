"""The page of a list: its facets with counts, its rows, and its order."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.block_query import block_query
from server.block_query import shown_block_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links
from server.list_counts import MOST
from server.list_counts import list_counts
from server.list_counts import refuse_unknown_values
from server.list_facets import Facet
from server.list_facets import facets
from server.list_request import ListRequest
from server.paging import Pager
from server.paging import pager
from server.row_cells import level_of
from server.row_cells import text_of
from server.service import Service


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
    counts = list_counts(service, asked)
    total, ordered = counts.total, counts.ordered
    offset = (asked.page - 1) * size
    parts = asked.parts(ordered, page=True)
    query = block_query(
        service, "list", rows=size + 1, offset=offset, parts=parts, values=asked.bindings
    )
    rows = service.engine.rows(query)
    members = _members(rows, links, asked.sort if ordered else None)
    if not total:
        refuse_unknown_values(service, asked)
    return ListView(
        asked=asked,
        facets=facets(counts.facets, asked, links),
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


def _members(rows: Sequence[dict[str, Term]], links: Links, sort: str | None) -> list[Member]:
    """Return the members in the solutions, in the order ``sort``, or as they come."""
    grouped: dict[Term, list[dict[str, Term]]] = defaultdict(list)
    for row in rows:
        grouped[row["thing"]].append(row)
    found = list(grouped.items())
    if sort is not None:
        found.sort(key=lambda one: text_of(one[1][0], "thing"))
        found.sort(key=lambda one: text_of(one[1][0], "key"), reverse=sort == "-name")
        if sort.endswith("time"):
            none = "" if sort == "-time" else "~"  # those without come last
            found.sort(key=lambda one: _time(one[1]) or none, reverse=sort == "-time")
    return [_member(thing, same, links) for thing, same in found]


def _time(rows: Sequence[dict[str, Term]]) -> str:
    """Return the earliest time of a member, empty if it has none."""
    return min((text_of(row, "time") for row in rows if "time" in row), default="")


def _member(thing: Term, rows: Sequence[dict[str, Term]], links: Links) -> Member:
    def cells(name: str) -> tuple[Cell, ...]:
        labels: dict[Term, list[Term | None]] = defaultdict(list)
        for row in rows:
            if name in row:
                labels[row[name]].append(row.get(f"{name}Label"))
        return tuple(cell(term, links, best_label(found)) for term, found in labels.items())

    certainty, time = cells("level"), _time(rows)
    return Member(
        thing=cell(thing, links, best_label(row.get("label") for row in rows)),
        kinds=cells("type"),
        certainty=certainty,
        level=level_of(certainty),
        asserted_by=cells("voice"),
        addressed_to=cells("addressed"),
        time=cell(Literal(time), links, edtf=True) if time else None,
    )


def _heading(asked: ListRequest, name: str, ordered: bool) -> Heading:
    now = {name: "ascending", f"-{name}": "descending"}.get(asked.sort) if ordered else None
    turned = f"-{name}" if now == "ascending" else name
    return Heading(name, asked.address({"sort": None if turned == "name" else turned}), now)
