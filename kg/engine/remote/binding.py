"""Values for variables, written into a query for services that take them in no other way."""

import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.engine.tokens import Token
from kg.engine.tokens import tokens

_COMMENT = re.compile(r"#[^\n\r]*")


@dataclass(slots=True)
class _Group:
    """A group pattern: where it begins, which variables stand right in it, what holds it."""

    start: int  # the offset after its brace
    holds: bool  # whether a VALUES clause may stand in it
    outer: "_Group | None"
    variables: set[str] = field(default_factory=set)
    places: list[tuple[int, str]] = field(default_factory=list)  # of variables in its triples
    depth: int = 0  # how many parentheses are open
    empty: bool = True  # nothing of it has been read yet
    select: bool = False  # it is a subquery


def with_values(text: str, values: Mapping[str, Term]) -> str:
    """Return the query ``text`` with VALUES for its variables in each group that names them.

    One clause at the end would not do: FILTER, BIND and subqueries in inner groups would see no
    value. In triples an IRI takes the variable's place as well: Virtuoso refuses a path of any
    length of which no end is fixed, and looks up the others only after it has read all. The values
    are written by the engine's library, so that nothing in them is read as SPARQL.
    """
    if not values:
        return text
    changes: list[tuple[int, int, str]] = []  # start, end, what is to stand there
    for group in _groups(text):
        bound = [name for name in values if name in group.variables]
        if bound:
            names = " ".join(f"?{name}" for name in bound)
            terms = " ".join(str(values[name]) for name in bound)
            clause = f" VALUES ({names}) {{ ({terms}) }}"
            changes.append((group.start, group.start, clause))
        for start, name in group.places:
            if isinstance(value := values.get(name), NamedNode):
                changes.append((start, start + 1 + len(name), str(value)))
    pieces, written = [], 0
    for start, end, change in sorted(changes):
        pieces += [text[written:start], change]
        written = end
    return "".join([*pieces, text[written:]])


def _groups(text: str) -> Iterator[_Group]:
    """Yield the groups in which VALUES may stand."""
    head: set[str] = set()  # variables of the outermost projection
    group: _Group | None = None
    before = ""
    data = False  # within the names of a VALUES clause
    read = 0  # up to this offset
    for token in tokens(text):
        if group is not None:
            between = _COMMENT.sub("", text[read : token.start])
            group.depth += between.count("(") - between.count(")")
        read = token.start + len(token.text)
        word = token.text.upper() if token.kind == "word" else ""
        if token.text == "{" and token.kind == "brace":
            group = _opened(token, group, head, holds=not data and before != "CONSTRUCT")
            data = False
        elif token.text == "}" and token.kind == "brace" and group is not None:
            if group.holds and not group.select:
                yield group
            group = group.outer
        elif token.kind == "variable" and not data:
            (head if group is None else group.variables).add(token.text[1:])
            if group is not None and not group.depth and not group.select:
                group.places.append((token.start, token.text[1:]))
        elif group is not None and group.empty and word == "SELECT":
            group.select = True
        if word == "VALUES":
            data = True
        if group is not None and token.text != "{":
            group.empty = False
        before = word


def _opened(token: Token, outer: _Group | None, head: set[str], holds: bool) -> _Group:
    group = _Group(token.start + 1, holds, outer)
    if not holds:
        return group
    if outer is None:
        group.variables |= head
        head.clear()
    elif outer.select:
        # What a subquery projects is to be bound where its pattern is.
        group.variables |= outer.variables
        outer.variables.clear()
    if outer is not None:
        outer.empty = False
    return group
