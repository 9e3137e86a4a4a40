"""The statements that lead to a thing, as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.errors import BadParameter
from kg.namespaces import BASE
from kg.namespaces import POL
from kg.namespaces import expand
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.entity_head import Head
from server.entity_head import IncomingCount
from server.entity_head import own_first
from server.entity_head import property_key
from server.links import Links
from server.paging import Pager
from server.service import Service

_ALL: Final = "all"  # the value of the parameter that asks for the links with every property


@dataclass(frozen=True, slots=True)
class IncomingGroup:
    """The statements with one property that lead to a thing, as far as this page holds them."""

    property: Cell
    others: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ListedLinks:
    """Which of the links to a thing a page lists: those with ``relation``, or all if there is
    none; ``total`` is how many those are, ``None`` if they are not counted; ``hub`` says whether
    there are many links to the thing.
    """

    relation: NamedNode | None
    key: str | None
    total: int | None
    hub: bool

    @property
    def parts(self) -> frozenset[str]:
        """The parts of ``incoming.rq`` that are wanted: few links are sorted."""
        return frozenset(("hub",) if self.hub else ("sorted",))

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


def listed_links(service: Service, top: Head, chosen: str | None, size: int) -> ListedLinks:
    """Return which links a page lists: all if they fit on one page of ``size`` or all were asked
    for, else those with one property, the ``chosen`` one or the first.

    A hub is listed property by property, because the engine finds any page of the links with one
    property quickly. Raises :class:`~kg.errors.BadParameter` if ``chosen`` names no property.
    """
    counts = {one.key: one.count for one in top.incoming}
    total = top.incoming_total
    fits = total is not None and total <= size
    if chosen == _ALL or (chosen is None and (fits or not counts)):
        return ListedLinks(None, None, total, total is None)
    prop = _property(service, chosen or next(iter(counts)))
    key = property_key(prop.value, service.links)
    return ListedLinks(prop, key, counts.get(key, 0 if total is not None else None), total is None)


def leading_properties(
    counted: Sequence[IncomingCount], rows: Sequence[dict[str, Term]], links: Links
) -> tuple[IncomingCount, ...]:
    """Return the properties that lead to a hub: those ``counted``, and the others in the solutions
    of ``incoming.rq``.
    """
    found = {one.property.iri or "": one for one in counted}
    for row in rows:
        term = row.get("leading")
        if isinstance(term, NamedNode) and term.value not in found:
            shown = cell(term, links, row.get("leadingLabel"))
            found[term.value] = IncomingCount(property_key(term.value, links), shown, None)
    return tuple(one for _, one in sorted(found.items(), key=lambda one: own_first(one[0], links)))


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


def incoming_groups(rows: Sequence[dict[str, Term]], links: Links) -> list[IncomingGroup]:
    """Return the links in the solutions of ``incoming.rq`` by their properties."""
    groups: dict[Term, dict[Term, list[dict[str, Term]]]] = {}
    for row in rows:
        if "other" in row:
            groups.setdefault(row["property"], {}).setdefault(row["other"], []).append(row)
    return [
        IncomingGroup(
            cell(
                prop,
                links,
                best_label(row.get("propertyLabel") for same in others.values() for row in same),
            ),
            tuple(
                cell(other, links, best_label(row.get("otherLabel") for row in same))
                for other, same in others.items()
            ),
        )
        for prop, others in groups.items()
    ]
