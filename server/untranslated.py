"""English texts in pages of another language: each says that it is English."""

import re
from secrets import token_hex
from typing import Final

from markupsafe import Markup
from markupsafe import escape

# What stands around such a text until the page is whole. No data can hold it, as it is drawn anew
# whenever the server starts.
_MARK: Final = token_hex(8)
_START: Final = f"\ue000{_MARK}("
_END: Final = f"\ue000{_MARK})"
_BETWEEN: Final = re.compile(rf"{re.escape(_START)}|{re.escape(_END)}")
_PLAIN: Final = ("<title", "<option", "<textarea")  # what can hold no element
_OPENING: Final = '<span lang="en" dir="ltr">'


def english(text: str) -> Markup:
    """Return ``text``, which may be markup, as English inside a page of another language."""
    return Markup(f"{_START}{escape(text)}{_END}")


def told_apart(html: str) -> str:
    """Return a page in which each text of :func:`english` is an element that says so; in
    attributes and where no element can be, it is the text alone.
    """
    if _MARK not in html:
        return html
    parts: list[str] = []
    end = 0
    closing: list[str] = []
    for found in _BETWEEN.finditer(html):
        parts.append(html[end : found.start()])
        end = found.end()
        if found[0] == _START:
            can_be = _can_hold_an_element(html, found.start())
            parts.append(_OPENING if can_be else "")
            closing.append("</span>" if can_be else "")
        else:
            parts.append(closing.pop() if closing else "")
    return "".join((*parts, html[end:]))


def _can_hold_an_element(html: str, place: int) -> bool:
    """Return whether ``place`` is in text; values of attributes have their signs escaped."""
    opened = html.rfind("<", 0, place)
    return html.rfind(">", 0, place) > opened and not html.startswith(_PLAIN, opened)
