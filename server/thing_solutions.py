"""What the graph says for the page of a thing, asked for in two queries.

The first is planned in no time and tells how much there is, the second asks for what is wanted
then: to read and to plan a long query takes an engine longer than to answer it.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from server.incoming_view import ListedLinks
from server.incoming_view import listed_links
from server.property_names import property_names
from server.row_cells import text_of
from server.section_slices import Slices
from server.service import Service
from server.thing_first import first_solutions
from server.thing_first import named
from server.thing_parts import ThingParts
from server.thing_parts import incoming_total

Solution = dict[str, Term]


@dataclass(frozen=True, slots=True)
class ThingSolutions:
    """The solutions by what they tell of: ``named`` are names, kinds and descriptions,
    ``statements`` those of the page and their records, ``counts`` how many statements lead to the
    thing by property.
    """

    named: Sequence[Solution]
    statements: Sequence[Solution]
    more_statements: bool
    counts: Mapping[Term, int]
    names: Mapping[Term, Literal]
    is_graph: bool
    covered: bool
    claims: Sequence[Solution]
    claim_parts: frozenset[str]
    passages: Sequence[Solution]
    incoming: Sequence[Solution]
    elsewhere: Sequence[Solution]
    listed: ListedLinks
    slices: Slices

    @property
    def incoming_total(self) -> int | None:
        """How many statements lead to the thing; ``None`` if they are more than are counted."""
        return incoming_total(self.counts)

    @property
    def is_known(self) -> bool:
        """Whether the graph says anything about the thing."""
        return bool(self.named or self.statements or self.counts or self.is_graph)


def thing_solutions(
    service: Service, thing: NamedNode, arguments: Mapping[str, str]
) -> ThingSolutions:
    """Return the solutions for the page of ``thing``, of whose sections ``arguments`` choose pages.

    Raises :class:`~kg.errors.BadParameter` for an argument that does not fit.
    """
    slices = Slices.of(service.settings.page_rows, arguments)
    names: Mapping[Term, Literal] = property_names(service)
    first = first_solutions(service, thing, slices.statements)
    rows = first.rows
    counts = {row["leading"]: int(text_of(row, "count")) for row in rows if "count" in row}
    chosen, size = arguments.get("incoming"), slices.overview["incoming"]
    listed = listed_links(service, counts, chosen, size, slices.incoming.number)
    asked = ThingParts(service, thing, first, counts, names, slices, listed)
    found = asked.rows()
    names = _with_labels(names, (*rows, *found), ("leading", "property"))
    records = [row for row in found if "rule" in row or "mapping" in row]
    return ThingSolutions(
        named=[named(row) for row in found if "name" in row]
        if first.named is None
        else first.named,
        statements=[*first.statements, *records],
        more_statements=first.more,
        counts=counts,
        names=names,
        is_graph=any("isGraph" in row for row in rows),
        covered=any("covered" in row for row in found),
        claims=[row for row in found if "claim" in row],
        claim_parts=asked.claim_parts,
        passages=[row for row in found if "passage" in row],
        incoming=[row for row in found if "other" in row or "also" in row],
        elsewhere=[row for row in found if "dataset" in row],
        listed=listed,
        slices=slices,
    )


def _with_labels(
    known: Mapping[Term, Literal], rows: Sequence[Solution], variables: Sequence[str]
) -> Mapping[Term, Literal]:
    """Return the names that are ``known``, with those in the solutions, which are few."""
    found = {
        row[name]: label
        for row in rows
        for name in variables
        if isinstance(label := row.get(f"{name}Label"), Literal)
    }
    new = {term: label for term, label in found.items() if term not in known}
    return {**known, **new} if new else known
