"""Things and the links between them around those that a reader has opened, bounded."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.namespaces import POL
from server.cells import Cell
from server.cells import is_true
from server.claim_view import CERTAINTIES
from server.links import Links
from server.picture_query import picture_query
from server.picture_request import RECORDED
from server.picture_request import PictureRequest
from server.picture_request import name_of_thing
from server.picture_request import thing
from server.row_cells import Row
from server.row_cells import cells
from server.row_cells import grouped
from server.row_cells import text_of
from server.service import Service

NODES: Final = 500  # things that are shown at most


@dataclass(frozen=True, slots=True)
class Node:
    """A thing: its name in addresses, how it is shown, its kind, and whether it is opened."""

    name: str
    cell: Cell
    kind: str
    kind_name: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Link:
    """What stands between two things, by their names; ``level`` is a certainty, or "recorded" for
    what no claim says, ``claims`` are those that say it.
    """

    start: str
    end: str
    relation: Cell
    level: str
    negated: bool
    claims: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PictureGraph:
    """What is shown; ``more`` are the names of opened things that have further links; ``kinds`` and
    ``levels`` count what there would be without a choice of them.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    more: tuple[str, ...]
    kinds: tuple[tuple[str, str, int], ...]
    levels: tuple[tuple[str, int], ...]


def picture_graph(here: Service, asked: PictureRequest) -> PictureGraph | None:
    """Return what is around the opened things, or ``None`` if nothing is known of the first."""
    query, most = picture_query(here, asked)
    rows = list(here.engine.rows(query))
    nodes = _nodes(rows, asked, here.links)
    if asked.start not in nodes:
        return None
    links = _links(rows, asked, here.links)
    more = tuple(
        name
        for number, name in enumerate(asked.things)
        if _longest(row for row in rows if text_of(row, "which") == str(number)) > most
    )
    return _chosen(nodes, links, asked, more)


def _chosen(
    nodes: dict[str, Node], links: list[Link], asked: PictureRequest, more: tuple[str, ...]
) -> PictureGraph:
    """Return what of the whole is asked for, no more than :data:`NODES` of the things."""
    kinds = Counter((node.kind, node.kind_name) for node in nodes.values())
    levels = Counter(link.level for link in links)

    def is_shown(name: str) -> bool:
        node = nodes.get(name)
        return node is not None and (node.opened or not asked.kinds or node.kind in asked.kinds)

    links = [
        link
        for link in links
        if (not asked.levels or link.level in asked.levels)
        and is_shown(link.start)
        and is_shown(link.end)
    ]
    wanted = dict.fromkeys(name for name in asked.things if name in nodes)
    wanted |= dict.fromkeys(name for link in links for name in (link.start, link.end))
    names = list(wanted)
    shown = set(names[:NODES])
    if len(names) > NODES:
        more = tuple(dict.fromkeys((*more, asked.start)))
    return PictureGraph(
        tuple(nodes[name] for name in names[:NODES]),
        tuple(link for link in links if link.start in shown and link.end in shown),
        more,
        tuple((*kind, count) for kind, count in sorted(kinds.items(), key=lambda one: one[0][1])),
        tuple(sorted(levels.items(), key=lambda one: _rank(one[0]))),
    )


def _nodes(rows: Sequence[Row], asked: PictureRequest, links: Links) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for number, name in enumerate(asked.things):
        around = [row for row in rows if text_of(row, "which") == str(number)]
        if around:
            known = [row for row in around if "property" not in row]
            own = [{**row, "other": thing(name, links)} for row in known or [{}]]
            found[name] = _node(name, own, links, opened=True)
    for other, same in grouped(rows, "other"):
        near = name_of_thing(getattr(other, "value", ""), links)
        if near is not None and near not in found:
            found[near] = _node(near, same, links, opened=False)
    return found


def _node(name: str, rows: Sequence[Row], links: Links, *, opened: bool) -> Node:
    kinds = sorted(cells(rows, "kind", links), key=lambda kind: kind.iri or "")
    # A thing may be of several kinds; ours say more than those of other vocabularies.
    ours = [kind for kind in kinds if (kind.iri or "").startswith(POL)] or kinds
    kind = ours[0] if ours else Cell("thing", iri="")
    local = (kind.iri or "").removeprefix(POL)
    return Node(name, cells(rows, "other", links)[0], local, kind.text, opened)


def _links(rows: Sequence[Row], asked: PictureRequest, links: Links) -> list[Link]:
    """Return each link once, though both of its ends may be opened, with all claims that say it."""
    merged: dict[tuple[str, str, str, str, bool], tuple[Cell, dict[str | None, Cell]]] = {}
    for (which, _), same in _by_property(rows).items():
        name = asked.things[which]
        relation = cells(same, "property", links)[0]
        for row in same:
            near = name_of_thing(text_of(row, "other"), links)
            if near is None:
                continue
            ends = (near, name) if is_true(row.get("inverse")) else (name, near)
            key = (*ends, text_of(row, "property"), _level(row), is_true(row.get("negated")))
            _, claims = merged.setdefault(key, (relation, {}))
            for claim in cells([row], "claim", links):
                claims.setdefault(claim.iri, claim)
    said = {key[:3] for key in merged if key[3] != RECORDED}
    return [
        Link(key[0], key[1], relation, key[3], key[4], tuple(claims.values()))
        for key, (relation, claims) in merged.items()
        if key[3] != RECORDED or key[:3] not in said
    ]


def _by_property(rows: Sequence[Row]) -> dict[tuple[int, str], list[Row]]:
    found: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        if "property" in row:
            key = int(text_of(row, "which")), text_of(row, "property")
            found.setdefault(key, []).append(row)
    return found


def _level(row: Row) -> str:
    if "claim" not in row:
        return RECORDED
    level = text_of(row, "certainty").removeprefix(POL)
    return level if level in CERTAINTIES else "other"


def _rank(level: str) -> int:
    ranks = (*CERTAINTIES, "other", RECORDED)
    return ranks.index(level)


def _longest(rows: Iterable[Row]) -> int:
    """Return how many links there are of the sort of which there are most."""
    sorts: dict[tuple[str, bool], set[tuple[str, ...]]] = {}
    for row in rows:
        if "property" in row:
            link = tuple(text_of(row, name) for name in ("property", "other", "claim"))
            sorts.setdefault((text_of(row, "inverse"), "claim" in row), set()).add(link)
    return max(map(len, sorts.values()), default=0)
