"""The formats of results and graphs: media types, file extensions, and the engine's names."""

from dataclasses import dataclass
from typing import Final
from typing import Generic
from typing import TypeVar

from pyoxigraph import QueryResultsFormat
from pyoxigraph import RdfFormat

EngineFormat = TypeVar("EngineFormat")


@dataclass(frozen=True, slots=True)
class Format(Generic[EngineFormat]):
    """A format with its media type, file extension, human name, and the engine's format object."""

    media_type: str
    extension: str
    name: str
    engine: EngineFormat
    aliases: tuple[str, ...] = ()


RESULT_FORMATS: Final[tuple[Format[QueryResultsFormat], ...]] = (
    Format(
        "application/sparql-results+json",
        "json",
        "JSON",
        QueryResultsFormat.JSON,
        ("application/json",),
    ),
    Format(
        "application/sparql-results+xml",
        "xml",
        "XML",
        QueryResultsFormat.XML,
        ("application/xml", "text/xml"),
    ),
    Format("text/csv", "csv", "CSV", QueryResultsFormat.CSV),
    Format("text/tab-separated-values", "tsv", "TSV", QueryResultsFormat.TSV),
)

GRAPH_FORMATS: Final[tuple[Format[RdfFormat], ...]] = (
    Format("text/turtle", "ttl", "Turtle", RdfFormat.TURTLE, ("application/x-turtle",)),
    Format("application/n-triples", "nt", "N-Triples", RdfFormat.N_TRIPLES, ("text/plain",)),
    Format("application/rdf+xml", "rdf", "RDF/XML", RdfFormat.RDF_XML),
    Format("application/ld+json", "jsonld", "JSON-LD", RdfFormat.JSON_LD),
    Format("application/trig", "trig", "TriG", RdfFormat.TRIG),
    Format("application/n-quads", "nq", "N-Quads", RdfFormat.N_QUADS),
)


def result_format(media_type: str) -> Format[QueryResultsFormat] | None:
    """Return the result format of ``media_type`` or of one of its aliases, or ``None``."""
    return _find(RESULT_FORMATS, media_type)


def graph_format(media_type: str) -> Format[RdfFormat] | None:
    """Return the graph format of ``media_type`` or of one of its aliases, or ``None``."""
    return _find(GRAPH_FORMATS, media_type)


def _find(table: tuple[Format[EngineFormat], ...], media_type: str) -> Format[EngineFormat] | None:
    for candidate in table:
        if media_type == candidate.media_type or media_type in candidate.aliases:
            return candidate
    return None
