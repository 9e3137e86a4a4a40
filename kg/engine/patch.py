"""What a build changed, as an RDF Patch: the format of Apache Jena, compressed.

TX .
D <s> <p> <o> <g> .
A <s> <p> <o> <g> .
TC .
"""

import gzip
from collections.abc import Container
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse

_LINES: Final = 10_000  # that are applied at once
PATCH: Final = "changes.rdfp.gz"  # in the folder of a version


def write_patch(
    path: Path, old: Store, owned: Sequence[str], new: Container[Quad], quads: Iterable[Quad]
) -> None:
    """Write what turns ``old`` into ``new`` to ``path``, in constant memory.

    The graphs ``owned`` of ``old`` are replaced by ``quads``, all of which are in ``new``.
    """
    with path.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as file:
        file.write(b"TX .\n")
        for graph in owned:
            for quad in old.quads_for_pattern(None, None, None, NamedNode(graph)):
                if quad not in new:
                    file.write(f"D {quad} .\n".encode())
        for quad in quads:
            if quad not in old:
                file.write(f"A {quad} .\n".encode())
        file.write(b"TC .\n")


def read_patch(path: Path, limit: int) -> Iterator[tuple[bool, Quad]]:
    """Yield the first ``limit`` changes: whether the statement was added, and the statement.

    Raises ``OSError`` if there is no such file.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        changes = (line for line in file if line.startswith(("A ", "D ")))
        for line in islice(changes, limit):
            for quad in parse(line[2:], RdfFormat.N_QUADS):
                if isinstance(quad, Quad):
                    yield line.startswith("A "), quad


def apply_patch(path: Path, store: Store) -> None:
    """Make the changes of the patch ``path`` in ``store``, some thousands at a time."""
    with gzip.open(path, "rb") as file:
        for added, group in groupby(_changes(file), key=lambda line: line.startswith(b"A ")):
            while lines := b"".join(line[2:] for line in islice(group, _LINES)):
                quads = parse(lines, RdfFormat.N_QUADS)
                if added:
                    store.extend(quads)
                else:
                    for quad in quads:
                        store.remove(quad)


def _changes(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if line.startswith((b"A ", b"D ")))
