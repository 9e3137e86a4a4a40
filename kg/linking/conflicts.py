"""Faults of a set of mappings as a whole, which no row shows by itself."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import Finding
from kg.linking.sssom import Mapping
from kg.namespaces import PREFIXES
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from kg.namespaces import shorten

SAME = SCHEMA + "sameAs"
EXACT = SKOS + "exactMatch"
BROAD = SKOS + "broadMatch"
NARROW = SKOS + "narrowMatch"
_IDENTITY = (SAME, EXACT)
_BROADER = (SKOS + "broader", BROAD)
_NARROWER = (SKOS + "narrower", NARROW)
# Classes of other vocabularies, with the one of ours that a thing of them can only have.
_CLASSES = {
    PREFIXES["foaf"] + "Person": "Person",
    PREFIXES["org"] + "Organization": "Organization",
    SCHEMA + "Country": "Country",
}


def conflicts(
    mappings: Sequence[Mapping],
    kinds: ReadMapping[str, Iterable[str]],
    targets: Sequence[Quad] = (),
) -> list[Finding]:
    """Return the faults among ``mappings``.

    ``kinds`` says of our things the local names of their classes, those above included;
    ``targets`` are statements of other datasets.
    """
    links = [mapping for mapping in mappings if mapping.holds]
    return [
        *_contradictions(mappings),
        *_types(links, kinds, targets),
        *_one_to_many(links),
        *_chains(links, targets),
        *_cycles(links, targets),
    ]


def _contradictions(mappings: Sequence[Mapping]) -> Iterator[Finding]:
    """A link that a negative row rules out, or two relations of one pair."""
    refused: dict[tuple[str, str, str], Mapping] = {}
    for one in mappings:
        if one.negated:
            refused[one.subject, _strength(one.predicate), one.object] = one
    seen: dict[tuple[str, str], Mapping] = {}
    for one in mappings:
        if not one.holds:
            continue
        no = refused.get((one.subject, _strength(one.predicate), one.object))
        if no:
            yield Finding(
                one.where,
                f"{_pair(one)} was decided not to hold, in {no.where}",
                "Remove the row, or the negative one if that was wrong.",
            )
        other = seen.setdefault((one.subject, one.object), one)
        # A row that repeats another is told where the table is read.
        if other.predicate != one.predicate:
            yield Finding(
                one.where,
                f"The pair has the relations {shorten(other.predicate)} and "
                f"{shorten(one.predicate)}",
                f"Keep one of them; the other stands in {other.where}.",
            )


def _strength(predicate: str) -> str:
    return EXACT if predicate in _IDENTITY else predicate


def _types(
    links: Sequence[Mapping], kinds: ReadMapping[str, Iterable[str]], targets: Sequence[Quad]
) -> Iterator[Finding]:
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in targets:
        if isinstance(quad.object, NamedNode) and quad.object.value in _CLASSES:
            classes[str(quad.subject)[1:-1]].add(quad.object.value)
    for one in links:
        ours = set(kinds.get(one.subject, ()))
        if one.predicate == SAME and "Topic" in ours:
            yield Finding(
                one.where,
                f"{_pair(one)}: a topic is no single thing",
                "Use skos:exactMatch or another relation of concepts.",
            )
        if one.predicate == EXACT and ours & {"Actor", "Place", "Document"}:
            yield Finding(
                one.where,
                f"{_pair(one)}: {shorten(one.subject)} is a single thing and no concept",
                "Use schema:sameAs if it is the same, or skos:broadMatch to its kind.",
            )
        for theirs in sorted(classes.get(one.object, ())):
            if one.predicate in _IDENTITY and ours and _CLASSES[theirs] not in ours:
                yield Finding(
                    one.where,
                    f"{_pair(one)}: the target is a {shorten(theirs)}",
                    f"{shorten(one.subject)} is not; remove the row.",
                )


def _one_to_many(links: Sequence[Mapping]) -> Iterator[Finding]:
    first: dict[tuple[str, str], Mapping] = {}
    for one in links:
        if one.predicate in _IDENTITY:
            place = first.setdefault((one.subject, _space(one.object)), one)
            if place.object != one.object:
                yield Finding(
                    one.where,
                    f"{shorten(one.subject)} is the same as two things of {_space(one.object)}",
                    f"Keep one of them; the other stands in {place.where}.",
                )


def _space(iri: str) -> str:
    """Return the namespace of a target: two names in one are two things."""
    cut = max(iri.rstrip("/").rfind("/"), iri.rfind("#")) + 1
    local = iri[cut:]
    return iri[:cut] + (local.rsplit("-", 1)[0] if iri.startswith(PREFIXES["id"]) else "")


class _Groups:
    """Things that are said to be the same, by a forest of parents."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def of(self, thing: str) -> str:
        root = thing
        while self._parent.get(root, root) != root:
            root = self._parent[root]
        self._parent[thing] = root
        return root

    def join(self, one: str, other: str) -> None:
        self._parent[self.of(one)] = self.of(other)


def _same_there(targets: Sequence[Quad]) -> Iterator[tuple[str, str]]:
    for quad in targets:
        if quad.predicate.value in _IDENTITY and isinstance(quad.object, NamedNode):
            yield str(quad.subject)[1:-1], quad.object.value


def _chains(links: Sequence[Mapping], targets: Sequence[Quad]) -> Iterator[Finding]:
    """Two of our things that the links, and what others say is the same, make one."""
    groups = _Groups()
    for one, other in _same_there(targets):
        groups.join(one, other)
    identities = [link for link in links if link.predicate in _IDENTITY]
    ours: dict[str, Mapping] = {}
    for link in identities:
        first = ours.get(groups.of(link.object))
        before = ours.get(groups.of(link.subject), link)
        if first and first.subject != before.subject:
            yield Finding(
                link.where,
                f"{shorten(link.subject)} and {shorten(first.subject)} become the same "
                f"by way of {link.object}",
                f"Remove this row, or that of {first.where}.",
            )
            continue
        groups.join(link.object, link.subject)
        ours[groups.of(link.subject)] = before


def _cycles(links: Sequence[Mapping], targets: Sequence[Quad]) -> Iterator[Finding]:
    """A thing that is broader than itself, by our links and what others say."""
    groups = _Groups()
    for one, other in _same_there(targets):
        groups.join(one, other)
    for link in links:
        if link.predicate in _IDENTITY:
            groups.join(link.subject, link.object)
    above: dict[str, set[str]] = defaultdict(set)
    for quad in targets:
        if isinstance(quad.object, NamedNode):
            pair = groups.of(str(quad.subject)[1:-1]), groups.of(quad.object.value)
            if quad.predicate.value in _BROADER:
                above[pair[0]].add(pair[1])
            elif quad.predicate.value in _NARROWER:
                above[pair[1]].add(pair[0])
    for link in links:
        pair = groups.of(link.subject), groups.of(link.object)
        if link.predicate == BROAD:
            above[pair[0]].add(pair[1])
        elif link.predicate == NARROW:
            above[pair[1]].add(pair[0])
    for link in links:
        if link.predicate in (BROAD, NARROW):
            ends = (link.subject, link.object)
            low, high = ends if link.predicate == BROAD else (ends[1], ends[0])
            if _reaches(above, groups.of(high), groups.of(low)):
                yield Finding(
                    link.where,
                    f"{_pair(link)} closes a circle: the broader thing is below the narrower one",
                    "Correct the relation.",
                )


def _reaches(above: ReadMapping[str, set[str]], start: str, goal: str) -> bool:
    todo, seen = [start], set()
    while todo:
        one = todo.pop()
        if one == goal:
            return True
        if one not in seen:
            seen.add(one)
            todo += above.get(one, ())
    return False


def _pair(one: Mapping) -> str:
    return f"{shorten(one.subject)} {shorten(one.predicate)} {one.object}"
