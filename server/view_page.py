"""What the views have in common: a page query, one page of its rows, and how often it is cut."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.errors import BadParameter
from server.block_query import block_query
from server.block_query import shown_block_query
from server.paging import Pager
from server.paging import page_number
from server.paging import pager
from server.row_cells import Row
from server.row_cells import grouped
from server.service import service


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """A query in ``page_queries/`` of which a view shows a page; ``counted`` is the variable whose
    values the query slices.
    """

    name: str
    counted: str
    parts: Collection[str] = ()
    values: Mapping[str, Term] | None = None

    def whole(self) -> Query:
        """Return the query for all rows."""
        return block_query(service(), self.name, rows=None, parts=self.parts, values=self.values)

    def page(self) -> tuple[list[Row], Pager, str]:
        """Return the rows of the page that the request asks for, its place, and its query.

        Raises :class:`~kg.errors.BadParameter` for what is no number of a page.
        """
        here = service()
        size = here.settings.page_rows
        offset = (page_number(request.args, "page") - 1) * size
        bound = self.values or {}
        query = block_query(
            here, self.name, rows=size + 1, offset=offset, parts=self.parts, values=bound
        )
        rows: list[Row] = list(here.engine.rows(query))
        groups = grouped(rows, self.counted)
        dropped = {term for term, _ in groups[size:]}
        place = pager(
            request.path,
            request.args,
            "page",
            size=size,
            shown=min(len(groups), size),
            more=bool(dropped),
        )
        shown = shown_block_query(
            here, self.name, bound, parts=self.parts, rows=size, offset=offset
        )
        return [row for row in rows if row.get(self.counted) not in dropped], place, shown


def only(*known: str) -> None:
    """Refuse parameters of the request that are not ``known``, nor the language of its page.

    Raises :class:`~kg.errors.BadParameter`, which lists those that are.
    """
    for name in request.args:
        if name not in (*known, "lang"):
            raise BadParameter(
                f"This page has no parameter {name[:80]!r}",
                where=name[:80],
                remedy=f"Known: {', '.join(known)}." if known else "It takes none.",
            )


def one_of(name: str, known: Collection[str], default: str) -> str:
    """Return the value of the parameter ``name``.

    Raises :class:`~kg.errors.BadParameter` if it is not one of ``known``.
    """
    value = request.args.get(name) or default
    if value not in known:
        raise BadParameter(
            f"{value[:80]!r} is no value of this parameter",
            where=name,
            remedy=f"Known: {', '.join(known)}.",
        )
    return value
