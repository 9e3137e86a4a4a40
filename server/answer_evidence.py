"""The words on which claims in an answer rest, to stand beside them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.bounded_query import query_text
from server.cells import Cell
from server.cells import cell
from server.service import Service

COLUMN: Final = "claim"  # whose values are claims, in all questions that have it
_EACH: Final = 4  # passages of a claim, on average, that are read
_VALUES: Final = re.compile(r"VALUES \?claim \{[^}]*\}")
_SLICE: Final = re.compile(r"LIMIT 100 OFFSET 0\b")


def evidence(service: Service, rows: Sequence[Mapping[str, Term]]) -> list[list[Cell]]:
    """Return for each of ``rows`` the passages that its claim rests on, each by the words that are
    quoted of it; nothing at all if no row has a claim.
    """
    claims = {row[COLUMN] for row in rows if isinstance(row.get(COLUMN), NamedNode)}
    if not claims:
        return []
    # Terms of the store, as pyoxigraph writes them: no other text comes into the query.
    named = " ".join(sorted(str(claim) for claim in claims))
    text = query_text("claim-quotes", service.settings.base_iri)
    text = _VALUES.sub(lambda _: f"VALUES ?claim {{ {named} }}", text)
    text = _SLICE.sub(f"LIMIT {_EACH * len(claims):d} OFFSET 0", text)
    found: dict[Term, list[Cell]] = defaultdict(list)
    for row in service.engine.rows(Query(text)):
        found[row["claim"]].append(cell(row["passage"], service.links, row["quote"]))
    return [found[row[COLUMN]] if COLUMN in row else [] for row in rows] if found else []
