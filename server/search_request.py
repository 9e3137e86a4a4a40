"""What a search asks for: its words, held to what is allowed, and the hits that are wanted."""

from typing import Final

from flask import request

from kg.errors import BadParameter
from kg.search.index import LONGEST

MOST_SUGGESTIONS: Final = 50
_SUGGESTIONS: Final = 10


def asked_words() -> str:
    """Return the words in ``q`` with single spaces.

    Raises :class:`~kg.errors.BadParameter` for more than :data:`~kg.search.index.LONGEST`
    characters.
    """
    typed = request.args.get("q", "")
    asked = " ".join(typed.replace("\0", " ").split())
    if len(typed) > LONGEST:
        raise BadParameter(
            f"What is searched for has more than {LONGEST} characters",
            where="q",
            remedy="Search for a few words.",
        )
    return asked


def wanted_number() -> int:
    """Return how many results ``limit`` asks for.

    Raises :class:`~kg.errors.BadParameter` if it is no number from 1 to :data:`MOST_SUGGESTIONS`.
    """
    text = request.args.get("limit", str(_SUGGESTIONS))
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_SUGGESTIONS:
        return int(text)
    raise BadParameter(
        f"{text[:80]!r} is no number of results",
        where="limit",
        remedy=f"Give a whole number from 1 to {MOST_SUGGESTIONS}, or leave it out.",
    )
