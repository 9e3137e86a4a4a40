"""Pages of long sections: which one is asked for, and where the ones beside it are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from typing import Self
from urllib.parse import urlencode

from kg.errors import BadParameter

_LAST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Pager:
    """The place of a page in its section: rows ``first`` to ``last`` of ``total`` if that is
    known, and the addresses of the page before and the page after.
    """

    number: int
    first: int
    last: int
    total: int | None
    previous: str | None
    next: str | None

    @property
    def needed(self) -> bool:
        """Whether there is more than this page."""
        return self.number > 1 or self.next is not None


def page_number(arguments: Mapping[str, str], name: str) -> int:
    """Return the page number in the parameter ``name``, from 1.

    Raises :class:`~kg.errors.BadParameter` if it is no such number.
    """
    text = arguments.get(name, "1")
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _LAST and len(text) < 9:
        return int(text)
    raise BadParameter(
        f"{text[:80]!r} is not the number of a page",
        where=name,
        remedy=f"Give a whole number from 1 to {_LAST}, or leave the parameter out.",
    )


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows of a section its page ``number`` has: ``rows`` of them from ``offset`` on."""

    number: int
    rows: int
    offset: int

    @classmethod
    def of(cls, number: int, size: int, first: int | None = None) -> Self:
        """Return the rows of a page where pages have ``size`` rows, but the first one ``first``."""
        before = size if first is None else first
        if number == 1:
            return cls(1, before, 0)
        return cls(number, size, before + (number - 2) * size)


def pager(
    path: str,
    arguments: Mapping[str, str],
    name: str,
    *,
    size: int,
    shown: int,
    more: bool,
    total: int | None = None,
    fragment: str = "",
    first_size: int | None = None,
) -> Pager:
    """Return where the page that ``arguments`` ask for stands.

    ``size`` is the number of rows of a full page, ``first_size`` that of the first one if that is
    another, ``shown`` that of this one, ``more`` says whether another page follows. The addresses
    keep the other arguments.
    """
    number = page_number(arguments, name)
    first = Slice.of(number, size, first_size).offset + 1

    def address(other: int) -> str:
        kept = {key: value for key, value in arguments.items() if key != name}
        query = urlencode({**kept, name: str(other)} if other > 1 else kept)
        return f"{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"

    return Pager(
        number,
        first if shown else 0,
        first + shown - 1 if shown else 0,
        total,
        address(number - 1) if number > 1 else None,
        address(number + 1) if more else None,
    )
