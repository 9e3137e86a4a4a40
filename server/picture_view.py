"""The picture that readers explore: as a page with its tables, as JSON for the script, as SVG."""

import json
from typing import Final
from zlib import crc32

from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import NamedNode

from kg.errors import BadParameter
from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.graph_picture import MOST
from server.graph_picture import Edge
from server.graph_picture import graph_picture
from server.page_language import marked
from server.page_response import page_response
from server.picture_graph import NODES
from server.picture_graph import Node
from server.picture_graph import PictureGraph
from server.picture_graph import picture_graph
from server.picture_query import shown_picture_query
from server.picture_request import OPENED
from server.picture_request import PictureRequest
from server.picture_request import name_of_thing
from server.picture_request import picture_request
from server.pictures import palette
from server.pictures import picture_response
from server.row_cells import cells
from server.row_cells import grouped
from server.service import service

# Kinds of things are told apart by shape and then by hue: each shape with its sign beside words,
# and its name in the script's library. What there are more of than these, share them.
SHAPES: Final = (
    ("●", "ellipse"),
    ("■", "rectangle"),
    ("▲", "triangle"),
    ("◆", "diamond"),
    ("⬟", "pentagon"),
    ("⬢", "hexagon"),
    ("★", "star"),
    ("▬", "round-rectangle"),
)
HUES: Final = 5  # of the style sheet: hue-0, hue-1, …
# With this start of the checksum, kinds that often stand side by side come out different.
_START: Final = 9084
# How a line looks: the sign that stands for it beside words.
LINES: Final = {
    "certain": "━━",
    "probable": "━ ━",
    "possible": "╌╌",
    "unclear": "┈┈",
    "other": "┈┈",
    "recorded": "──",
}
# What stands beside that sign.
LEVELS: Final = {
    "certain": marked("certain"),
    "probable": marked("probable"),
    "possible": marked("possible"),
    "unclear": marked("unclear"),
    "other": marked("of another certainty"),
    "recorded": marked("recorded, not claimed"),
}


def page() -> Response:
    """Return the picture with the same content as tables, or where to start one."""
    if not request.args.get("start"):
        return _beginning()
    asked = picture_request(request.args, service().links)
    graph = _graph(asked)
    first = graph.nodes[0]
    html = render_template(
        "picture.html",
        state=asked,
        graph=graph,
        first=first,
        names={node.name: node for node in graph.nodes},
        counts=_counts(graph),
        shapes=_shapes(graph),
        lines=LINES,
        levels=LEVELS,
        full=len(asked.opened) >= OPENED,
        most_opened=OPENED,
        most_things=NODES,
        most_drawn=MOST,
        query=shown_picture_query(service(), asked),
    )
    return page_response(html)


def data() -> Response:
    """Return what the picture shows as JSON."""
    asked = picture_request(request.args, service().links)
    graph = _graph(asked)
    shapes, counts = _shapes(graph), _counts(graph)
    document = {
        "start": asked.start,
        "nodes": [
            {
                "name": node.name,
                "label": node.cell.text,
                "kind": node.kind_name,
                "shape": shapes[node.kind][1],
                "hue": shapes[node.kind][2],
                "links": counts.get(node.name, 0),
                "opened": node.opened,
                "page": node.cell.href,
                "change": _change(asked, node),
            }
            for node in graph.nodes
        ],
        "links": [
            {
                "start": link.start,
                "end": link.end,
                "relation": link.relation.text,
                "certainty": link.level,
                "negated": link.negated,
            }
            for link in graph.links
        ],
        "more": list(graph.more),
    }
    return page_response(json.dumps(document, ensure_ascii=False) + "\n", "application/json")


def drawing() -> Response:
    """Return the same as SVG, of as many things as stand side by side."""
    colours = palette()
    asked = picture_request(request.args, service().links, more=("scheme",))
    graph = _graph(asked)
    nodes = [(node.name, node.cell) for node in graph.nodes]
    edges = [Edge(link.start, link.end, link.relation.text) for link in graph.links]
    title = f"Links around {graph.nodes[0].cell.text}"
    return picture_response(graph_picture(title, nodes, edges, colours, asked.start))


def _graph(asked: PictureRequest) -> PictureGraph:
    if not asked.start:
        raise BadParameter("It is not said where to start", where="start")
    graph = picture_graph(service(), asked)
    if graph is None:
        raise NotFound(
            "The graph does not know the thing to start at",
            where=asked.start[:200],
            remedy="Search for it, and take the picture from its page.",
        )
    return graph


def _counts(graph: PictureGraph) -> dict[str, int]:
    """Return how many links that are shown each thing has."""
    counts: dict[str, int] = {}
    for link in graph.links:
        for name in {link.start, link.end}:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _shapes(graph: PictureGraph) -> dict[str, tuple[str, str, int]]:
    """Return sign, shape and hue of each kind: always the same, whatever else is shown."""
    shapes = {}
    for kind, _, _ in graph.kinds:
        hue, shape = divmod(crc32(kind.encode(), _START), len(SHAPES))
        shapes[kind] = (*SHAPES[shape], hue % HUES)
    return shapes


def _change(asked: PictureRequest, node: Node) -> str | None:
    """Return the address at which the thing is opened, or closed if it is open."""
    if node.name == asked.start:
        return None
    if node.opened:
        return asked.without(node.name).address()
    return None if len(asked.opened) >= OPENED else asked.with_opened(node.name).address()


def _beginning() -> Response:
    """Return the page on which a reader chooses where to start."""
    here = service()
    picture_request(request.args.copy() | {"start": "thing"}, here.links)
    rows = here.engine.rows(bounded_query(here, "entry-points", rows=20))
    found = []
    for thing, same in grouped(rows, "thing"):
        name = name_of_thing(thing.value, here.links) if isinstance(thing, NamedNode) else None
        labelled = [{**row, "thingLabel": row["label"]} for row in same if "label" in row]
        if name and labelled:
            found.append((PictureRequest(name).address(), cells(labelled, "thing", here.links)[0]))
    return page_response(render_template("picture_start.html", found=found))
