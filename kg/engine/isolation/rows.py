"""Counting the rows of a result in the bytes that the engine writes, whatever the values are.

The engine writes each format in one way, so that a row or a statement leaves one mark in the bytes
outside of quoted text. The bytes come in pieces that may end anywhere.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Final
from typing import Protocol


class Counter(Protocol):
    """Counts as far as the result has come."""

    def add(self, data: bytes) -> int:
        """Take the next piece of the result; return how many rows or statements are known of."""
        ...


def counter(media_type: str) -> Counter:
    """Return what counts the rows or statements of a result in the format ``media_type``."""
    return _COUNTERS[media_type]()


def at_most(media_type: str, data: bytes) -> int:
    """Return how many rows or statements can end or begin in ``data``, which is a piece of a result
    in the format ``media_type``.

    They are as many or fewer, and to find that out takes a tenth of the time of counting them.
    """
    return sum(map(data.count, _MARKS[media_type]))


class Marks:
    """Counts marks that never stand in values, ``head`` of which come before the first row."""

    def __init__(self, *marks: bytes, head: int = 0) -> None:
        self._marks = marks
        self._kept = max(map(len, marks)) - 1
        self._tail = b""
        self._count = -head

    def add(self, data: bytes) -> int:
        """Take the next piece; return how many marks there were."""
        if not self._kept:
            self._count += data.count(self._marks[0])
            return self._count
        text = self._tail + data
        start = max(0, len(text) - self._kept)
        for mark in self._marks:
            # Those that begin in the tail are counted with the next piece.
            self._count += text.count(mark, 0, start + len(mark) - 1)
        self._tail = text[start:]
        return self._count


class Outside:
    """Has ``count`` count in what stands outside of quoted text.

    In quoted text a quote is written twice, or after a backslash if there are ``escapes``. Where
    ``sought``, of three bytes, is nowhere, not even in quoted text, there is nothing to count.
    """

    def __init__(self, count: Counter, escapes: bool, sought: bytes = b"") -> None:
        self._count = count
        self._sought = sought
        self._escapes = escapes
        self._held = b""
        self._inside = 0
        self._cut = False  # whether what is sought may begin in the last piece

    def add(self, data: bytes) -> int:
        """Take the next piece; return what was counted."""
        if self._sought and self._is_without(data):
            self._inside ^= data.count(b'"') & 1
            # What ends the piece may begin what is sought; what is before it cannot.
            return self._count.add(b"\n\n" + (b"" if self._inside else data[-1:]))
        if self._escapes and (self._held or b"\\" in data):
            data, self._held = _unescaped(self._held + data)
        pieces = data.split(b'"')
        outside = b"".join(pieces[self._inside :: 2])
        self._inside ^= (len(pieces) - 1) & 1
        return self._count.add(outside)

    def _is_without(self, data: bytes) -> bool:
        """Return whether it is plain that nothing sought is in ``data`` or across its borders."""
        middle = self._sought[1:-1]
        apart = not self._cut and not data.startswith(middle) and not data.endswith(middle)
        self._cut = data.endswith(middle)
        return apart and not self._held and self._sought not in data and b"\\" not in data


class JsonRows:
    """Counts the rows of a SPARQL JSON result by what stands between two of them.

    That is ``},{`` outside of texts, and nothing else there is. As long as no row is empty, the
    name of a variable follows with its quote; where a text ends with the same, punctuation
    follows. So where neither is, there is no need to look where texts begin and end.
    """

    _KEPT: Final = 4
    _DOUBTFUL: Final = re.compile(rb'\},\{(?:"[,}]|\})')

    def __init__(self) -> None:
        self._tail = b""
        self._inside = 0
        self._between = 0

    def add(self, data: bytes) -> int:
        """Take the next piece; return how many rows have begun, one at least."""
        text = self._tail + data
        end = max(0, len(text) - self._KEPT)
        end -= (end - len(text[:end].rstrip(b"\\"))) & 1  # an escape is not cut in two
        if self._DOUBTFUL.search(text):
            clean, _ = _unescaped(text[: end + 2])
            outside = clean.split(b'"')[self._inside :: 2]
            self._between += sum(piece.count(b"},{") for piece in outside)
        else:
            self._between += text.count(b'},{"', 0, end + 3)
        done = text[:end]
        quotes = done.count(b'"')
        if b"\\" in done:
            quotes = _unescaped(done)[0].count(b'"')
        self._inside ^= quotes & 1
        self._tail = text[end:]
        return self._between + 1


class _JsonLd:
    """Counts the values of nodes: those that begin a list, and those that follow another."""

    def __init__(self) -> None:
        self._first = Marks(b":[{")
        self._next = Marks(b"},{")
        self._nodes = Marks(b"]},{")

    def add(self, data: bytes) -> int:
        return self._first.add(data) + self._next.add(data) - self._nodes.add(data)


class _RdfXml:
    """Counts the elements of statements by their place; a text may end with it, but has no tag."""

    def __init__(self) -> None:
        self._tags = Marks(b"\n\t\t<")
        self._ends = Marks(b"\n\t\t</")

    def add(self, data: bytes) -> int:
        return self._tags.add(data) - self._ends.add(data)


class _Turtle:
    """Counts lines, and objects that follow another on the same line."""

    def __init__(self) -> None:
        self._lines = Marks(b"\n")
        self._objects = Outside(Marks(b" , "), escapes=True, sought=b" , ")

    def add(self, data: bytes) -> int:
        return self._lines.add(data) + self._objects.add(data)


def _unescaped(data: bytes) -> tuple[bytes, bytes]:
    """Return ``data`` without escaped quotes and backslashes, and half an escape at its end."""
    run = len(data) - len(data.rstrip(b"\\"))
    held = b""
    if run & 1:
        data, held = data[:-1], b"\\"
    return data.replace(b"\\\\", b"").replace(b'\\"', b""), held


def _lines() -> Counter:
    return Marks(b"\n")


_COUNTERS: Final[Mapping[str, Callable[[], Counter]]] = {
    "application/sparql-results+json": JsonRows,
    "application/sparql-results+xml": lambda: Marks(b"<result>"),
    "text/csv": lambda: Outside(Marks(b"\n", head=1), escapes=False),
    "text/tab-separated-values": lambda: Marks(b"\n", head=1),
    "text/turtle": _Turtle,
    "application/n-triples": _lines,
    "application/rdf+xml": _RdfXml,
    "application/ld+json": lambda: Outside(_JsonLd(), escapes=True),
    "application/trig": _Turtle,
    "application/n-quads": _lines,
}

# Of these bytes each row or statement has one at least; a mark of several could be cut in two.
_MARKS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "application/sparql-results+json": (b"}",),
    "application/sparql-results+xml": (b"<",),
    "text/csv": (b"\n",),
    "text/tab-separated-values": (b"\n",),
    "text/turtle": (b"\n", b","),
    "application/n-triples": (b"\n",),
    "application/rdf+xml": (b"\n",),
    "application/ld+json": (b"{",),
    "application/trig": (b"\n", b","),
    "application/n-quads": (b"\n",),
}
