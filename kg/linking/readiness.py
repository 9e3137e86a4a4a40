"""Whether a dataset of others is ready to be linked, and what is missing for it.

The measures are those of the Data on the Web Best Practices and of VoID: a description with a
licence, names that last, labels that say in which language they are, and links to other datasets.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.linking.counted import Counted
from kg.linking.datasets.isolated import read_isolated
from kg.namespaces import BASE
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import VOID

# What a description should say, the properties that say it, and the remedy.
_DESCRIBED: Final = (
    ("title", (DCTERMS + "title", SCHEMA + "name", RDFS + "label"), "dcterms:title"),
    ("licence", (DCTERMS + "license", DCTERMS + "rights", SCHEMA + "license"), "dcterms:license"),
    (
        "publisher",
        (DCTERMS + "publisher", DCTERMS + "creator", SCHEMA + "publisher"),
        "dcterms:publisher",
    ),
    (
        "date",
        (DCTERMS + "modified", DCTERMS + "issued", SCHEMA + "dateModified"),
        "dcterms:modified",
    ),
    (
        "way to the data",
        (
            VOID + "dataDump",
            VOID + "sparqlEndpoint",
            DCAT + "distribution",
            SCHEMA + "distribution",
        ),
        "void:dataDump or void:sparqlEndpoint",
    ),
    ("name space", (VOID + "uriSpace", VOID + "uriRegexPattern"), "void:uriSpace"),
    ("example", (VOID + "exampleResource",), "void:exampleResource"),
)
_ENOUGH: Final = 0.95  # of the things, that have what is asked


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one thing is as it should be; a wish that is not met makes nothing unusable."""

    about: str
    met: bool
    says: str
    remedy: str = ""
    wish: bool = False

    def __str__(self) -> str:
        state = "ok" if self.met else "wish" if self.wish else "lacks"
        remedy = f"\n{'':8}{self.remedy}" if self.remedy and not self.met else ""
        return f"{state:<6}  {self.about}: {self.says}{remedy}"


def readiness(path: Path, base: str = BASE) -> list[Answer]:
    """Return how ready the RDF file ``path`` is to be linked to things under ``base``.

    Nothing that it names is fetched. Raises :class:`~kg.errors.BadData` with the place of a fault.
    """
    data = Counted()
    with tempfile.TemporaryDirectory() as folder:
        read = Path(folder) / "statements.nt"
        read_isolated(path, "rdf", "dataset", read, base=base)
        for quad in parse(path=str(read), format=RdfFormat.N_TRIPLES):
            data.take(quad.triple, base)
    looks: list[Callable[[Counted], Iterator[Answer]]] = [
        _description,
        _names,
        _labels,
        _types,
        _links,
    ]
    return [answer for look in looks for answer in look(data)]


def _description(data: Counted) -> Iterator[Answer]:
    if not data.descriptions:
        yield Answer(
            "description",
            False,
            "nothing is said to be the dataset",
            "Say what it is: <> a void:Dataset, dcat:Dataset, with title, licence and publisher.",
        )
        return
    yield Answer("description", True, ", ".join(sorted(data.descriptions)[:3]))
    for about, properties, remedy in _DESCRIBED:
        met = any(data.said[name] & data.descriptions for name in properties if name in data.said)
        wish = about in ("example", "name space", "date")
        yield Answer(about, met, "is given" if met else "is missing", f"Add {remedy}.", wish)


def _names(data: Counted) -> Iterator[Answer]:
    count = len(data.things)
    hosts = Counter(urlsplit(name).netloc for name in data.things if name.startswith("http"))
    web = sum(hosts.values())
    yield Answer(
        "names",
        count > 0 and web == count,
        f"{web} of {count} things have a web address as their name",
        "Name things with http or https IRIs that you will keep.",
    )
    if data.nameless:
        yield Answer(
            "nameless things",
            False,
            f"{len(data.nameless)} blank nodes, which nobody can link to",
            "Give them IRIs.",
            wish=True,
        )


def _labels(data: Counted) -> Iterator[Answer]:
    count, named = len(data.things), len(data.labelled & data.things)
    yield Answer(
        "labels",
        count > 0 and named >= _ENOUGH * count,
        f"{named} of {count} things have a label",
        "Add rdfs:label or skos:prefLabel: links are found by labels.",
    )
    total, tagged = sum(data.labels.values()), sum(data.labels.values()) - data.labels[""]
    if total:
        languages = ", ".join(sorted(filter(None, data.labels)))
        yield Answer(
            "languages",
            tagged >= _ENOUGH * total,
            f"{tagged} of {total} labels say in which language they are ({languages or 'none'})",
            "Add language tags.",
            wish=True,
        )


def _types(data: Counted) -> Iterator[Answer]:
    typed = len(set[str]().union(*data.types.values()) & data.things) if data.types else 0
    count = len(data.things)
    yield Answer(
        "types",
        count > 0 and typed >= _ENOUGH * count,
        f"{typed} of {count} things have a type",
        "Add rdf:type: a person and an office of the same name are told apart by it.",
    )


def _links(data: Counted) -> Iterator[Answer]:
    linked = set[str]().union(*data.linked.values()) & data.things if data.linked else set()
    hosts = sorted(data.linked, key=lambda host: -len(data.linked[host]))[:5]
    yield Answer(
        "links",
        bool(linked),
        f"{len(linked)} of {len(data.things)} things are linked ({', '.join(hosts) or 'none'})",
        "Link what others name too: schema:sameAs, skos:exactMatch, to Wikidata for instance.",
    )
    yield Answer(
        "links to this graph",
        bool(data.ours),
        f"{len(data.ours)} things of this graph are named",
        "Find them: `policykg link suggest --target FILE`, or the page /reconcile.",
        wish=True,
    )
    if data.same_as:
        yield Answer(
            "owl:sameAs",
            False,
            f"{data.same_as} statements make two things one, with all that is said of either",
            "Use schema:sameAs or skos:exactMatch unless that is meant.",
            wish=True,
        )
