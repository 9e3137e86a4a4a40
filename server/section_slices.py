"""Which rows the sections of a page about a thing have: an overview first, then tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from typing import Self

from server.paging import Slice
from server.paging import page_number

# The parameters that choose a page of a section.
PARAMETERS: Final = {"statements": "statements", "claims": "claims", "incoming": "page"}
# By what the rows of a table are divided: a claim with its evidence takes the room of four rows.
# All sections stand on the first page, which is to be as quick as any; there they are shorter.
_FULL: Final = {"statements": 1, "claims": 4, "incoming": 1}
_OVERVIEW: Final = {"statements": 2, "claims": 6, "incoming": 4}


@dataclass(frozen=True, slots=True)
class Slices:
    """The rows of each section; ``overview`` and ``full`` are how many a first and a further page
    have, by section.
    """

    statements: Slice
    claims: Slice
    incoming: Slice
    overview: Mapping[str, int]
    full: Mapping[str, int]

    @classmethod
    def of(cls, rows: int, arguments: Mapping[str, str]) -> Self:
        """Return what ``arguments`` ask for where a table has ``rows``.

        Raises :class:`~kg.errors.BadParameter` for an argument that is no number of a page.
        """
        overview = {name: max(1, rows // part) for name, part in _OVERVIEW.items()}
        full = {name: max(1, rows // part) for name, part in _FULL.items()}
        statements, claims, incoming = (
            Slice.of(page_number(arguments, parameter), full[name], overview[name])
            for name, parameter in PARAMETERS.items()
        )
        return cls(statements, claims, incoming, overview, full)
