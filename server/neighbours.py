"""Small pictures of what stands around a thing."""

from flask import Response
from pyoxigraph import NamedNode

from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.cells import is_true
from server.graph_picture import MOST
from server.graph_picture import Edge
from server.graph_picture import graph_picture
from server.pictures import palette
from server.pictures import picture_response
from server.row_cells import cells
from server.row_cells import grouped
from server.row_cells import text_of
from server.service import service
from server.view_page import only


def thing(slug: str) -> Response:
    """Return the picture of the neighbours of a thing."""
    return _picture("id", slug)


def topic(slug: str) -> Response:
    """Return the picture of the neighbours of a topic."""
    return _picture("topic", slug)


def _picture(kind: str, slug: str) -> Response:
    """Return the picture; raises :class:`~kg.errors.NotFound` if the thing has no name."""
    only("scheme")
    here, colours = service(), palette()
    links, iri = here.links, here.links.iri(kind, slug)
    try:
        node = NamedNode(iri)
    except ValueError:
        raise _none(iri) from None
    rows = here.engine.rows(bounded_query(here, "neighbours", rows=MOST // 2, thing=node))
    if not rows:
        raise _none(iri)
    centre = cell(node, links, best_label(row.get("thingLabel") for row in rows))
    nodes: list[tuple[str, Cell]] = [(iri, centre)]
    edges = []
    for _, same in grouped(rows, "other"):
        key = text_of(same[0], "other")
        nodes.append((key, cells(same, "other", links)[0]))
        for row in same:
            ends = (key, iri) if is_true(row.get("inverse")) else (iri, key)
            edges.append(Edge(*ends, cells([row], "property", links)[0].text))
    title = f"Neighbours of {centre.text}"
    return picture_response(graph_picture(title, nodes, edges, colours, iri))


def _none(iri: str) -> NotFound:
    return NotFound("There is no picture of this thing", where=iri[:200])
