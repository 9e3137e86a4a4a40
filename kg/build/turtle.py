"""Parsing one Turtle file: what it says, or where and why it cannot be read."""

import hashlib
import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyoxigraph import BlankNode
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.engine.evaluation import plain_message
from kg.errors import SourceSyntaxError
from kg.namespaces import BASE
from kg.namespaces import shorten

# The vocabulary is shared by all deployments, so only the names of things move with the base.
_MOVABLE = ("id/", "topic/", "graph/")


class Source(Protocol):
    """A parsed Turtle file: the name that users see, its graph, its text and its quads."""

    @property
    def name(self) -> str: ...

    @property
    def graph(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def quads(self) -> Sequence[Quad]: ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A :class:`Source` that is held in memory."""

    name: str
    graph: str
    text: str
    quads: list[Quad]


class SourceOnDisk:
    """A :class:`Source` that is read whenever it is asked for, so that it takes no memory.

    ``read`` returns the file as it is now. What was checked must be what is published: if the file
    is no longer what it was at first, :class:`~kg.errors.SourceSyntaxError` is raised.
    """

    def __init__(self, first: SourceFile, read: Callable[[], SourceFile]) -> None:
        self.name = first.name
        self.graph = first.graph
        self._read = read
        self._digest = _digest(first.text)

    @property
    def text(self) -> str:
        return self.held().text

    @property
    def quads(self) -> Sequence[Quad]:
        return self.held().quads

    def held(self) -> SourceFile:
        """Return the file in memory."""
        found = self._read()
        if _digest(found.text) != self._digest:
            raise SourceSyntaxError(
                "The file was changed while it was being read",
                where=self.name,
                remedy="Build again when nobody is writing to it.",
            )
        return found


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def read_turtle(
    path: Path, name: str, graph: str, base: str = BASE, blank: bool = False
) -> SourceFile:
    """Return the parsed file. Raises :class:`~kg.errors.SourceSyntaxError` with line and column.

    Blank nodes are refused unless ``blank``: whatever is published has an address.
    """
    text = read_text(path, name, base)
    context = NamedNode(graph)
    quads: list[Quad] = []
    try:
        for quad in parse(text.encode(), format=RdfFormat.TURTLE):
            nodes = (quad.subject, quad.object)
            if not blank and any(isinstance(node, BlankNode) for node in nodes):
                raise _blank_node(quad, name, text)
            quads.append(Quad(quad.subject, quad.predicate, quad.object, context))
    except SyntaxError as error:
        place = f"{name}:{error.lineno}:{error.offset}" if error.lineno else name
        raise SourceSyntaxError(
            f"The file is not Turtle: {plain_message(error)}",
            where=place,
            remedy="Correct this place.",
        ) from None
    return SourceFile(name, graph, text, quads)


def _blank_node(quad: Quad, name: str, text: str) -> SourceSyntaxError:
    place = name
    if isinstance(quad.subject, NamedNode):
        place = f"{name}, {shorten(quad.subject.value)}"
    else:
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"(^|[\s;,(\[])(\[|\(|_:)", line.split(" #")[0]):
                place = f"{name}:{number}"
                break
    return SourceSyntaxError(
        f"A blank node is used with {shorten(quad.predicate.value)}",
        where=place,
        remedy="Give the node an IRI of its own, so that it can be linked and cited.",
    )


def read_text(path: Path, name: str, base: str) -> str:
    """Return the text of a UTF-8 file, with the names of things moved to ``base``.

    Raises :class:`~kg.errors.SourceSyntaxError` for a file that is missing or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceSyntaxError(
            f"The file is not UTF-8 text: byte {error.start} does not fit",
            where=name,
            remedy="Store the file as UTF-8.",
        ) from None
    except OSError as error:
        raise SourceSyntaxError(
            f"The file cannot be read: {error.strerror}",
            where=str(path),
            remedy="Put the file there, or make it readable.",
        ) from None
    if base != BASE:
        for part in _MOVABLE:
            text = text.replace(BASE + part, base + part)
    return text
