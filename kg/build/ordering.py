"""Statements in a fixed order, as lines of N-Triples or N-Quads, in bounded memory.

Lines in the order of their bytes are statements in the order of subject, predicate and object: what
ends a term, a blank or an angle bracket, comes before all that may follow in a longer one.
"""

import heapq
import tempfile
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import Store

RUN_LINES: Final = 1_000_000  # about 250 MB


def store_lines(store: Store, graph: NamedNode | None = None) -> Iterator[bytes]:
    """Yield the statements of ``store`` in order: all as N-Quads, or a ``graph`` as N-Triples."""
    with tempfile.TemporaryFile() as file:
        kind = RdfFormat.N_TRIPLES if graph else RdfFormat.N_QUADS
        store.dump(file, kind, from_graph=graph)
        file.seek(0)
        yield from in_order(file)


def in_order(lines: Iterable[bytes], run: int = RUN_LINES) -> Iterator[bytes]:
    """Yield ``lines``, which end with a line feed, in the order of their bytes.

    No more than ``run`` of them are in memory; the others wait in temporary files.
    """
    rest = iter(lines)
    with ExitStack() as stack:
        runs: list[IO[bytes]] = []
        while True:
            some = sorted(islice(rest, run))
            if len(some) < run or not some:
                break
            file = stack.enter_context(tempfile.TemporaryFile())
            file.writelines(some)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs, some) if runs else some
