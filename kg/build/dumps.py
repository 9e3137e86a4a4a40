"""The dumps: the whole dataset and each graph as compressed files, the same bytes every time."""

import io
import tempfile
import zlib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse
from pyoxigraph import serialize

from kg.build.ordering import store_lines
from kg.namespaces import prefixes


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A gzip-compressed dump: its name, the media type inside, and its graph (``None``: all)."""

    name: str
    media_type: str
    format: str
    graph: str | None = None


_PIECE: Final = 1 << 20  # bytes
_PREFIX: Final = b"@prefix "
SCHEMA: Final = "schema.svg"  # the picture of the ontology, which lies beside the dumps


def dump_files(graphs: Iterable[str], base: str) -> list[DumpFile]:
    """Return the dumps of a dataset with ``graphs``: two of the whole, and one of each graph."""
    whole = [
        DumpFile("policykg.nq.gz", "application/n-quads", "N-Quads"),
        DumpFile("policykg.trig.gz", "application/trig", "TriG"),
    ]
    return whole + [
        DumpFile(
            graph.removeprefix(f"{base}graph/").replace("/", "-") + ".ttl.gz",
            "text/turtle",
            "Turtle",
            graph,
        )
        for graph in sorted(graphs)
    ]


@contextmanager
def dumped(store: Store) -> Iterator[Path]:
    """Write the statements of ``store``, which are all in named graphs, as a file of N-Quads in
    the order of graph, subject, predicate and object, which is there while the context is open.
    """
    graphs = sorted(
        (graph for graph in store.named_graphs() if isinstance(graph, NamedNode)), key=str
    )
    with tempfile.TemporaryDirectory(prefix="policykg-") as folder:
        path = Path(folder) / "all.nq"
        with path.open("wb") as file:
            for graph in graphs:
                end = f" {graph} .\n".encode()
                file.writelines(line[:-3] + end for line in store_lines(store, graph))
        yield path


def write_dumps(folder: Path, statements: Path, files: Sequence[DumpFile], base: str) -> None:
    """Write ``files`` into ``folder``; ``statements`` are the whole dataset, as :func:`dumped`."""
    names = prefixes(base)
    of_graph = {file.graph: file for file in files if file.graph}
    for file in files:
        if file.media_type == RdfFormat.N_QUADS.media_type:
            with statements.open("rb") as lines, _compressed(folder / file.name) as target:
                while piece := lines.read(_PIECE):
                    target.write(piece)
        elif file.graph is None:
            with _compressed(folder / file.name) as target:
                of_format = RdfFormat.from_media_type(file.media_type)
                serialize(_quads(statements), target, of_format, prefixes=names)
    for graph, quads in groupby(_quads(statements), key=lambda quad: str(quad.graph_name)[1:-1]):
        with _compressed(folder / of_graph[graph].name) as target:
            triples = (quad.triple for quad in quads)
            serialize(triples, target, RdfFormat.TURTLE, prefixes=names)


def _quads(statements: Path) -> Iterator[Quad]:
    yield from parse(path=str(statements), format=RdfFormat.N_QUADS)


def _compressed(path: Path) -> io.BufferedWriter:
    return io.BufferedWriter(_Compressed(path), _PIECE)


class _Compressed(io.RawIOBase):
    """A gzip file to write to. Its ``@prefix`` lines are sorted: pyoxigraph writes them in any
    order. Neither the time nor the name goes into the header: the same data make the same bytes.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._compress = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        self._head: bytes | None = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Take all of ``data``."""
        if self._head is None:
            self._file.write(self._compress.compress(data))
        else:
            self._head += data
            if not _is_head(self._head):
                self._write_head()
        return len(data)

    def close(self) -> None:
        """Write what is left."""
        if not self.closed:
            self._write_head()
            self._file.write(self._compress.flush())
            self._file.close()
        super().close()

    def _write_head(self) -> None:
        if self._head is not None:
            self._file.write(self._compress.compress(_prefixes_in_order(self._head)))
            self._head = None


def _is_head(data: bytes) -> bool:
    """Whether ``data`` may be nothing but ``@prefix`` lines, the last one perhaps unfinished."""
    *lines, last = data.split(b"\n")
    if not all(line.startswith(_PREFIX) for line in lines):
        return False
    return last.startswith(_PREFIX) or _PREFIX.startswith(last)


def _prefixes_in_order(data: bytes) -> bytes:
    """Return ``data`` with the ``@prefix`` lines at its beginning sorted."""
    lines = data.splitlines(keepends=True)
    count = 0
    while count < len(lines) and lines[count].startswith(_PREFIX):
        count += 1
    return b"".join([*sorted(lines[:count]), *lines[count:]])
