"""Reading the sources: the ontology, the reports, the rules and the links, from their files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.errors import SourceSyntaxError
from kg.namespaces import BASE
from kg.namespaces import shorten
from kg.settings import Settings

# The vocabulary is shared by all deployments, so only the names of things move with the base.
_MOVABLE = ("id/", "topic/", "graph/")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A parsed Turtle file: the name that users see, its graph, its text and its quads."""

    name: str
    graph: str
    text: str
    quads: list[Quad]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that is read as text, such as a rule or a table of links."""

    name: str
    text: str


@dataclass(frozen=True)
class Sources:
    """All that a build starts from; ``base`` is the base IRI of the things in it."""

    base: str
    ontology: list[SourceFile]
    reports: list[SourceFile]
    shapes: TextFile
    rules: list[TextFile]
    links: list[TextFile]
    queries: list[TextFile]
    link_quads: list[Quad] = field(default_factory=list)

    def graph(self, name: str) -> str:
        """Return the IRI of the graph ``name``."""
        return f"{self.base}graph/{name}"

    def quads(self) -> Iterator[Quad]:
        """Yield the quads of ontology, reports and links."""
        for source in (*self.ontology, *self.reports):
            yield from source.quads
        yield from self.link_quads

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
    reader = _Reader(settings.base_iri)
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
    )
    if len(reader.faults) > 1:
        raise SourceSyntaxError(
            "\n".join(str(fault) for fault in reader.faults).removesuffix("."),
            remedy=f"Correct the {len(reader.faults)} files.",
        )
    if reader.faults:
        raise reader.faults[0]
    return sources


class _Reader:
    """Reads files one after the other and keeps the faults, so that all are reported at once."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.faults: list[SourceSyntaxError] = []

    def report(self, folder: Path) -> Iterator[SourceFile]:
        """Yield the report's own files, then those of its subfolders, each a graph of its own."""
        name = folder.name
        for path in sorted(folder.glob("*.ttl")):
            yield self.turtle(path, f"{name}/{path.name}", name)
        for path in sorted(folder.glob("*/*.ttl")):
            sub = f"{name}/{path.parent.name}"
            yield self.turtle(path, f"{sub}/{path.name}", sub)

    def turtle(self, path: Path, name: str, graph: str, blank: bool = False) -> SourceFile:
        """Return the parsed file; after a fault it is empty."""
        try:
            return read_turtle(path, name, f"{self.base}graph/{graph}", self.base, blank)
        except SourceSyntaxError as fault:
            self.faults.append(fault)
            return SourceFile(name, graph, "", [])

    def texts(self, folder: Path, pattern: str, shown: str) -> list[TextFile]:
        """Return the texts of the files that fit ``pattern``, in the order of their names."""
        texts = []
        for path in sorted(folder.glob(pattern)):
            try:
                texts.append(
                    TextFile(f"{shown}/{path.name}", _read_text(path, path.name, self.base))
                )
            except SourceSyntaxError as fault:
                self.faults.append(fault)
        return texts


def read_turtle(
    path: Path, name: str, graph: str, base: str = BASE, blank: bool = False
) -> SourceFile:
    """Return the parsed file. Raises :class:`~kg.errors.SourceSyntaxError` with line and column.

    Blank nodes are refused unless ``blank``: whatever is published has an address.
    """
    text = _read_text(path, name, base)
    context = NamedNode(graph)
    quads: list[Quad] = []
    try:
        for quad in parse(text.encode(), format=RdfFormat.TURTLE):
            nodes = (quad.subject, quad.object)
            if not blank and any(isinstance(node, BlankNode) for node in nodes):
                raise _blank_node(quad, name, text)
            quads.append(Quad(quad.subject, quad.predicate, quad.object, context))
    except SyntaxError as error:
        place = f"{name}:{error.lineno}:{error.offset}" if error.lineno else name
        raise SourceSyntaxError(
            f"The file is not Turtle: {_plain(error)}", where=place, remedy="Correct this place."
        ) from None
    return SourceFile(name, graph, text, quads)


def _blank_node(quad: Quad, name: str, text: str) -> SourceSyntaxError:
    place = name
    if isinstance(quad.subject, NamedNode):
        place = f"{name}, {shorten(quad.subject.value)}"
    else:
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"(^|[\s;,(\[])(\[|\(|_:)", line.split(" #")[0]):
                place = f"{name}:{number}"
                break
    return SourceSyntaxError(
        f"A blank node is used with {shorten(quad.predicate.value)}",
        where=place,
        remedy="Give the node an IRI of its own, so that it can be linked and cited.",
    )


def _read_text(path: Path, name: str, base: str) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceSyntaxError(
            f"The file is not UTF-8 text: byte {error.start} does not fit",
            where=name,
            remedy="Store the file as UTF-8.",
        ) from None
    except OSError as error:
        raise SourceSyntaxError(
            f"The file cannot be read: {error.strerror}",
            where=str(path),
            remedy="Put the file there, or make it readable.",
        ) from None
    if base != BASE:
        for part in _MOVABLE:
            text = text.replace(BASE + part, base + part)
    return text


def _plain(error: SyntaxError) -> str:
    return re.sub(r"^Parser error at .*?: ", "", error.msg or "not well formed")
