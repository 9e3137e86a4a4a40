"""What of the graph matters for links: our things with their kinds, names and neighbours."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.namespaces import DCTERMS
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS

_NAMES: Final = (RDFS + "label", SKOS + "prefLabel")
_OTHER_NAMES: Final = (SKOS + "altLabel",)
_NEAR: Final = ("broader", "narrower", "related")
NEAR_PROPERTIES: Final = (
    *(SKOS + name for name in _NEAR),
    *(POL + name for name in ("ofCountry", "concerns", "partOf", "hasMember")),
    *(DCTERMS + name for name in ("subject", "isPartOf", "spatial")),
)


@dataclass(slots=True)
class Entity:
    """A thing: its classes, names, other names, and what is next to it."""

    iri: str
    kinds: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)
    near: set[str] = field(default_factory=set)
    near_iris: set[str] = field(default_factory=set)
    notes: str = ""

    @property
    def label(self) -> str:
        """The first name, or the IRI."""
        return self.names[0] if self.names else self.iri


def entities(quads: Iterable[Quad]) -> dict[str, Entity]:
    """Return the named things that ``quads`` speak of, by IRI; those without a name are left out.

    English names stand first.
    """
    found: dict[str, Entity] = {}
    near: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        iri, predicate, value = quad.subject.value, quad.predicate.value, quad.object
        thing = found.setdefault(iri, Entity(iri))
        if isinstance(value, Literal):
            _literal(thing, predicate, value)
        elif predicate == RDF + "type" and isinstance(value, NamedNode):
            thing.kinds.add(value.value)
        elif predicate in NEAR_PROPERTIES and isinstance(value, NamedNode):
            near[iri].add(value.value)
            near[value.value].add(iri)
    for iri, others in near.items():
        if iri in found:
            found[iri].near_iris = others
            labels = (found[one] for one in others if one in found)
            found[iri].near = {one.names[0] for one in labels if one.names}
    return {iri: thing for iri, thing in sorted(found.items()) if thing.names}


def _literal(thing: Entity, predicate: str, value: Literal) -> None:
    if predicate in _NAMES:
        # English before the other languages, so that labels shown are those of the pages.
        place = 0 if value.language in ("en", None) else len(thing.names)
        if value.value not in thing.names:
            thing.names.insert(place, value.value)
    elif predicate in _OTHER_NAMES:
        thing.other_names.append(value.value)
    elif predicate in (DCTERMS + "description", SKOS + "scopeNote", SKOS + "definition"):
        thing.notes = f"{thing.notes} {value.value}".strip()
