"""Reading a dataset's file into statements, whatever its format, within limits."""

from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import parse

from kg.engine.xml_check import check_xml
from kg.errors import BadData
from kg.linking.datasets.csvw import table_triples
from kg.linking.datasets.csvw_mapping import read_mapping
from kg.linking.datasets.popolo import popolo_triples
from kg.linking.identifiers import wrong_digits
from kg.namespaces import BASE

STATEMENTS: Final = 5_000_000
_REMOTE: Final = "LoadDocumentCallback"  # what the parser says where it would have to fetch
RDF_FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}


def file_triples(
    path: Path, format_name: str, name: str, mapping: Path | None = None, base: str = BASE
) -> Iterator[Triple]:
    """Yield the statements of the file ``path`` of the dataset ``name``.

    ``format_name`` is one of :data:`~kg.linking.datasets.manifest.FORMATS`. Nothing is fetched:
    remote contexts are refused and imports are not followed. Raises
    :class:`~kg.errors.BadData` with the place of the first fault.
    """
    if format_name == "csvw":
        if mapping is None:
            raise BadData(
                "A table needs a mapping", where=path.name, remedy="Give one with --mapping FILE."
            )
        found: Iterable[Triple] = table_triples(path, read_mapping(mapping, base))
    elif format_name == "popolo":
        found = popolo_triples(path, name, base)
    else:
        found = _rdf(path)
    count = 0
    for count, triple in enumerate(found, 1):
        if count > STATEMENTS:
            raise BadData(
                f"The file has more than {STATEMENTS} statements",
                where=path.name,
                remedy="Cut it into several datasets.",
            )
        _check_identifier(triple, path.name, count)
        yield triple
    if not count:
        raise BadData("The file says nothing", where=path.name, remedy="Give one with data.")


def _rdf(path: Path) -> Iterator[Triple]:
    format_ = RDF_FORMATS.get(path.suffix.lower())
    if format_ is None:
        raise BadData(
            f"No format is known by the extension {path.suffix or '(none)'}",
            where=path.name,
            remedy=f"Known: {', '.join(RDF_FORMATS)}; for a table give --mapping.",
        )
    if format_ is RdfFormat.RDF_XML:
        with path.open("rb") as file:
            check_xml(file, path.name)
    try:
        for quad in parse(path=str(path), format=format_, rename_blank_nodes=True):
            yield _triple(quad, path.name)
    except SyntaxError as error:
        if _REMOTE in str(error.msg):
            raise BadData(
                "The file names a context or an import elsewhere, and nothing is fetched",
                where=f"{path.name}, @context",
                remedy="Write that context into the file, in place of its address.",
            ) from None
        place = f", line {error.lineno}, column {error.offset}" if error.lineno else ""
        raise BadData(
            f"The file is no {format_.name}: {error.msg}",
            where=f"{path.name}{place}",
            remedy="Correct this place.",
        ) from None
    except (ValueError, OSError) as error:
        raise BadData(
            f"The file cannot be read: {error}", where=path.name, remedy="Correct the file."
        ) from None


def _check_identifier(triple: Triple, name: str, number: int) -> None:
    """Raise :class:`~kg.errors.BadData` if the object is an identifier that cannot be right."""
    wrong = wrong_digits(triple.object.value) if isinstance(triple.object, NamedNode) else None
    if wrong:
        raise BadData(
            wrong,
            where=f"{name}, statement {number}, about {triple.subject}",
            remedy="Correct the identifier.",
        )


def _triple(quad: Quad, name: str) -> Triple:
    if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
        raise BadData(
            "The file holds quoted triples", where=name, remedy="Leave them out: RDF 1.1 has none."
        )
    return Triple(quad.subject, quad.predicate, quad.object)
