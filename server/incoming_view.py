"""The statements that lead to a thing, as a page shows them."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.errors import BadParameter
from kg.namespaces import BASE
from kg.namespaces import POL
from kg.namespaces import expand
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.entity_head import COUNTED
from server.entity_head import IncomingCount
from server.entity_head import own_first
from server.entity_head import property_key
from server.links import Links
from server.paging import Pager
from server.service import Service

_ALL: Final = "all"  # the value of the parameter that asks for the links with every property
# So many links with one property are sorted; beyond them pages go by the engine's index.
SORTED: Final = 300


@dataclass(frozen=True, slots=True)
class IncomingGroup:
    """The statements with one property that lead to a thing, as far as this page holds them."""

    property: Cell
    others: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ListedLinks:
    """Which of the links to a thing a page lists: those with ``relation``, or all if there is
    none; ``total`` is how many those are, ``None`` if they are not counted; ``hub`` says whether
    there are more links to the thing than are counted, ``fits`` whether all stand on one page, and
    ``first`` whether this is the page on which the reader came in.
    """

    relation: NamedNode | None
    key: str | None
    total: int | None
    hub: bool
    fits: bool
    first: bool = False

    @property
    def parts(self) -> frozenset[str]:
        """The parts of ``incoming.rq`` that are wanted: what does not fit on a page is sorted by
        the engine, if it is little.
        """
        if self.hub:
            # On the first page those properties will do that lead to it most often.
            return frozenset(() if self.first else ("hub",))
        few = self.total is not None and self.total <= SORTED
        return frozenset(("sorted",)) if few and not self.fits else frozenset()

    def with_next(self, place: Pager, incoming: Sequence[IncomingCount], path: str) -> Pager:
        """Return ``place``, of whose last page the next one is the first of the next property."""
        keys = [one.key for one in incoming]
        if place.next or not self.key or self.key not in keys:
            return place
        following = next(iter(keys[keys.index(self.key) + 1 :]), None)
        if following is None:
            return place
        query = urlencode({"incoming": following})
        return replace(place, next=f"{path}?{query}#incoming-links")


def listed_links(
    service: Service, counts: Mapping[Term, int], chosen: str | None, size: int, number: int = 1
) -> ListedLinks:
    """Return which links page ``number`` lists: all if they fit on one page of ``size`` or all were
    asked for, else those with one property, the ``chosen`` one or the first.

    ``counts`` are those of the links by property, as far as links are counted. A hub is listed
    property by property, because the engine finds any page of the links with one property quickly.
    Raises :class:`~kg.errors.BadParameter` if ``chosen`` names no property.
    """
    total = sum(counts.values())
    hub = total > COUNTED
    fits = total <= size
    if chosen == _ALL or (chosen is None and (fits or not counts)):
        return ListedLinks(None, None, None if hub else total, hub, fits)
    if chosen is None:
        prop = NamedNode(min(_iris(counts), key=lambda iri: own_first(iri, service.links)))
    else:
        prop = _property(service, chosen)
    key = property_key(prop.value, service.links)
    count = None if hub else counts.get(prop, 0)
    first = chosen is None and number == 1
    return ListedLinks(prop, key, count, hub, count is not None and count <= size, first)


def leading_properties(
    counted: Sequence[IncomingCount], rows: Sequence[Mapping[str, Term]], links: Links
) -> tuple[IncomingCount, ...]:
    """Return the properties that lead to a hub: those ``counted``, and the others in the solutions
    of ``incoming.rq``.
    """
    found = {one.property.iri or "": one for one in counted}
    for row in rows:
        term = row.get("also")
        if isinstance(term, NamedNode) and term.value not in found:
            shown = cell(term, links, row.get("alsoLabel"))
            found[term.value] = IncomingCount(property_key(term.value, links), shown, None)
    return tuple(one for _, one in sorted(found.items(), key=lambda one: own_first(one[0], links)))


def incoming_groups(
    rows: Sequence[Mapping[str, Term]],
    links: Links,
    names: Mapping[Term, Literal],
    size: int,
    fits: bool,
) -> tuple[list[IncomingGroup], int]:
    """Return the links in the solutions of ``incoming.rq`` by their properties, which go by
    ``names``, up to ``size`` of them; and how many links the solutions have.

    They are sorted here if all of them are at hand (``fits``).
    """
    found: dict[tuple[Term, Term], list[Term | None]] = {}
    for row in rows:
        if "other" not in row:
            continue  # one of the properties of a hub
        found.setdefault((row["linking"], row["other"]), []).append(row.get("otherLabel"))
    pairs = list(found)[:size]
    if fits:
        pairs.sort(key=lambda pair: (own_first(_text(pair[0]), links), _text(pair[1])))
    groups: dict[Term, list[Cell]] = {}
    for pair in pairs:
        prop, other = pair
        groups.setdefault(prop, []).append(cell(other, links, best_label(found[pair])))
    return [
        IncomingGroup(cell(prop, links, names.get(prop)), tuple(cells))
        for prop, cells in groups.items()
    ], len(found)


def _iris(terms: Iterable[Term]) -> list[str]:
    return [term.value for term in terms if isinstance(term, NamedNode)]


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _property(service: Service, name: str) -> NamedNode:
    try:
        iri = expand(name)
        if iri.startswith(BASE) and not iri.startswith(POL):
            iri = service.settings.base_iri + iri.removeprefix(BASE)
        return NamedNode(iri)
    except (KeyError, ValueError):
        raise BadParameter(
            f"{name[:80]!r} is not the name of a property",
            where="incoming",
            remedy="Give a prefixed name such as pol:hasGoal, an IRI in angle brackets, or all.",
        ) from None
