"""Counting the rows of a result in the bytes that the engine writes, whatever the values are.

The engine writes each format in one way, so that a row or a statement leaves one mark in the bytes
outside of quoted text. The bytes come in pieces that may end anywhere.
"""

import io
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import IO
from typing import Any
from typing import Final
from typing import Protocol

from kg.errors import ResultTooLarge


class Counter(Protocol):
    """Counts as far as the result has come."""

    def add(self, data: bytes) -> int:
        """Take the next piece of the result; return how many rows or statements are known of."""
        ...


class CountedRows(io.RawIOBase):
    """Passes a result on to ``output`` until it has more than ``limit`` rows or statements.

    Which format it has is said by ``head`` when the first bytes come. Then
    :class:`~kg.errors.ResultTooLarge` is raised. 0 sets no limit.
    """

    def __init__(self, output: IO[bytes], head: Mapping[str, Any], limit: int) -> None:
        super().__init__()
        self._output = output
        self._head = head
        self._limit = limit
        self._counter: Counter | None = None

    def writable(self) -> bool:
        """Return ``True``."""
        return True

    def write(self, data: Any) -> int:
        """Take all of ``data`` and return its length in bytes."""
        if self._limit and self._head["form"] != "boolean":
            if self._counter is None:
                self._counter = _COUNTERS[self._head["media_type"]]()
            if self._counter.add(bytes(data)) > self._limit:
                what = "statements" if self._head["form"] == "graph" else "rows"
                raise ResultTooLarge(
                    f"The answer has more than {self._limit} {what}",
                    remedy="Ask for less, by LIMIT and OFFSET; the setting is "
                    "POLICYKG_RESULT_ROWS.",
                )
        return self._output.write(data)


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
