"""Results go to a file when they grow, and rows are counted from their beginning all the same."""

import os
import tempfile
from collections.abc import Callable
from collections.abc import Iterator

import pytest

from kg.engine.isolation.output import Output
from kg.engine.isolation.row_limit import RowLimit
from kg.errors import ResultTooLarge

HEAD = {"form": "bindings", "media_type": "application/sparql-results+json"}
ROW = b'{"x":{"type":"literal","value":"}}}}"}}'
Make = Callable[[int], Output]


@pytest.fixture
def make() -> Iterator[Make]:
    descriptor = os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_RDWR, 0o600)

    def output(rows: int) -> Output:
        limit = RowLimit(rows, HEAD)
        return Output(descriptor, 64, 1 << 20, lambda: None, lambda: None, limit)

    yield output
    os.close(descriptor)


def write(output: Output, rows: int) -> None:
    output.write(b'{"head":{"vars":["x"]},"results":{"bindings":[')
    for number in range(rows):
        output.write((b"," if number else b"") + ROW)
    output.write(b"]}}")
    output.finish()


def test_brackets_in_values_are_no_rows(make: Make) -> None:
    output = make(20)
    write(output, 20)
    assert output.spooled
    assert output.inline() == b""


def test_rows_before_the_doubt_count_as_well(make: Make) -> None:
    with pytest.raises(ResultTooLarge, match="more than 20 rows"):
        write(make(20), 21)


def test_a_small_result_stays_in_memory(make: Make) -> None:
    output = make(1)
    output.write(b"{}")
    output.finish()
    assert (output.inline(), output.spooled, output.size) == (b"{}", False, 2)
