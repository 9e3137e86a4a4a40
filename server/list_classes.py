"""The classes of the ontology as lists of their members: their addresses and names."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import POL

_CLAIM: Final = f"{POL}Claim"
_IRREGULAR: Final = {"person": "people"}


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A class with its label in the plural, the slug of its list, and the classes below it.

    ``is_of_claims`` says that its members are claims, whose facets are their own; those of other
    things are the facets of the claims about them.
    """

    node: NamedNode
    label: str
    plural: str
    slug: str
    definition: str
    above: frozenset[str]
    below: tuple[NamedNode, ...]
    is_of_claims: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A class with the branches directly below it."""

    of: ListedClass
    below: "tuple[Branch, ...]"


def class_tree(classes: Sequence[ListedClass]) -> tuple[Branch, ...]:
    """Return the classes as trees: under each those directly below it.

    A class that stands under several has what is below it the first time only. Classes that stand
    above one another in a circle begin a tree if they are under no other class.
    """
    reached: set[str] = set()

    def branch(one: ListedClass) -> Branch:
        if one.node.value in reached:
            return Branch(one, ())
        reached.add(one.node.value)
        return Branch(one, tuple(branch(low) for low in classes if one.node.value in low.above))

    known = {one.node.value for one in classes}
    tops = [branch(one) for one in classes if not one.above & known]
    for one in classes:
        if one.node.value not in reached:
            tops.append(branch(one))
    return tuple(tops)


def listed_classes(rows: Sequence[dict[str, Term]]) -> list[ListedClass]:
    """Return the classes in the solutions of ``classes.rq``, by their labels."""
    names: dict[NamedNode, tuple[str, str]] = {}
    above: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        node, label = row["class"], row["label"]
        if isinstance(node, NamedNode) and isinstance(label, Literal):
            names.setdefault(node, (label.value, _text(row.get("definition"))))
            if isinstance(higher := row.get("above"), NamedNode):
                above[node.value].add(higher.value)
    return [
        ListedClass(
            node,
            label,
            plural(label),
            slug(label),
            definition,
            frozenset(above[node.value]),
            tuple(one for one in names if node.value in _all_above(one.value, above)),
            _CLAIM in (node.value, *_all_above(node.value, above)),
        )
        for node, (label, definition) in names.items()
    ]


def plural(label: str) -> str:
    """Return an English noun, of which the last word counts, in the plural."""
    first, space, last = label.rpartition(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif re.search(r"[^aeiou]y$", last):
        last = last[:-1] + "ies"
    elif re.search(r"(s|x|ch|sh)$", last):
        last += "es"
    else:
        last += "s"
    return first + space + last


def slug(label: str) -> str:
    """Return the slug of the list of the class with this label."""
    return re.sub(r"[^a-z0-9]+", "-", plural(label).lower()).strip("-")


def _all_above(iri: str, above: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = set(above[iri])
    while todo:
        found |= todo
        todo = {higher for one in todo for higher in above.get(one, ())} - found
    return found - {iri}


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""
