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
from server.entity_head import property_key
from server.links import Links
from server.paging import Pager
from server.service import Service

# So many links are sorted in less than 0.1 seconds.
_SORTED: Final = 1000


@dataclass(frozen=True, slots=True)
class IncomingGroup:
    """The statements with one property that lead to a thing, as far as this page holds them."""

    property: Cell
    others: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ListedLinks:
    """Which of the links to a thing a page lists: those with ``relation``, or all if there is
    none; ``total`` is how many those are, ``following`` the key of the property that comes next.
    """

    relation: NamedNode | None
    key: str | None
    total: int
    following: str | None

    @property
    def query(self) -> str:
        """The query that lists them; it sorts them if they are few enough for that."""
        return "incoming-sorted" if self.total <= _SORTED else "incoming"

    def with_next(self, place: Pager, path: str) -> Pager:
        """Return ``place``, of whose last page the next one is the first of the next property."""
        if place.next or not self.following:
            return place
        query = urlencode({"incoming": self.following})
        return replace(place, next=f"{path}?{query}#incoming-links")


def listed_links(service: Service, top: Head, chosen: str | None, size: int) -> ListedLinks:
    """Return which links a page lists: all if they fit on one page of ``size``, else those with
    one property, the ``chosen`` one or the first.

    A hub is listed property by property, because the engine finds any page of the links with one
    property quickly. Raises :class:`~kg.errors.BadParameter` if ``chosen`` names no property.
    """
    keys = [one.key for one in top.incoming]
    fits = top.incoming_total <= size
    if chosen is None and (fits or not keys):
        return ListedLinks(None, None, top.incoming_total, None)
    prop = _property(service, chosen or keys[0])
    key = property_key(prop.value, service.links)
    place = keys.index(key) if key in keys else len(keys)
    return ListedLinks(
        prop,
        key,
        sum(one.count for one in top.incoming if one.key == key),
        None if fits else next(iter(keys[place + 1 :]), None),
    )


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
            remedy="Give a prefixed name such as pol:hasGoal, or an IRI in angle brackets.",
        ) from None


def incoming_groups(rows: Sequence[dict[str, Term]], links: Links) -> list[IncomingGroup]:
    """Return the links in the solutions of ``incoming.rq`` by their properties."""
    groups: dict[Term, dict[Term, list[dict[str, Term]]]] = {}
    for row in rows:
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
