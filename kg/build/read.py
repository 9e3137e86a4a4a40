"""Reading the sources: ontology, reports, rules, links and datasets, from their files."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.turtle import Source
from kg.build.turtle import SourceFile
from kg.build.turtle import SourceOnDisk
from kg.build.turtle import read_text
from kg.build.turtle import read_turtle
from kg.errors import SourceSyntaxError
from kg.linking.datasets.shipped import shipped_quads
from kg.namespaces import BASE
from kg.namespaces import shorten
from kg.settings import Settings

# Reports with more bytes of Turtle than this are not held in memory.
HELD_BYTES: Final = 32_000_000


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that is read as text, such as a rule or a table of links."""

    name: str
    text: str


@dataclass(frozen=True)
class Sources:
    """All that a build starts from; ``base`` is the base IRI of the things in it.

    A part of it (:mod:`kg.build.parts`) is judged with its ``context``, what the other parts say
    about the same things; the ontology is judged with one part only (``only_reports`` is false).
    """

    base: str
    ontology: list[SourceFile]
    reports: list[Source]
    shapes: TextFile
    rules: list[TextFile]
    links: list[TextFile]
    queries: list[TextFile]
    link_quads: list[Quad] = field(default_factory=list)
    rule_quads: list[Quad] = field(default_factory=list)
    dataset_quads: list[Quad] = field(default_factory=list)
    context: list[Quad] = field(default_factory=list)
    only_reports: bool = False

    def graph(self, name: str) -> str:
        """Return the IRI of the graph ``name``."""
        return f"{self.base}graph/{name}"

    def quads(self) -> Iterator[Quad]:
        """Yield the quads of ontology, reports, links and rules."""
        for source in (*self.ontology, *self.reports):
            yield from source.quads
        yield from self.link_quads
        yield from self.rule_quads

    def judged(self) -> Iterator[Quad]:
        """Yield those of :meth:`quads` that checks look at: not the context, nor the ontology
        where it was judged with another part.
        """
        for source in (*(() if self.only_reports else self.ontology), *self.reports):
            yield from source.quads
        yield from self.link_quads
        yield from self.rule_quads

    def where(self, iri: str) -> str:
        """Return ``file:line`` of the place where a report or the ontology describes ``iri``."""
        return self._places.get(iri, shorten(iri))

    @cached_property
    def _places(self) -> dict[str, str]:
        places: dict[str, str] = {}
        for source in (*self.ontology, *self.reports):
            subjects = {q.subject.value for q in source.quads if isinstance(q.subject, NamedNode)}
            # Rewriting the base leaves the prefixed names of a file as they are.
            names = {shorten(iri.replace(self.base, BASE, 1)): iri for iri in subjects}
            for number, line in enumerate(source.text.splitlines(), 1):
                first = line.split(" ", 1)[0]
                if first in names:
                    place = f"{source.name}:{number} {shorten(names[first])}"
                    places.setdefault(names[first], place)
        return places


def read_sources(settings: Settings, layout: Layout | None = None) -> Sources:
    """Return all sources: those of ``layout``, and the folders in ``settings.reports``.

    The layout is by default what ships with policykg. Only ``*.ttl``, ``*.rq`` and ``*.sssom.tsv``
    are read; nothing is imported from elsewhere. Raises :class:`~kg.errors.SourceSyntaxError` with
    the faults of all files that cannot be read.
    """
    layout = (layout or packaged_layout()).with_reports(settings.reports)
    size = sum(_size(path) for folder in layout.reports for path in folder.rglob("*.ttl"))
    reader = _Reader(settings.base_iri, held=size <= HELD_BYTES)
    ontology = [
        reader.turtle(layout.ontology / f"{stem}.ttl", f"ontology/{stem}.ttl", graph)
        for stem, graph in (("policykg", "ontology"), ("external", "external"))
    ]
    reports = [source for folder in layout.reports for source in reader.report(folder)]
    shapes = reader.turtle(layout.ontology / "shapes.ttl", "ontology/shapes.ttl", "", blank=True)
    sources = Sources(
        base=settings.base_iri,
        ontology=ontology,
        reports=sorted(reports, key=lambda source: source.name),
        shapes=TextFile(shapes.name, shapes.text),
        rules=reader.texts(layout.ontology / "rules", "*.rq", "ontology/rules"),
        links=reader.texts(layout.links, "*.sssom.tsv", "kg/links"),
        queries=reader.texts(layout.queries, "*.rq", "queries"),
        dataset_quads=reader.datasets(layout.datasets),
    )
    if len(reader.faults) > 1:
        raise SourceSyntaxError(
            "\n".join(str(fault) for fault in reader.faults).removesuffix("."),
            remedy=f"Correct the {len(reader.faults)} files.",
        )
    if reader.faults:
        raise reader.faults[0]
    return sources


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # The reader reports it.


class _Reader:
    """Reads files one after the other and keeps the faults, so that all are reported at once."""

    def __init__(self, base: str, held: bool) -> None:
        self.base = base
        self.held = held
        self.faults: list[SourceSyntaxError] = []

    def report(self, folder: Path) -> Iterator[Source]:
        """Yield the report's own files, then those of its subfolders, each a graph of its own."""
        name = folder.name
        for path in sorted(folder.glob("*.ttl")):
            yield self.source(path, f"{name}/{path.name}", name)
        for path in sorted(folder.glob("*/*.ttl")):
            sub = f"{name}/{path.parent.name}"
            yield self.source(path, f"{sub}/{path.name}", sub)

    def source(self, path: Path, name: str, graph: str) -> Source:
        """Return a file of a report: in memory, or, where there are many, to be read again."""
        first = self.turtle(path, name, graph)
        if self.held:
            return first
        again = partial(read_turtle, path, name, f"{self.base}graph/{graph}", self.base)
        return SourceOnDisk(first, again)

    def turtle(self, path: Path, name: str, graph: str, blank: bool = False) -> SourceFile:
        """Return the parsed file; after a fault it is empty."""
        try:
            return read_turtle(path, name, f"{self.base}graph/{graph}", self.base, blank)
        except SourceSyntaxError as fault:
            self.faults.append(fault)
            return SourceFile(name, graph, "", [])

    def datasets(self, folder: Path | None) -> list[Quad]:
        """Return the statements of the datasets that ship in ``folder``; none after a fault."""
        try:
            return shipped_quads(folder, self.base)
        except SourceSyntaxError as fault:
            self.faults.append(fault)
            return []

    def texts(self, folder: Path, pattern: str, shown: str) -> list[TextFile]:
        """Return the texts of the files that fit ``pattern``, in the order of their names."""
        texts = []
        for path in sorted(folder.glob(pattern)):
            try:
                name = f"{shown}/{path.name}"
                texts.append(TextFile(name, read_text(path, name, self.base)))
            except SourceSyntaxError as fault:
                self.faults.append(fault)
        return texts
