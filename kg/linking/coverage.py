"""Whether everything that should be linked is linked, or was looked for in vain."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import Finding
from kg.linking.sssom import Mapping
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import shorten

# Kinds of things of which each needs a link, or a row that says where one was looked for.
SOUGHT: Final = (
    *("Country", "Region", "Organization", "ActorGroup", "ArmedGroup", "Topic", "Person"),
    "PolicyFramework",
)
# Thesauri that have countries, regions and topics: each of these needs a row for each of them.
THESAURI: Final = (
    "http://eurovoc.europa.eu/100141",
    "http://vocabularies.unesco.org/thesaurus",
    "http://zbw.eu/stw",
)
IN_THESAURI: Final = ("Country", "Region", "Topic")


@dataclass(frozen=True, slots=True)
class Covered:
    """How far the things of one kind are covered: all, linked, and looked for in vain."""

    kind: str
    things: int
    linked: int
    sought: int

    @property
    def undecided(self) -> int:
        """How many have neither a link nor a row that says that there is none."""
        return self.things - self.linked - self.sought


def kinds(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """Return the local names of the vocabulary's classes of each thing, those above included."""
    above: dict[str, set[str]] = defaultdict(set)
    stated: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode):
            continue
        if quad.predicate.value == RDFS + "subClassOf":
            above[quad.subject.value].add(quad.object.value)
        elif quad.predicate.value == RDF + "type" and quad.object.value.startswith(POL):
            stated[quad.subject.value].add(quad.object.value)
    found: dict[str, set[str]] = {}
    for thing, classes in stated.items():
        todo, seen = list(classes), set()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += above.get(one, ())
        found[thing] = {one.removeprefix(POL) for one in seen if one.startswith(POL)}
    return found


def coverage(
    mappings: Sequence[Mapping], of: ReadMapping[str, set[str]]
) -> tuple[list[Covered], list[Finding]]:
    """Return how far each kind of thing is covered, and a finding for each gap.

    ``of`` says what kinds a thing is of; see :func:`kinds`.
    """
    linked = {one.subject for one in mappings if one.holds}
    sought = {one.subject for one in mappings if one.sought}
    looked = {(one.subject, one.values.get("object_source")) for one in mappings if not one.negated}
    rows: list[Covered] = []
    gaps: dict[str, Finding] = {}
    for kind in SOUGHT:
        things = sorted(thing for thing, classes in of.items() if kind in classes)
        with_link = [thing for thing in things if thing in linked]
        in_vain = [thing for thing in things if thing in sought - linked]
        rows.append(Covered(kind, len(things), len(with_link), len(in_vain)))
        for thing in things:
            missing = [one for one in THESAURI if (thing, one) not in looked]
            if thing not in linked | sought:
                gaps[thing] = _gap(thing, "has neither a link nor a row that says there is none")
            elif kind in IN_THESAURI and missing:
                gaps[thing] = _gap(thing, f"has no row for {', '.join(missing)}")
    return rows, [gaps[thing] for thing in sorted(gaps)]


def _gap(thing: str, what: str) -> Finding:
    return Finding(
        shorten(thing),
        f"It {what}",
        "Link it, or add a row with object_id sssom:NoTermFound and the object_source.",
    )
