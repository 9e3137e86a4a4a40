"""The pages of the sections of a thing's page, and where the ones beside them are."""

from collections.abc import Mapping
from collections.abc import Sequence

from server.entity_head import IncomingCount
from server.paging import Pager
from server.paging import pager
from server.section_slices import PARAMETERS
from server.statement_view import by_statement
from server.thing_solutions import ThingSolutions


def pagers(
    found: ThingSolutions,
    path: str,
    arguments: Mapping[str, str],
    claims_found: int,
    incoming_found: int,
    incoming: Sequence[IncomingCount],
) -> Mapping[str, Pager]:
    """Return where the pages of the sections of the page at ``path`` stand, by section.

    ``claims_found`` and ``incoming_found`` are how many claims and links the solutions have, of
    which one more was asked for than a page has; ``incoming`` are the properties that lead here.
    """
    slices = found.slices

    def place(name: str, shown: int, more: bool, total: int | None) -> Pager:
        return pager(
            path,
            arguments,
            PARAMETERS[name],
            size=slices.full[name],
            first_size=slices.overview[name],
            shown=shown,
            more=more,
            total=total,
            fragment="incoming-links" if name == "incoming" else name,
        )

    statements = sum(
        len({row["graph"] for row in rows if "graph" in row})
        for rows in by_statement(found.statements).values()
    )
    claims, links = slices.claims.rows, slices.incoming.rows
    leading = place(
        "incoming", min(incoming_found, links), incoming_found > links, found.listed.total
    )
    return {
        "statements": place("statements", statements, found.more_statements, None),
        "claims": place("claims", min(claims_found, claims), claims_found > claims, None),
        "incoming": found.listed.with_next(leading, incoming, path),
    }
