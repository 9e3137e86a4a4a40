"""The links of a thing to other datasets, each with the reason for it."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from kg.engine.interface import Term
from server.cells import Cell
from server.cells import cell
from server.links import Links
from server.statement_view import Solution
from server.statement_view import by_statement
from server.statement_view import is_identity


@dataclass(frozen=True, slots=True)
class Identity:
    """A link to another dataset with the reason for it."""

    relation: Cell
    target: Cell
    justification: Cell | None
    confidence: str | None
    comment: Cell | None
    author: Cell | None
    decided: Cell | None


def identities(
    rows: Sequence[Solution], links: Links, names: Mapping[Term, Literal]
) -> list[Identity]:
    """Return the links to other datasets in the same solutions."""
    found = []
    for (prop, target), same in by_statement(rows).items():
        if not is_identity(prop, same):
            continue
        row = next((row for row in same if "mapping" in row), same[0])
        confidence = row.get("confidence")
        found.append(
            Identity(
                cell(prop, links, names.get(prop)),
                cell(target, links),
                _optional(row.get("justification"), links),
                confidence.value if isinstance(confidence, Literal) else None,
                _optional(row.get("comment"), links),
                _optional(row.get("author"), links),
                _optional(row.get("decided"), links),
            )
        )
    return sorted(found, key=lambda one: (one.relation.iri or "", one.target.iri or ""))


def _optional(term: Term | None, links: Links) -> Cell | None:
    return None if term is None else cell(term, links)
