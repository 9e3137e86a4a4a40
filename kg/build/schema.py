"""The classes of the vocabulary as boxes of a diagram: what is below each, where each leads."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SHACL

ANYTHING: Final = "anything"  # the name of the box for properties without a class
# A class below another has a box of its own if so many properties begin or end there.
_ENOUGH: Final = 2
_KINDS: Final = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


@dataclass(frozen=True, slots=True)
class Row:
    """Properties of a class that lead to one thing; ``target`` names its box, if it has one."""

    properties: tuple[str, ...]
    leads_to: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Box:
    """A class by its local name: the boxes above it, the classes below it that have no box of
    their own, its rows, and its values if these are listed in the vocabulary.
    """

    name: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    rows: tuple[Row, ...]
    values: tuple[str, ...]


def boxes(ontology: Iterable[Quad], shapes: Iterable[Quad]) -> list[Box]:
    """Return the boxes in the order of their names, and last the one for :data:`ANYTHING`.

    ``ontology`` says what joins the classes; where a property is declared without a domain, the
    ``shapes`` say to which class it belongs.
    """
    return _Schema(ontology, shapes).boxes()


class _Schema:
    def __init__(self, ontology: Iterable[Quad], shapes: Iterable[Quad]) -> None:
        self._of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in ontology:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                self._of[quad.predicate.value][quad.subject.value].add(quad.object.value)
        types = self._of[RDF + "type"]
        self._classes = {iri for iri in types if _own(iri) and OWL + "Class" in types[iri]}
        self._domains = self._domains_by(_shaped(shapes))
        ends = [domain for domain in self._domains.values() if domain]
        ends += [next(iter(found)) for found in self._of[RDFS + "range"].values()]
        self._boxed = {
            iri
            for iri in self._classes
            if not self._above(iri) or sum(end == iri for end in ends) >= _ENOUGH
        }

    def boxes(self) -> list[Box]:
        rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for prop, domain in sorted(self._domains.items()):
            if prop in {one for found in self._of[OWL + "inverseOf"].values() for one in found}:
                continue  # the property that it is the inverse of stands for both
            # A property of a class without a box stands in the box above, with the class's name.
            boxes_of = self._boxes_of(domain) if domain else {ANYTHING}
            name = _local(prop)
            if domain and domain not in self._boxed:
                name = f"{name} ({_local(domain)})"
            for box in boxes_of:
                rows[box][self._leads_to(prop)].append(name)
        found = [self._box(_local(iri), rows) for iri in sorted(self._boxed)]
        return [*found, Box(ANYTHING, (), (), self._rows(ANYTHING, rows), ())]

    def _box(self, name: str, rows: Mapping[str, Mapping[str, list[str]]]) -> Box:
        iri = POL + name
        types = self._of[RDF + "type"]
        below = [
            other
            for other in self._classes - self._boxed
            if iri in {POL + one for one in self._boxes_of(other)}
        ]
        return Box(
            name,
            tuple(sorted({one for above in self._above(iri) for one in self._boxes_of(above)})),
            tuple(sorted(map(_local, below))),
            self._rows(name, rows),
            tuple(sorted(_local(value) for value, kinds in types.items() if iri in kinds)),
        )

    def _rows(self, name: str, rows: Mapping[str, Mapping[str, list[str]]]) -> tuple[Row, ...]:
        found = []
        for leads_to, properties in sorted(rows.get(name, {}).items()):
            targets = self._boxes_of(POL + leads_to) if POL + leads_to in self._classes else set()
            found.append(Row(tuple(properties), leads_to, min(targets, default=None)))
        return tuple(found)

    def _domains_by(self, shaped: Mapping[str, set[str]]) -> dict[str, str | None]:
        """Return for each property of the vocabulary the class that it belongs to."""
        domains: dict[str, str | None] = {}
        for prop, types in self._of[RDF + "type"].items():
            if _own(prop) and types & {OWL + kind for kind in _KINDS}:
                found = self._of[RDFS + "domain"][prop] or {
                    one for one in shaped.get(prop, set()) if one in self._classes
                }
                domains[prop] = next(iter(found)) if len(found) == 1 else None
        return domains

    def _leads_to(self, prop: str) -> str:
        found = self._of[RDFS + "range"][prop]
        if found:
            return _local(next(iter(found)))
        is_object = OWL + "ObjectProperty" in self._of[RDF + "type"][prop]
        return ANYTHING if is_object else "text"

    def _above(self, iri: str) -> set[str]:
        return {one for one in self._of[RDFS + "subClassOf"][iri] if _own(one)}

    def _boxes_of(self, iri: str) -> set[str]:
        """Return the names of the boxes in which the class ``iri`` stands."""
        if iri in self._boxed:
            return {_local(iri)}
        return {box for above in self._above(iri) for box in self._boxes_of(above)}


def _shaped(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """Return for each property the classes whose shapes speak of it."""
    said: dict[str, dict[object, set[object]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        said[quad.predicate.value][quad.subject].add(quad.object)
    found: dict[str, set[str]] = defaultdict(set)
    for shape, parts in said[SHACL + "property"].items():
        for part in parts:
            for path in said[SHACL + "path"][part]:
                for target in said[SHACL + "targetClass"][shape]:
                    if isinstance(path, NamedNode) and isinstance(target, NamedNode):
                        found[path.value].add(target.value)
    return found


def _own(iri: str) -> bool:
    return iri.startswith(POL)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
