"""Pictures that the server draws: SVG without styles of its own, in light or dark colours."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from textwrap import shorten
from typing import Final

from flask import Response

from server.cells import Cell
from server.page_response import page_response
from server.view_page import one_of

FONT: Final = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture; they are those of the style sheet."""

    paper: str
    panel: str
    ink: str
    soft: str
    line: str
    link: str
    mark: str


PALETTES: Final = {
    "light": Palette("#fdfcfa", "#f3f1ec", "#22211f", "#5a5751", "#cfcac0", "#1b4f8a", "#1e5b3a"),
    "dark": Palette("#191a1c", "#232528", "#e6e3dd", "#b0aca4", "#44464a", "#8dbbf0", "#8fd3a9"),
}


def palette() -> Palette:
    """Return the colours that the parameter ``scheme`` asks for.

    Raises :class:`~kg.errors.BadParameter` if it is neither light nor dark.
    """
    return PALETTES[one_of("scheme", PALETTES, "light")]


def svg(width: int, height: int, title: str, parts: Iterable[str], colours: Palette) -> str:
    """Return an SVG document of ``width`` times ``height`` pixels with these ``parts``."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}" font-size="13" role="img">\n'
        f"<title>{clean(title)}</title>\n"
        f'<rect width="{width}" height="{height}" fill="{colours.paper}"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def label(
    x: float, y: float, cell: Cell, colour: str, *, anchor: str = "start", letters: int = 34
) -> str:
    """Return the text of ``cell`` at a place, with its link if it leads somewhere."""
    text = clean(shorten(" ".join(cell.text.split()), letters, placeholder="…") or cell.text[:9])
    drawn = (
        f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" text-anchor="{anchor}">'
        f"<title>{clean(cell.text)}</title>{text}</text>"
    )
    if cell.href and not cell.outside:
        return f'<a href="{clean(cell.href)}">{drawn}</a>'
    return drawn


def clean(text: str) -> str:
    """Return ``text`` for an XML document: escaped, and without characters that XML forbids."""
    kept = "".join(
        character
        for character in text
        if character in "\t\n" or (character >= " " and character not in "\ufffe\uffff")
    )
    return escape(kept)


def picture_response(document: str) -> Response:
    """Return the SVG ``document`` with an entity tag and the time that it may be kept."""
    return page_response(document, "image/svg+xml")
