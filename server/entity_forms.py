"""The other forms of a page about a thing: its data, and its citation for reference managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.links import Links

# The representations of a thing: file extension, name, media type.
FORMATS: Final = (
    ("ttl", "Turtle", "text/turtle"),
    ("jsonld", "JSON-LD", "application/ld+json"),
    ("rdf", "RDF/XML", "application/rdf+xml"),
    ("nt", "N-Triples", "application/n-triples"),
    ("json", "JSON", "application/json"),
)
# The citation for reference managers: file extension, name, media type.
REFERENCES: Final = (
    ("bib", "BibTeX", "application/x-bibtex"),
    ("ris", "RIS", "application/x-research-info-systems"),
    ("json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
)


@dataclass(frozen=True, slots=True)
class Representation:
    """Another form of a page, and its address."""

    name: str
    media_type: str
    href: str


def representations(iri: str, links: Links) -> Sequence[Representation]:
    """Return the statements about ``iri`` as data, in all formats."""
    return [
        Representation(name, media_type, address)
        for extension, name, media_type in FORMATS
        if (address := links.data(iri, extension))
    ]


def references(path: str) -> Sequence[Representation]:
    """Return the citation of the page at ``path`` in all formats."""
    stem = f"/cite{path.removeprefix('/page')}"
    return [
        Representation(name, media_type, f"{stem}.{extension}")
        for extension, name, media_type in REFERENCES
    ]
