"""The first query of the page of a thing, which an engine plans in no time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import DCTERMS
from kg.namespaces import OWL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from server.block_query import block_query
from server.paging import Slice
from server.row_cells import text_of
from server.service import Service
from server.statement_view import ELSEWHERE

Solution = dict[str, Term]

# So many statements more than a page has rows are usually names and kinds.
_NAMES: Final = 12
# The properties whose values stand at the top of a page.
NAMING: Final = frozenset(
    (
        *(RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", RDF + "type", DCTERMS + "title"),
        *(DCTERMS + "description", SKOS + "definition", OWL + "deprecated"),
        DCTERMS + "isReplacedBy",
    )
)


@dataclass(frozen=True, slots=True)
class FirstSolutions:
    """The solutions of ``thing.rq``: all ``rows``; those of names and kinds, ``None`` if they may
    not be among them; those of the statements of the page, and whether there are ``more``.
    """

    rows: Sequence[Solution]
    named: Sequence[Solution] | None
    statements: Sequence[Solution]
    more: bool


def is_graph(service: Service, thing: NamedNode) -> bool:
    """Return whether there is a graph of the name ``thing``."""
    query = block_query(service, "graph-exists", rows=None, values={"thing": thing})
    return bool(service.engine.rows(query))


def first_solutions(service: Service, thing: NamedNode, asked: Slice) -> FirstSolutions:
    """Ask ``thing.rq``: nearly all things fit on one page, with their names."""
    graph = ("graph",) if thing.value.startswith(service.links.iri("graph")) else ()

    def ask(part: str, rows: int, offset: int) -> list[Solution]:
        query = block_query(
            service,
            "thing",
            rows=rows,
            offset=offset,
            parts=(part, *graph),
            values={"thing": thing},
        )
        return service.engine.rows(query)

    if asked.number == 1:
        most = asked.rows + _NAMES
        rows = ask("first", most, 0)
        said = [row for row in rows if "value" in row]
        whole = len(_distinct(said)) < most
        names = [row for row in said if text_of(row, "property") in NAMING] if whole else None
        others = [row for row in said if text_of(row, "property") not in ELSEWHERE]
        statements, more = _page(others, asked.rows)
        if whole or more:
            return FirstSolutions(rows, names, statements, more)
    # One more than a page holds, to know whether there is another page.
    rows = ask("further", asked.rows + 1, asked.offset)
    statements, more = _page([row for row in rows if "value" in row], asked.rows)
    return FirstSolutions(rows, None, statements, more)


def named(row: Solution) -> Solution:
    found = {"property": row["naming"], "value": row["name"], "graph": row["nameGraph"]}
    if "nameLabel" in row:
        found["valueLabel"] = row["nameLabel"]
    return found


def _distinct(rows: Sequence[Solution]) -> dict[tuple[Term, Term, Term], list[Solution]]:
    found: dict[tuple[Term, Term, Term], list[Solution]] = {}
    for row in rows:
        found.setdefault((row["property"], row["value"], row["graph"]), []).append(row)
    return found


def _page(rows: Sequence[Solution], size: int) -> tuple[list[Solution], bool]:
    """Return the solutions of the first ``size`` statements, and whether there are more."""
    found = _distinct(rows)
    return [row for same in list(found.values())[:size] for row in same], len(found) > size
