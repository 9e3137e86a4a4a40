"""Values as HTML. A page has hundreds: in Python they take a tenth of what macros take."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from flask import Blueprint
from markupsafe import Markup
from markupsafe import escape

from server.cells import Cell

_OUTSIDE: Final = ' class="outside" rel="noreferrer"'


def register(blueprint: Blueprint) -> None:
    """Give all templates the function :func:`cells_in`."""
    blueprint.add_app_template_global(cells_in)


class CellWriter:
    """Writes cells for pages in the language ``lang``."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def text(self, cell: Cell) -> Markup:
        """Return the text of ``cell``, set apart from the direction of what stands around it."""
        return Markup(self._text(cell))

    def link(self, cell: Cell) -> Markup:
        """Return the text of ``cell`` as a link to where it leads, if it leads anywhere."""
        return Markup(self._link(cell))

    def list(self, cells: Iterable[Cell]) -> Markup:
        """Return the links of ``cells``, with commas between them."""
        return Markup(", ".join(map(self._link, cells)))

    def _link(self, cell: Cell) -> str:
        if not cell.href:
            return self._text(cell)
        outside = _OUTSIDE if cell.outside else ""
        return f'<a href="{escape(cell.href)}"{outside}>{self._text(cell)}</a>'

    def _text(self, cell: Cell) -> str:
        if cell.time:
            return f'<time datetime="{escape(cell.time)}">{escape(cell.text)}</time>'
        if cell.lang and cell.lang != self._lang:
            return f'<bdi lang="{escape(cell.lang)}">{escape(cell.text)}</bdi>'
        return f"<bdi>{escape(cell.text)}</bdi>"


@cache
def cells_in(lang: str) -> CellWriter:
    """Return what writes cells for pages in the language ``lang``, which is one of a few."""
    return CellWriter(lang)
