"""Reading the sources: the ontology, the reports, the rules and the links, from their files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from pyoxigraph import BlankNode
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.errors import SourceSyntaxError
from kg.namespaces import BASE
from kg.namespaces import shorten
from kg.settings import Settings

# The vocabulary is shared by all deployments, so only the names of things move with the base.
_MOVABLE = ("id/", "topic/", "graph/")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A parsed Turtle file: its path, the name that users see, its graph, its text and quads."""

    path: Path
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
            names = {shorten(iri.replace(self.base, BASE, 1)): iri for iri in subjects}
            for number, line in enumerate(source.text.splitlines(), 1):
                first = line.split(" ", 1)[0]
                if first in names:
                    place = f"{source.name}:{number} {shorten(names[first])}"
                    places.setdefault(names[first], place)
        return places


def read_sources(settings: Settings) -> Sources:
    """Return all sources: those that ship with policykg, and the folders in ``settings.reports``.

    Only ``*.ttl``, ``*.rq`` and ``*.sssom.tsv`` are read; nothing is imported from elsewhere. Files
    are read in the order of their names. Raises :class:`~kg.errors.SourceSyntaxError`.
    """
    ontology = Path(str(files("ontology")))
    kg = Path(str(files("kg")))
    reports = [folder for folder in sorted((kg / "reports").iterdir()) if folder.is_dir()]
    for folder in settings.reports:
        if not folder.is_dir():
            raise SourceSyntaxError(
                "There is no such folder of a report",
                where=str(folder),
                remedy="Name the report's own folder, the one that holds its .ttl files.",
            )
        reports.append(folder)
    base = settings.base_iri
    graph = f"{base}graph/"
    return Sources(
        base=base,
        ontology=[
            read_turtle(ontology / "policykg.ttl", "ontology/policykg.ttl", graph + "ontology", base),
            read_turtle(ontology / "external.ttl", "ontology/external.ttl", graph + "external", base),
        ],
        reports=[source for folder in reports for source in _read_report(folder, graph, base)],
        shapes=_read_text(ontology / "shapes.ttl", "ontology/shapes.ttl", base),
        rules=[
            _read_text(path, f"ontology/rules/{path.name}", base)
            for path in sorted((ontology / "rules").glob("*.rq"))
        ],
        links=[
            _read_text(path, f"kg/links/{path.name}", base)
            for path in sorted((kg / "links").glob("*.sssom.tsv"))
        ],
        queries=[
            _read_text(path, f"queries/{path.name}", base)
            for path in sorted(Path(str(files("queries"))).glob("*.rq"))
        ],
    )


def _read_report(folder: Path, graph: str, base: str) -> Iterator[SourceFile]:
    """Yield the report's own files, then those of its subfolders, each a graph of its own."""
    name = folder.name
    for path in sorted(folder.glob("*.ttl")):
        yield read_turtle(path, f"{name}/{path.name}", f"{graph}{name}", base)
    for child in sorted(folder.iterdir()):
        if child.is_dir():
            for path in sorted(child.glob("*.ttl")):
                shown = f"{name}/{child.name}/{path.name}"
                yield read_turtle(path, shown, f"{graph}{name}/{child.name}", base)


def read_turtle(path: Path, name: str, graph: str, base: str = BASE) -> SourceFile:
    """Return the parsed file. Raises :class:`~kg.errors.SourceSyntaxError` with line and column.

    Blank nodes are refused: whatever is published has an address.
    """
    text = _read_text(path, name, base).text
    context = NamedNode(graph)
    quads: list[Quad] = []
    try:
        for quad in parse(text.encode(), format=RdfFormat.TURTLE):
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                raise SourceSyntaxError(
                    f"A blank node is used with {shorten(quad.predicate.value)}",
                    where=name,
                    remedy="Give the node an IRI of its own, so that it can be linked and cited.",
                )
            quads.append(Quad(quad.subject, quad.predicate, quad.object, context))
    except SyntaxError as error:
        place = f"{name}:{error.lineno}:{error.offset}" if error.lineno else name
        raise SourceSyntaxError(
            f"The file is not Turtle: {_plain(error)}", where=place, remedy="Correct the file."
        ) from None
    return SourceFile(path, name, graph, text, quads)


def _read_text(path: Path, name: str, base: str) -> TextFile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceSyntaxError(
            f"The file cannot be read: {error}", where=name, remedy="Store it as UTF-8 text."
        ) from None
    if base != BASE:
        for part in _MOVABLE:
            text = text.replace(BASE + part, base + part)
    return TextFile(name, text)


def _plain(error: SyntaxError) -> str:
    return re.sub(r"^Parser error at .*?: ", "", error.msg or "not well formed")
