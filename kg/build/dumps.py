"""The dumps: the whole dataset and each graph as compressed files, the same bytes every time."""

import gzip
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import serialize

from kg.namespaces import prefixes


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A gzip-compressed dump: its name, the media type inside, and its graph (``None``: all)."""

    name: str
    media_type: str
    format: str
    graph: str | None = None


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


def in_order(quads: Iterable[Quad]) -> list[Quad]:
    """Return ``quads`` by graph, subject, predicate and object, so that files do not vary."""
    return sorted(
        quads, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object))
    )


def write_dumps(folder: Path, quads: Sequence[Quad], files: Sequence[DumpFile], base: str) -> None:
    """Write ``files`` into ``folder``; ``quads`` are the whole dataset, as :func:`in_order`."""
    names = prefixes(base)
    of_graph: dict[str, list[Triple]] = defaultdict(list)
    for quad in quads:
        of_graph[str(quad.graph_name)].append(quad.triple)
    for file in files:
        if file.graph is None:
            of_format = RdfFormat.from_media_type(file.media_type)
            data = serialize(quads, format=of_format, prefixes=names)
        else:
            triples = of_graph[f"<{file.graph}>"]
            data = serialize(triples, format=RdfFormat.TURTLE, prefixes=names)
        data = _prefixes_in_order(data or b"")
        # Neither the time nor the name goes into the header: the same data make the same bytes.
        (folder / file.name).write_bytes(gzip.compress(data, mtime=0))


def _prefixes_in_order(data: bytes) -> bytes:
    """Return ``data`` with its ``@prefix`` lines sorted: pyoxigraph writes them in any order."""
    lines = data.splitlines(keepends=True)
    count = 0
    while count < len(lines) and lines[count].startswith(b"@prefix "):
        count += 1
    return b"".join([*sorted(lines[:count]), *lines[count:]])
