"""The vocabulary as one picture: boxes for classes, arrows for properties, drawn from the ontology.

``python -m kg.build.schema_svg FILE`` writes it. The same ontology makes the same bytes.
"""

import sys
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Final

from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.build.read import Sources
from kg.build.read import read_sources
from kg.build.schema import ANYTHING
from kg.build.schema import Box
from kg.build.schema import boxes
from kg.build.schema_layout import arrange
from kg.settings import Settings

# Pixels; a letter of the text is about half as wide as the text is high.
WIDTH: Final = 268
GUTTER: Final = 92
MARGIN: Final = 24
LINE: Final = 16
TITLE: Final = 24
GAP: Final = 22
_BEND: Final = 36  # how far an arrow to a box of the same column swings out
LETTERS: Final = 40  # of a line inside a box
_INK, _SOFT, _EDGE = "#1d2630", "#4b5a68", "#5b7285"
_HUB, _PANEL, _VALUES = "#fdf1d8", "#edf2f7", "#eaf4ea"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text in a box, and the box that its arrow leads to."""

    text: str
    soft: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its lines and the place of its upper left corner."""

    box: Box
    lines: tuple[_Line, ...]
    x: int
    y: int
    column: int

    @property
    def height(self) -> int:
        return TITLE + LINE * len(self.lines) + 8


def sources_svg(sources: Sources) -> str:
    """Return the picture of the ontology in ``sources``."""
    shapes = parse(sources.shapes.text, format=RdfFormat.TURTLE)
    return schema_svg(boxes(sources.ontology[0].quads, shapes))


def schema_svg(found: Sequence[Box]) -> str:
    """Return the picture of the boxes as an SVG document."""
    columns = arrange([box for box in found if box.name != ANYTHING])
    placed: dict[str, _Placed] = {}
    heights = []
    for column, names in enumerate(columns):
        top = MARGIN
        for box in names:
            x = MARGIN + column * (WIDTH + GUTTER)
            one = _Placed(box, tuple(_lines(box)), x, top, column)
            placed[box.name] = one
            top += one.height + GAP
        heights.append(top)
    # On the right there is room for arrows between boxes of the last column.
    width = 2 * MARGIN + len(columns) * WIDTH + (len(columns) - 1) * GUTTER + _BEND // 2
    foot = max(heights) + 4
    rest = next(box for box in found if box.name == ANYTHING)
    note = _foot_lines(rest, width)
    height = foot + TITLE + LINE * len(note) + 8 + MARGIN
    hub = columns[0][0].name
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="system-ui, sans-serif" '
        'role="img" aria-labelledby="title description">',
        '<title id="title">The schema of the policy knowledge graph</title>',
        f'<desc id="description">{escape(_description(found))}</desc>',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{_EDGE}"/></marker>'
        '<marker id="above" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
        f'markerHeight="9" orient="auto"><path d="M0 0L10 5L0 10z" fill="#fff" stroke="{_EDGE}"/>'
        "</marker></defs>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for one in placed.values():
        parts += _arrows(one, placed)
    for one in placed.values():
        fill = _HUB if one.box.name == hub else _VALUES if one.box.values else _PANEL
        parts += _drawn(one.box.name, one.lines, one.x, one.y, WIDTH, one.height, fill)
    parts += _drawn(
        "Properties of anything", note, MARGIN, foot, width - 2 * MARGIN,
        TITLE + LINE * len(note) + 8, _PANEL,
    )  # fmt: skip
    return "\n".join([*parts, "</svg>\n"])


def _lines(box: Box) -> Iterable[_Line]:
    for text in wrap("is a kind of " + ", ".join(box.above), LETTERS) if box.above else ():
        yield _Line(text, soft=True)
    for text in wrap("also: " + ", ".join(box.below), LETTERS) if box.below else ():
        yield _Line(text, soft=True)
    for text in wrap(" · ".join(box.values), LETTERS):
        yield _Line(text)
    for row in box.rows:
        first, *others = wrap(f"{', '.join(row.properties)} → {row.leads_to}", LETTERS)
        yield _Line(first, target=row.target)
        yield from (_Line(f"   {text}") for text in others)


def _foot_lines(box: Box, width: int) -> tuple[_Line, ...]:
    letters = int((width - 2 * MARGIN) / 6.4)
    return tuple(
        _Line(text)
        for row in box.rows
        for text in wrap(f"→ {row.leads_to}:  {', '.join(row.properties)}", letters)
    )


def _arrows(one: _Placed, placed: dict[str, _Placed]) -> Iterable[str]:
    for number, line in enumerate(one.lines):
        other = placed.get(line.target or "")
        if other is not None and other is not one:
            y = one.y + TITLE + LINE * number + LINE // 2
            yield _arrow(one, y, other, "arrow", "")
    for name in one.box.above:
        yield _arrow(one, one.y + TITLE // 2, placed[name], "above", ' stroke-dasharray="5 3"')


def _arrow(one: _Placed, y: int, other: _Placed, head: str, more: str) -> str:
    """Return a curve from the height ``y`` at a box to the title of another, through the gutter."""
    end = other.y + TITLE // 2 + (4 if head == "above" else 0)
    if other.column == one.column:
        x, bend = one.x + WIDTH, one.x + WIDTH + _BEND
        path = f"M{x} {y}C{bend} {y} {bend} {end} {x} {end}"
    else:
        right = other.column > one.column
        start, stop = (one.x + WIDTH, other.x) if right else (one.x, other.x + WIDTH)
        bend = GUTTER // 2 if right else -(GUTTER // 2)
        path = f"M{start} {y}C{start + bend} {y} {stop - bend} {end} {stop} {end}"
    return (
        f'<path d="{path}" fill="none" stroke="{_EDGE}" stroke-width="1.2" opacity=".75"{more} '
        f'marker-end="url(#{head})"/>'
    )


def _drawn(
    title: str, lines: Sequence[_Line], x: int, y: int, width: int, height: int, fill: str
) -> Iterable[str]:
    yield (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" fill="{fill}" '
        f'stroke="{_EDGE}"/>'
    )
    yield (
        f'<text x="{x + 10}" y="{y + 17}" font-size="14" font-weight="700" fill="{_INK}">'
        f"{escape(title)}</text>"
    )
    for number, line in enumerate(lines):
        fill_of = _SOFT if line.soft else _INK
        style = ' font-style="italic"' if line.soft else ""
        yield (
            f'<text x="{x + 10}" y="{y + TITLE + LINE * number + 12}" font-size="12" '
            f'fill="{fill_of}"{style} xml:space="preserve">{escape(line.text)}</text>'
        )


def _description(found: Sequence[Box]) -> str:
    """Return in words what the picture shows, for readers who do not see it."""
    sentences = []
    for box in found:
        parts = [f"{', '.join(row.properties)} to {row.leads_to}" for row in box.rows]
        kinds = f" ({', '.join((*box.below, *box.values))})" if box.below or box.values else ""
        above = f", a kind of {', '.join(box.above)}" if box.above else ""
        joined = f": {'; '.join(parts)}" if parts else ""
        sentences.append(f"{box.name}{kinds}{above}{joined}.")
    return " ".join(sentences)


def main(file: Path) -> None:
    """Write the picture of the packaged ontology to ``file``."""
    file.write_text(sources_svg(read_sources(Settings())), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
