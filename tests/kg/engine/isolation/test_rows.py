"""Rows are counted exactly, whatever values look like and wherever the bytes are cut."""

import io
import random
from collections.abc import Iterator

import pytest
from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.evaluation import write_result
from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.interface import Formats
from kg.engine.interface import Term
from kg.engine.isolation.row_limit import RowLimit
from kg.errors import ResultTooLarge

E = "http://example.org/"
# What stands between rows, values and statements in one format or another.
SPURIOUS = (
    *("},{", '"', "\\", "\n", "\r", "\t", " , ", "<result>", "\n\t\t", "}", "{", "[", "]", ","),
    *(":", '}},{"', "],{}", "},{}", "]},{", ":[{", "a", '\\\\"', "\u00e9", " .\n", "\n\t\t<p>"),
)
QUERIES = (
    "SELECT * { ?s ?p ?o }",
    "SELECT ?o ?unbound { ?s ?p ?o }",
    "SELECT ?unbound { ?s ?p ?o }",
    "SELECT ?text { { ?s ?p ?text FILTER(isLiteral(?text)) } UNION { ?s ?p ?x "
    "FILTER(!isLiteral(?x)) } }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
)


def stores() -> Iterator[Store]:
    choose = random.Random(5)
    for size in (0, 1, 2, 5, 20, 40, 40, 40):
        store = Store()
        for _ in range(size):
            text = "".join(choose.choice(SPURIOUS) for _ in range(choose.randrange(12)))
            value: Term = choose.choice(
                [NamedNode(E + "o"), BlankNode(), Literal(text), Literal(text, language="en")]
            )
            subject = NamedNode(f"{E}{choose.randrange(5)}")
            store.add(Quad(subject, NamedNode(f"{E}p{choose.randrange(3)}"), value))
        yield store


class InPieces(io.RawIOBase):
    """Has ``limit`` check what it is given in pieces of ``size`` bytes, and keeps them."""

    def __init__(self, limit: RowLimit, size: int) -> None:
        super().__init__()
        self._limit = limit
        self._size = size
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        for start in range(0, len(data), self._size):
            piece = bytes(data[start : start + self._size])
            self._limit.check(piece, self.pieces.copy)
            self.pieces.append(piece)
        return len(data)


def written(store: Store, query: str, formats: Formats, limit: int, size: int) -> bytes:
    head: dict[str, str] = {}
    output = InPieces(RowLimit(limit, head), size)
    write_result(store.query(query), formats, output, head)  # type: ignore[arg-type]
    return b"".join(output.pieces)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 8192])
@pytest.mark.parametrize(
    "formats",
    [Formats(format.media_type, "application/n-triples") for format in RESULT_FORMATS]
    + [Formats("text/csv", format.media_type) for format in GRAPH_FORMATS],
)
def test_as_many_as_the_limit_pass_and_one_more_does_not(formats: Formats, size: int) -> None:
    for store in stores():
        for query in QUERIES:
            rows = len(store)
            whole = written(store, query, formats, 0, size)
            assert written(store, query, formats, max(1, rows), size) == whole
            if rows > 1:
                with pytest.raises(ResultTooLarge, match=f"more than {rows - 1} (rows|statements)"):
                    written(store, query, formats, rows - 1, size)


def test_a_truth_value_has_no_rows() -> None:
    assert written(Store(), "ASK {}", Formats("text/csv", None), 1, 100) == b"true"
