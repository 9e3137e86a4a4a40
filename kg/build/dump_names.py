"""The names of the dump files, known before the files are written."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A gzip-compressed dump: its name, the media type inside, and its graph (``None``: all)."""

    name: str
    media_type: str
    format: str
    graph: str | None = None


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
