"""What the SHACL shapes ask of the data, in words, for the pages of the terms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from typing import TypeAlias

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import parse

from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SHACL
from kg.namespaces import shorten

Node: TypeAlias = NamedNode | BlankNode | Literal | Triple

_KINDS: Final = {"IRI": "a thing, by its IRI", "Literal": "a literal"}
# The constraints that take one value, and how they are worded.
_WORDS: Final = (
    ("class", "of the class {}"),
    ("datatype", "of the datatype {}"),
    ("hasValue", "with the value {}"),
    ("disjoint", "other than that of {}"),
    ("lessThan", "less than that of {}"),
    ("lessThanOrEquals", "not more than that of {}"),
)
_PATTERN: Final = 40  # letters of a pattern that a reader can take in


@dataclass(frozen=True, slots=True)
class Constraint:
    """What one shape asks for: the label of the shape with the target, the class or property that
    is its target, the property that it speaks of (``None``: the thing as a whole), the values that
    it asks for in words, and what an author is told who breaks it.
    """

    shape: str
    target: str
    property: str | None
    asks: str
    message: str


@cache
def constraints() -> tuple[Constraint, ...]:
    """Return what the packaged shapes ask for, in the order of their file."""
    text = files("ontology").joinpath("shapes.ttl").read_text(encoding="utf-8")
    return tuple(_Shapes(text).constraints())


class _Shapes:
    def __init__(self, text: str) -> None:
        self._said: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for quad in parse(text, format=RdfFormat.TURTLE):
            self._said[quad.subject][quad.predicate.value].append(quad.object)

    def constraints(self) -> Iterable[Constraint]:
        for shape, said in list(self._said.items()):
            label = self._text(shape, RDFS + "label")
            for kind in ("targetClass", "targetSubjectsOf", "targetObjectsOf"):
                for target in said.get(SHACL + kind, ()):
                    yield from self._of(shape, label, _iri(target))

    def _of(self, shape: Node, label: str, target: str) -> Iterable[Constraint]:
        said = self._said[shape]
        message = self._text(shape, SHACL + "message")
        if any(SHACL + name in said for name in ("or", "xone", "and", "not")):
            yield Constraint(label, target, None, "", message)
        for part in said.get(SHACL + "property", ()):
            path = self._one(part, "path")
            if isinstance(path, NamedNode):
                told = self._text(part, SHACL + "message") or message
                yield Constraint(label, target, path.value, self._asks(part), told)
            else:
                # Its path leads backwards; the message says it more simply.
                yield Constraint(label, target, None, "", message)

    def _asks(self, part: Node) -> str:
        words = [self._count(part)]
        kind = self._one(part, "nodeKind")
        if kind is not None:
            words.append(_KINDS.get(_iri(kind).removeprefix(SHACL), shorten(_iri(kind))))
        for name, worded in _WORDS:
            value = self._one(part, name)
            if value is not None:
                words.append(worded.format(_shown(value)))
        words += self._sizes(part)
        for name, worded in (("in", "one of {}"), ("languageIn", "in the language {}")):
            value = self._one(part, name)
            if value is not None:
                words.append(worded.format(", ".join(map(_shown, self._list(value)))))
        if self._one(part, "uniqueLang") is not None:
            words.append("not two in one language")
        pattern = self._one(part, "pattern")
        if pattern is not None:
            known = _shown(pattern) if len(_shown(pattern)) <= _PATTERN else "of its notation"
            words.append(f"that fits the pattern {known}")
        return ", ".join(word for word in words if word)

    def _count(self, part: Node) -> str:
        low, high = self._one(part, "minCount"), self._one(part, "maxCount")
        if low is None and high is None:
            return ""
        if low is not None and high is not None:
            same = _shown(low) == _shown(high)
            return f"exactly {_shown(low)}" if same else f"{_shown(low)} to {_shown(high)}"
        return f"at least {_shown(low)}" if low is not None else f"at most {_shown(high)}"

    def _sizes(self, part: Node) -> Iterable[str]:
        for least, most, unit in (
            ("minLength", "maxLength", " characters"),
            ("minInclusive", "maxInclusive", ""),
        ):
            low, high = self._one(part, least), self._one(part, most)
            if low is not None and high is not None:
                yield f"from {_shown(low)} to {_shown(high)}{unit}"
            elif low is not None:
                yield f"at least {_shown(low)}{unit}"
            elif high is not None:
                yield f"up to {_shown(high)}{unit}"

    def _list(self, node: Node) -> Iterable[Node]:
        while _iri(node) != RDF + "nil":
            yield self._said[node][RDF + "first"][0]
            node = self._said[node][RDF + "rest"][0]

    def _one(self, node: Node, name: str) -> Node | None:
        return next(iter(self._said[node].get(SHACL + name, ())), None)

    def _text(self, node: Node, prop: str) -> str:
        return next((_shown(value) for value in self._said[node].get(prop, ())), "")


def _iri(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _shown(node: Node | None) -> str:
    if isinstance(node, NamedNode):
        return shorten(node.value)
    return node.value if isinstance(node, Literal) else str(node)
