"""What the address of a list asks for: values of facets, an order, a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.errors import BadParameter
from kg.namespaces import POL
from server.claim_view import CERTAINTIES
from server.links import Links
from server.list_classes import ListedClass
from server.page_language import marked
from server.paging import page_number

# Facets by parameter, with the names that readers see.
FACETS: Final = {
    "kind": marked("Kind"),
    "certainty": marked("Certainty"),
    "asserter": marked("Asserted by"),
    "addressee": marked("Addressed to"),
    "framework": marked("Framework"),
    "year": marked("Year"),
}
SORTS: Final = {
    "name": "by-name",
    "-name": "by-name-down",
    "time": "by-time",
    "-time": "by-time-down",
}
_OF_CLAIMS: Final = frozenset(("certainty", "asserter", "addressee", "framework"))
_TERMS: Final = ("kind", "certainty")


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The chosen ``values`` of facets, the ``sort`` and the ``page``, from 1; ``arguments`` are as
    the address has them.
    """

    of: ListedClass
    values: Mapping[str, Term]
    sort: str
    page: int
    arguments: Mapping[str, str]

    def parts(self, ordered: bool, *, page: bool = False) -> frozenset[str]:
        """Return the parts of ``list.rq`` that are wanted, with an order or without; those for a
        ``page``, which sorts its rows by itself, or those for a table.
        """
        chosen = set(self.values)
        about = "own" if self.of.is_of_claims else "about"
        chosen.add(about if chosen & _OF_CLAIMS else "whole")
        chosen.add("of-claims" if self.of.is_of_claims else "of-things")
        if ordered:
            order = SORTS[self.sort]
            chosen |= {"sorted", order}
            chosen |= {"keyed"} if page else {f"rows-{order}", "timed"}
            chosen.add("timed" if self.sort.endswith("time") else "dated" if page else "timed")
            chosen |= {f"grouped-{name}" for name in self.values}
        return frozenset(chosen)

    @property
    def bindings(self) -> dict[str, Term]:
        """The values for the variables of the queries."""
        return {"class": self.of.node, **self.values}

    @property
    def path(self) -> str:
        """The address of the list without arguments."""
        return f"/list/{self.of.slug}"

    def address(self, changes: Mapping[str, str | None] | None = None, extension: str = "") -> str:
        """Return the address of the list with other arguments; ``None`` takes one away.

        The first page is meant, because another selection or order has other pages.
        """
        kept = {name: value for name, value in self.arguments.items() if name != "page"}
        merged = {
            name: value for name, value in {**kept, **(changes or {})}.items() if value is not None
        }
        query = urlencode(merged)
        return f"{self.path}{extension}{'?' if query else ''}{query}"


def list_request(of: ListedClass, arguments: Mapping[str, str], links: Links) -> ListRequest:
    """Return what ``arguments`` ask of the list of the class ``of``.

    Raises :class:`~kg.errors.BadParameter`, which says what is allowed.
    """
    for name in arguments:
        if name not in (*FACETS, "sort", "page", "lang"):
            raise BadParameter(
                f"A list has no parameter {name[:80]!r}",
                where=name[:80],
                remedy=f"Known: {', '.join((*FACETS, 'sort', 'page'))}.",
            )
    values = {
        name: _value(name, arguments[name], of, links) for name in FACETS if arguments.get(name)
    }
    sort = arguments.get("sort") or "name"
    if sort not in SORTS:
        raise BadParameter(
            f"A list cannot be sorted by {sort[:80]!r}",
            where="sort",
            remedy=f"Known: {', '.join(SORTS)}; a minus sign turns the order round.",
        )
    return ListRequest(of, values, sort, page_number(arguments, "page"), dict(arguments))


def short_value(name: str, term: Term, links: Links) -> str:
    """Return the value of the facet ``name`` as addresses have it: its local name if it is one of
    ours, else its IRI.
    """
    if not isinstance(term, NamedNode):
        return term.value if isinstance(term, Literal) else str(term)
    start = POL if name in _TERMS else links.iri("id")
    local = term.value.removeprefix(start)
    return local if local != term.value and "/" not in local and ":" not in local else term.value


def unknown_value(name: str, value: str, known: list[str]) -> BadParameter:
    """Return the error for a ``value`` that no member has, with some that are ``known``."""
    most = 12
    more = ", …" if len(known) > most else ""
    listed = f"Known: {', '.join(known[:most])}{more}." if known else "It has no values here."
    return BadParameter(f"{value[:80]!r} is no value of this facet", where=name, remedy=f"{listed}")


def _value(name: str, text: str, of: ListedClass, links: Links) -> Term:
    if name == "year":
        if re.fullmatch(r"[0-9]{4}", text):
            return Literal(text)
        raise BadParameter(
            f"{text[:80]!r} is not a year", where="year", remedy="Give four digits, such as 2014."
        )
    whole = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)
    try:
        node = NamedNode(text if whole else (POL if name in _TERMS else links.iri("id")) + text)
    except ValueError:
        raise BadParameter(
            f"{text[:80]!r} is neither a name nor an IRI",
            where=name,
            remedy="Take a value from the list, such as the links under the facets have.",
        ) from None
    if name == "kind" and node not in of.below:
        raise unknown_value(name, text, [short_value(name, one, links) for one in of.below])
    if name == "certainty" and node.value not in {POL + level for level in CERTAINTIES}:
        raise unknown_value(name, text, list(CERTAINTIES))
    return node
