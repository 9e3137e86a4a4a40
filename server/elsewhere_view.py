"""What other datasets say of a thing, by way of its links: a section of its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.engine.interface import Query
from server.bounded_query import bounded_query
from server.bounded_query import shown_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.service import Service


@dataclass(frozen=True, slots=True)
class Said:
    """One thing of another dataset: how ours is linked to it, and what is said of it."""

    relation: Cell
    other: Cell
    statements: Sequence[tuple[Cell, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What one dataset says, and under which licence."""

    dataset: Cell
    licence: Sequence[Cell]
    things: Sequence[Said]


def elsewhere_query(service: Service, iri: str) -> Query:
    """Return the query for what the datasets beside the graph say of ``iri``: as many statements as
    a page has rows; the question of the catalogue answers with all.
    """
    size = service.settings.page_rows
    return bounded_query(service, "elsewhere", rows=size, thing=NamedNode(iri))


def elsewhere(service: Service, iri: str, rows: Sequence[Row]) -> tuple[list[Elsewhere], str]:
    """Return what the datasets say in those ``rows`` that are solutions of the query, and the query
    as a reader can run it.
    """
    found = [_dataset(service, same) for _, same in grouped(rows, "dataset")]
    return found, shown_query(service, "elsewhere", thing=NamedNode(iri))


def _dataset(service: Service, rows: Sequence[Row]) -> Elsewhere:
    links = service.links
    things = [
        Said(
            relation=cells(same, "relation", links)[0],
            other=cell(other, links, best_label(row.get("thereLabel") for row in same)),
            statements=[
                (cells(of, "said", links)[0], cells(of, "value", links))
                for _, of in grouped(same, "said")
            ],
        )
        for other, same in grouped(rows, "there")
    ]
    return Elsewhere(cells(rows, "dataset", links)[0], cells(rows, "license", links), things)
