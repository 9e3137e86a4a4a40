"""The smallest change of the real data that breaks a constraint, for every kind of constraint.

Constraints of property shapes are broken by rule, so that a new shape has mutants without more ado.
Node shapes that combine others (sh:xone, sh:or, sh:not) have theirs in a report's ``mutants.toml``.
"""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from rdflib import SH
from rdflib import XSD
from rdflib import BNode
from rdflib import Graph
from rdflib import Literal
from rdflib import URIRef
from rdflib.term import Node

Triple = tuple[Node, Node, Node]

FRESH = URIRef("https://w3id.org/policykg/id/mutant")
# What stands in a shape and is no constraint.
_ABOUT = {
    SH[name]
    for name in (
        *("path", "property", "group", "order", "message"),
        *("severity", "name", "description", "flags", "deactivated"),
    )
}


@dataclass(frozen=True)
class Constraint:
    """A constraint: the shape with the target, the target, the shape it stands in, what it says."""

    target_shape: Node
    target: tuple[Node, Node]
    shape: Node
    parameter: URIRef
    value: Node

    def __str__(self) -> str:
        names = [self.target_shape, self.target[1]]
        if isinstance(self.shape, URIRef) and self.shape != self.target_shape:
            names.append(self.shape)
        return " ".join(local(name) for name in [*names, self.parameter])

    @property
    def component(self) -> URIRef:
        """The IRI by which a validation result names the kind of constraint."""
        name = local(self.parameter)
        return SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]


@dataclass
class Change:
    """Statements to take away and to put in; ``focus`` is the node that then breaks the shape."""

    focus: Node
    removed: list[Triple] = field(default_factory=list)
    added: list[Triple] = field(default_factory=list)

    def apply(self, data: Graph) -> None:
        """Change ``data``."""
        for triple in self.removed:
            data.remove(triple)
        for triple in self.added:
            data.add(triple)

    def undo(self, data: Graph) -> None:
        """Put ``data`` back as it was."""
        for triple in self.added:
            data.remove(triple)
        for triple in self.removed:
            data.add(triple)


def local(node: Node) -> str:
    """Return the last part of an IRI."""
    return str(node).replace("#", "/").rsplit("/", 1)[-1]


def constraints(shapes: Graph) -> Iterator[Constraint]:
    """Yield each constraint of each shape that has a target, once for each of its targets."""
    for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode):
        for shape, target in shapes.subject_objects(predicate):
            for part in (shape, *shapes.objects(shape, SH.property)):
                for parameter, value in shapes.predicate_objects(part):
                    named = str(parameter).startswith(str(SH)) and parameter not in _ABOUT
                    about = local(parameter).startswith("target")
                    if isinstance(parameter, URIRef) and named and not about:
                        yield Constraint(shape, (predicate, target), part, parameter, value)


class Breaker:
    """Finds in ``data`` the change that breaks a constraint of ``shapes``."""

    def __init__(self, data: Graph, shapes: Graph, nodes: Callable[..., Iterator[Node]]) -> None:
        self.data = data
        self.shapes = shapes
        self.nodes = nodes

    def change(self, constraint: Constraint) -> Change:
        """Return the change; raises ``LookupError`` for a kind of constraint without a rule, and
        where the target meets no node.
        """
        rule = _RULES[local(constraint.parameter)]
        return rule(self, constraint)

    def path(self, constraint: Constraint) -> tuple[Node, bool]:
        """Return the property on the path, and whether it is followed backwards."""
        path = self.shapes.value(constraint.shape, SH.path)
        inverse = self.shapes.value(path, SH.inversePath) if isinstance(path, BNode) else None
        property_ = inverse or path
        if property_ is None or isinstance(property_, BNode):
            raise LookupError(f"{constraint} has no path that is known here")
        return property_, inverse is not None

    def focus(self, constraint: Constraint, *having: Node) -> Node:
        """Return a node that the target meets: one with all of ``having``, if there is one, and
        one that no other target of the shape meets, if there is one.
        """
        mine = sorted(set(self.nodes(self.data, *constraint.target)), key=str)
        if not mine:
            raise LookupError(f"{constraint} meets no node")
        others: set[Node] = set()
        for predicate, target in self.shapes.predicate_objects(constraint.target_shape):
            if local(predicate).startswith("target") and (predicate, target) != constraint.target:
                others |= set(self.nodes(self.data, predicate, target))

        def cost(node: Node) -> tuple[int, bool]:
            return sum(not self.data.value(node, p) for p in having), node in others

        return min(mine, key=cost)

    def values(self, constraint: Constraint) -> tuple[Node, list[Triple]]:
        """Return a focus node and the statements by which it has values on the path."""
        path, inverse = self.path(constraint)
        if inverse:
            focus = self.focus(constraint)
            return focus, list(self.data.triples((None, path, focus)))
        focus = self.focus(constraint, path)
        return focus, sorted(self.data.triples((focus, path, None)))

    def value(self, focus: Node, constraint: Constraint) -> Node:
        """Return what ``focus`` says by the property that is the value of ``constraint``."""
        value = self.data.value(focus, constraint.value)
        if value is None:
            raise LookupError(f"{constraint} meets no node with both properties")
        return value

    def replace(self, constraint: Constraint, wrong: Callable[[Node], Node]) -> Change:
        """Return the change that puts ``wrong`` of a value in its place."""
        focus, triples = self.values(constraint)
        path, _ = self.path(constraint)
        value = triples[0][2] if triples else Literal("mutant")
        return Change(focus, triples[:1], [(focus, path, wrong(value))])


def _min_count(breaker: Breaker, constraint: Constraint) -> Change:
    focus, triples = breaker.values(constraint)
    return Change(focus, triples)


def _max_count(breaker: Breaker, constraint: Constraint) -> Change:
    focus, triples = breaker.values(constraint)
    path, _ = breaker.path(constraint)
    wanted = int(str(constraint.value)) + 1 - len(triples)
    return Change(focus, [], [(focus, path, URIRef(f"{FRESH}-{i}")) for i in range(wanted)])


def _node_kind(breaker: Breaker, constraint: Constraint) -> Change:
    wants_iri = constraint.value == SH.IRI
    return breaker.replace(constraint, lambda v: Literal("mutant") if wants_iri else FRESH)


def _datatype(breaker: Breaker, constraint: Constraint) -> Change:
    def wrong(value: Node) -> Node:
        tagged = isinstance(value, Literal) and value.language
        return Literal(str(value), datatype=None if tagged else XSD.token)

    return breaker.replace(constraint, wrong)


def _with_text(text: Callable[[str], str]) -> Callable[[Node], Node]:
    def wrong(value: Node) -> Node:
        if not isinstance(value, Literal):
            return URIRef("urn:" + text(str(value)))
        return Literal(text(str(value)), lang=value.language, datatype=value.datatype)

    return wrong


def _number(step: int) -> Callable[[Breaker, Constraint], Change]:
    def rule(breaker: Breaker, constraint: Constraint) -> Change:
        limit = int(float(str(constraint.value))) + step
        return breaker.replace(
            constraint, lambda v: Literal(str(limit), datatype=getattr(v, "datatype", None))
        )

    return rule


def _not_less(breaker: Breaker, constraint: Constraint) -> Change:
    """The value becomes the other one, or where that is allowed, a later one than any."""
    path, _ = breaker.path(constraint)
    focus = breaker.focus(constraint, path, constraint.value)
    other = breaker.value(focus, constraint)
    if constraint.parameter == SH.lessThanOrEquals:
        other = Literal("9999-12-31", datatype=XSD.date)
    return Change(focus, list(breaker.data.triples((focus, path, None))), [(focus, path, other)])


def _not_disjoint(breaker: Breaker, constraint: Constraint) -> Change:
    path, _ = breaker.path(constraint)
    focus = breaker.focus(constraint, path, constraint.value)
    return Change(focus, [], [(focus, path, breaker.value(focus, constraint))])


def _second_of_language(breaker: Breaker, constraint: Constraint) -> Change:
    focus, triples = breaker.values(constraint)
    path, _ = breaker.path(constraint)
    mutants = [Literal("mutant", lang="en"), Literal("another mutant", lang="en")]
    return Change(focus, [], [(focus, path, mutant) for mutant in mutants[len(triples[:1]) :]])


_RULES: dict[str, Callable[[Breaker, Constraint], Change]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "nodeKind": _node_kind,
    "datatype": _datatype,
    "class": lambda b, c: b.replace(c, lambda v: FRESH),
    "in": lambda b, c: b.replace(c, lambda v: FRESH),
    "hasValue": lambda b, c: b.replace(c, lambda v: FRESH),
    "languageIn": lambda b, c: b.replace(c, lambda v: Literal(str(v), lang="tlh")),
    "minLength": lambda b, c: b.replace(c, _with_text(lambda t: "x" * (int(str(c.value)) - 1))),
    "maxLength": lambda b, c: b.replace(c, _with_text(lambda t: "x" * (int(str(c.value)) + 1))),
    "pattern": lambda b, c: b.replace(c, _with_text(lambda t: f"no {t}".replace(" ", "-"))),
    "minInclusive": _number(-1),
    "maxInclusive": _number(1),
    "lessThan": _not_less,
    "lessThanOrEquals": _not_less,
    "disjoint": _not_disjoint,
    "uniqueLang": _second_of_language,
}
