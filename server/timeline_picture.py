"""The timeline as a picture: a bar from the first to the last day that fits, open ends faded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from server.cells import Cell
from server.pictures import Palette
from server.pictures import clean
from server.pictures import label
from server.pictures import svg

_WIDTH: Final = 1000
_LABELS: Final = 330  # pixels at the left, for the names
_ROW: Final = 26
_TOP: Final = 34
_RIGHT: Final = 24
_MOST_TICKS: Final = 12
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Span:
    """A thing with the first and the last day that fit its time; ``None``: not known."""

    thing: Cell
    first: date | None
    last: date | None


def timeline_picture(spans: Sequence[Span], colours: Palette) -> str:
    """Return the picture of ``spans``, one below the other, over an axis of years."""
    days = [day for span in spans for day in (span.first, span.last) if day]
    start = min((day.year for day in days), default=2000)
    end = max((day.year for day in days), default=2000) + 1
    scale = _Scale(start, end)
    height = _TOP + _ROW * len(spans) + 12
    parts = [_axis(scale, height, colours)]
    for number, span in enumerate(spans):
        y = _TOP + _ROW * number + _ROW / 2
        parts.append(label(8, y + 4, span.thing, colours.ink, letters=44))
        parts.append(_bar(span, scale, y, colours))
    return svg(
        _WIDTH, height, "Timeline of events, stays, publications and policies", parts, colours
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    start: int
    end: int

    def x(self, day: date) -> float:
        year = day.year + (day.timetuple().tm_yday - 1) / 366
        return self.at(year)

    def at(self, year: float) -> float:
        share = (year - self.start) / (self.end - self.start)
        return _LABELS + share * (_WIDTH - _LABELS - _RIGHT)


def _axis(scale: _Scale, height: int, colours: Palette) -> str:
    step = next(
        (one for one in _STEPS if (scale.end - scale.start) / one <= _MOST_TICKS), _STEPS[-1]
    )
    years = [year for year in range(scale.start, scale.end + 1) if year % step == 0]
    lines = "".join(f"M{scale.at(year):.0f} {_TOP - 8}V{height}" for year in years)
    names = "".join(
        f'<text x="{scale.at(year):.0f}" y="{_TOP - 14}" text-anchor="middle" '
        f'fill="{colours.soft}">{year}</text>'
        for year in years
        if scale.at(year) < _WIDTH - 10
    )
    return f'<path d="{lines}" stroke="{colours.line}" fill="none"/>{names}'


def _bar(span: Span, scale: _Scale, y: float, colours: Palette) -> str:
    """Return the bar of ``span``, or an arrow where one end is not known."""
    if span.first and span.last:
        left, right = scale.x(span.first), scale.x(max(span.first, span.last))
        width = max(6.0, right - left)
        return (
            f'<rect x="{left:.1f}" y="{y - 6:.0f}" width="{width:.1f}" height="12" rx="3" '
            f'fill="{colours.link}"><title>{clean(f"{span.first} to {span.last}")}</title></rect>'
        )
    known = span.first or span.last
    if known is None:
        return ""
    x, way, words = scale.x(known), (1 if span.first else -1), "from" if span.first else "until"
    end = min(max(x + way * 60, _LABELS), _WIDTH - _RIGHT + 14)
    points = [(x, y - 6), (x, y + 6), (end, y)]
    path = "".join(f"{'L' if i else 'M'}{a:.1f} {b:.1f}" for i, (a, b) in enumerate(points))
    return (
        f'<path d="{path}Z" fill="{colours.link}" fill-opacity="0.45" stroke="{colours.link}" '
        f'stroke-dasharray="3 2"><title>{words} {known}</title></path>'
    )
