"""What a description of the dataset counts, counted in one pass over its statements in order."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import urlsplit

from kg.build.ordering import in_order
from kg.namespaces import DCTERMS
from kg.namespaces import RDF
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS

_TYPE = f"<{RDF}type>".encode()
_LICENSE = f"<{DCTERMS}license>".encode()


@dataclass
class Counts:
    """The figures of a dataset, as VoID has them: a statement that stands in two graphs is one.

    ``digest`` is the SHA-256 of the lines; ``members`` counts the things of each class, ``uses``
    the statements of each property, ``graphs`` those of each graph, ``links`` those of the graph of
    links by host and property. ``licenses`` are those that graphs state of themselves.
    """

    digest: str = ""
    triples: int = 0
    subjects: int = 0
    objects: int = 0
    classes: int = 0
    entities: int = 0
    members: Counter[str] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    graphs: Counter[str] = field(default_factory=Counter)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    licenses: dict[str, str] = field(default_factory=dict)


def count(lines: Iterable[bytes], base: str) -> Counts:
    """Return the figures of a dataset, given as N-Quads in order, with things under ``base``."""
    counts = Counts()
    objects = in_order(_tally(lines, base, counts))
    last = b""
    for value in objects:
        if value != last:
            counts.objects += 1
            last = value
    return counts


def _tally(lines: Iterable[bytes], base: str, counts: Counts) -> Iterator[bytes]:
    """Count all but the objects, which are yielded, each with a line feed."""
    total = hashlib.sha256()
    things = (f"<{base}id/".encode(), f"<{base}topic/".encode())
    links = f"<{base}graph/links>".encode()
    graphs: Counter[bytes] = Counter()
    uses: Counter[bytes] = Counter()
    types: Counter[bytes] = Counter()
    last_triple, last_subject = b"", b""
    for line in lines:
        total.update(line)
        triple, graph, _ = line.rsplit(b" ", 2)
        subject, predicate, value = triple.split(b" ", 2)
        graphs[graph] += 1
        if graph == links and value.startswith(b"<"):
            _note_link(counts, predicate, value)
        elif predicate == _LICENSE and subject == graph and value.startswith(b"<"):
            counts.licenses[_iri(graph)] = _iri(value)
        if triple == last_triple:
            continue
        last_triple = triple
        counts.triples += 1
        uses[predicate] += 1
        if predicate == _TYPE:
            types[value] += 1
        if subject != last_subject:
            last_subject = subject
            counts.subjects += 1
            counts.entities += subject.startswith(things)
        yield value + b"\n"
    counts.digest = total.hexdigest()
    counts.classes = len(types)
    counts.uses.update({_iri(one): number for one, number in uses.items()})
    counts.graphs.update({_iri(one): number for one, number in graphs.items()})
    counts.members.update({_iri(one): n for one, n in types.items() if one.startswith(b"<")})


def _note_link(counts: Counts, predicate: bytes, value: bytes) -> None:
    name, host = _iri(predicate), urlsplit(_iri(value)).hostname
    if host and (name.startswith(SKOS) or name == SCHEMA + "sameAs"):
        counts.links[host, name] += 1


def _iri(term: bytes) -> str:
    return term[1:-1].decode()
