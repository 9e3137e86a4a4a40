"""A passage as a page shows it: a few words, its place in the text, its hash, its link."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage under a claim: its words, its place in code points, its hash, and its link."""

    cell: Cell
    quote: Cell | None
    start: str | None
    end: str | None
    sha256: str | None
    link: str | None


def shown_passage(term: Term, rows: Sequence[dict[str, Term]], links: Links) -> Passage:
    """Return the passage ``term`` from those solutions of ``claims.rq`` that have it as value."""
    row = rows[0]
    link = row.get("link")
    quote = row.get("quote")
    return Passage(
        cell=cell(term, links, best_label(row.get("valueLabel") for row in rows)),
        quote=cell(quote, links) if quote is not None else None,
        start=_value(row.get("start")),
        end=_value(row.get("end")),
        sha256=_value(row.get("sha256")),
        link=links.href(link.value) if isinstance(link, NamedNode) else None,
    )


def _value(term: Term | None) -> str | None:
    return term.value if isinstance(term, Literal) else None
