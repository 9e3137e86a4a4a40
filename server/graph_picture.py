"""Things and the lines between them as a picture, laid out on a circle: the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2
from math import cos
from math import pi
from math import sin
from typing import Final

from server.cells import Cell
from server.pictures import Palette
from server.pictures import clean
from server.pictures import label
from server.pictures import svg

MOST: Final = 30  # nodes
_WIDTH: Final = 900
_MARGIN: Final = 245  # pixels beside the circle, for the labels
_STEP: Final = 17  # pixels between two labels, at least


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from one thing to another; both are named by keys."""

    start: str
    end: str
    name: str


def graph_picture(
    title: str,
    nodes: Sequence[tuple[str, Cell]],
    edges: Sequence[Edge],
    colours: Palette,
    centre: str | None = None,
) -> str:
    """Return a picture of ``nodes``, by their keys, and of the ``edges`` between them; the node
    ``centre`` stands in the middle. No more than :data:`MOST` nodes are drawn.
    """
    around = [key for key, _ in nodes if key != centre][: MOST - (centre is not None)]
    height = max(320, round(len(around) * _STEP) + 120)
    places = _places(around, height)
    if centre is not None:
        places[centre] = (_WIDTH / 2, height / 2)
    drawn = [_line(edge, places, colours) for edge in _merged(edges) if _fits(edge, places)]
    for key, shown in nodes:
        if key not in places:
            continue
        x, y = places[key]
        middle = key == centre
        drawn.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{8 if middle else 5}" '
            f'fill="{colours.mark if middle else colours.link}"/>'
        )
        if middle:
            drawn.append(label(x, y - 14, shown, colours.ink, anchor="middle", letters=40))
        else:
            left = x < _WIDTH / 2 - 1
            anchor, shift = ("end", -10) if left else ("start", 10)
            drawn.append(label(x + shift, y + 4, shown, colours.ink, anchor=anchor, letters=33))
    arrow = (
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="14" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto-start-reverse">'
        f'<path d="M0 0.8 8 4 0 7.2z" fill="{colours.soft}"/></marker></defs>'
    )
    return svg(_WIDTH, height, title, [arrow, *drawn], colours)


def _places(keys: Sequence[str], height: int) -> dict[str, tuple[float, float]]:
    """Return places on an ellipse, right side then left, evenly spaced from top to bottom."""
    right = keys[: (len(keys) + 1) // 2]
    left = keys[len(right) :]
    places = {}
    for side, some in ((1, right), (-1, left)):
        for number, key in enumerate(some):
            y = height * (number + 1) / (len(some) + 1)
            bend = sin(pi * (number + 1) / (len(some) + 1))
            x = _WIDTH / 2 + side * ((_WIDTH / 2 - _MARGIN) * (0.55 + 0.45 * bend))
            places[key] = (x, y)
    return places


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Return one edge for all that lead from one thing to the same other."""
    names: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        names.setdefault((edge.start, edge.end), []).append(edge.name)
    return [Edge(*ends, ", ".join(dict.fromkeys(some))) for ends, some in names.items()]


def _fits(edge: Edge, places: dict[str, tuple[float, float]]) -> bool:
    return edge.start in places and edge.end in places and edge.start != edge.end


def _line(edge: Edge, places: dict[str, tuple[float, float]], colours: Palette) -> str:
    (x1, y1), (x2, y2) = places[edge.start], places[edge.end]
    bow = atan2(y2 - y1, x2 - x1) + pi / 2
    cx, cy = (x1 + x2) / 2 + 18 * cos(bow), (y1 + y2) / 2 + 18 * sin(bow)
    return (
        f'<path d="M{x1:.0f} {y1:.0f}Q{cx:.0f} {cy:.0f} {x2:.0f} {y2:.0f}" fill="none" '
        f'stroke="{colours.soft}" stroke-opacity="0.7" marker-end="url(#arrow)">'
        f"<title>{clean(edge.name)}</title></path>"
    )
