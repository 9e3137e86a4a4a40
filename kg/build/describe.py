"""Describing the dataset for harvesters: VoID and DCAT, with counts, licence, version and dumps."""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg import __version__
from kg.build.counting import Counts
from kg.build.dumps import DumpFile
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import VOID
from kg.namespaces import XSD
from kg.namespaces import shorten

_TYPE = NamedNode(RDF + "type")
_LICENSE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_RIGHTS = (
    "The graphs dataset/... are the work of other publishers; each is under the licence that its "
    "own description names, also within the dumps of the whole."
)
_FORMATS = NamedNode("https://www.iana.org/assignments/media-types/")


def describe(counts: Counts, base: str, graph: str, dumps: Iterable[DumpFile]) -> list[Quad]:
    """Return the statements of ``graph``, which describe the dataset with these ``counts``.

    The version that is stated is policykg's, with the first twelve digits of the digest of the
    dataset without its description.
    """
    about = _Description(base, graph)
    dataset = about.thing("dataset", "The policykg dataset", VOID + "Dataset", DCAT + "Dataset")
    about.say(dataset, DCTERMS + "title", Literal("The policykg dataset", language="en"))
    about.say(
        dataset,
        DCTERMS + "description",
        Literal(
            "What policy reports say, as claims with evidence, asserter and certainty; their "
            "actors, policies, goals and events; links to other datasets; and the vocabulary.",
            language="en",
        ),
    )
    about.say(dataset, DCTERMS + "creator", Literal("The policykg maintainers"))
    about.say(dataset, DCTERMS + "license", _LICENSE)
    about.say(dataset, DCTERMS + "rights", Literal(_RIGHTS, language="en"))
    about.say(dataset, DCAT + "version", Literal(f"{__version__}+{counts.digest[:12]}"))
    about.say(dataset, VOID + "vocabulary", NamedNode(base_vocabulary()))
    about.say(dataset, VOID + "uriSpace", Literal(f"{base}id/"))
    about.say(dataset, VOID + "sparqlEndpoint", NamedNode(f"{base}sparql"))
    about.say(dataset, DCAT + "landingPage", NamedNode(base))
    _count(about, dataset, counts)
    _partitions(about, dataset, counts)
    _graphs(about, dataset, counts.graphs)
    _linksets(about, dataset, counts.links)
    _distributions(about, dataset, dumps, counts.licenses)
    service = about.thing("sparql-endpoint", "The SPARQL endpoint", DCAT + "DataService")
    about.say(service, DCAT + "endpointURL", NamedNode(f"{base}sparql"))
    about.say(service, DCAT + "servesDataset", dataset)
    return about.quads


def base_vocabulary() -> str:
    """Return the IRI of the vocabulary, the namespace without its last sign."""
    return POL.removesuffix("#")


class _Description:
    """Collects statements about named things, all in one graph."""

    def __init__(self, base: str, graph: str) -> None:
        self.base = base
        self.graph = NamedNode(graph)
        self.quads: list[Quad] = []

    def say(self, subject: NamedNode, predicate: str, value: NamedNode | Literal) -> None:
        self.quads.append(Quad(subject, NamedNode(predicate), value, self.graph))

    def number(self, subject: NamedNode, predicate: str, value: int) -> None:
        self.say(subject, predicate, Literal(str(value), datatype=NamedNode(XSD + "integer")))

    def thing(self, name: str, label: str, *classes: str) -> NamedNode:
        node = NamedNode(f"{self.base}id/{name}")
        self.label(node, label, *classes)
        return node

    def label(self, node: NamedNode, label: str, *classes: str) -> None:
        for one in classes:
            self.say(node, _TYPE.value, NamedNode(one))
        self.say(node, RDFS + "label", Literal(label, language="en"))


def _count(about: _Description, dataset: NamedNode, counts: Counts) -> None:
    about.number(dataset, VOID + "triples", counts.triples)
    about.number(dataset, VOID + "distinctSubjects", counts.subjects)
    about.number(dataset, VOID + "distinctObjects", counts.objects)
    about.number(dataset, VOID + "properties", len(counts.uses))
    about.number(dataset, VOID + "classes", counts.classes)
    about.number(dataset, VOID + "entities", counts.entities)


def _partitions(about: _Description, dataset: NamedNode, counts: Counts) -> None:
    for kind, figures, count in (
        ("class", counts.members, "entities"),
        ("property", counts.uses, "triples"),
    ):
        for iri, number in sorted(figures.items()):
            node = about.thing(
                f"dataset-{kind}-{_key(iri)}", f"Part of the dataset: {kind} {shorten(iri)}",
                VOID + "Dataset",
            )  # fmt: skip
            about.say(dataset, VOID + f"{kind}Partition", node)
            about.say(node, VOID + kind, NamedNode(iri))
            about.number(node, VOID + count, number)


def _graphs(about: _Description, dataset: NamedNode, graphs: Mapping[str, int]) -> None:
    # The graph of the description cannot count itself.
    about.label(about.graph, "Graph description", VOID + "Dataset", VOID + "DatasetDescription")
    about.say(dataset, VOID + "subset", about.graph)
    for name, number in sorted(graphs.items()):
        node = NamedNode(name)
        short = name.removeprefix(f"{about.base}graph/")
        about.label(node, f"Graph {short}", VOID + "Dataset")
        about.say(dataset, VOID + "subset", node)
        about.number(node, VOID + "triples", number)


def _linksets(
    about: _Description, dataset: NamedNode, links: Mapping[tuple[str, str], int]
) -> None:
    for (host, predicate), number in sorted(links.items()):
        node = about.thing(
            f"linkset-{_key(host + predicate)}", f"Links by {shorten(predicate)} to {host}",
            VOID + "Linkset",
        )  # fmt: skip
        about.say(dataset, VOID + "subset", node)
        about.say(node, VOID + "linkPredicate", NamedNode(predicate))
        about.say(node, VOID + "target", dataset)
        about.number(node, VOID + "triples", number)


def _distributions(
    about: _Description,
    dataset: NamedNode,
    dumps: Iterable[DumpFile],
    licenses: Mapping[str, str],
) -> None:
    for dump in dumps:
        whole = dump.graph is None
        what = "the whole dataset" if whole else dump.name.removesuffix(".ttl.gz")
        node = about.thing(
            f"dump-{dump.name.replace('.', '-')}", f"{dump.format} dump of {what}",
            DCAT + "Distribution",
        )  # fmt: skip
        url = NamedNode(f"{about.base}dumps/{dump.name}")
        about.say(dataset, DCAT + "distribution", node)
        about.say(node, DCAT + "downloadURL", url)
        about.say(node, DCAT + "mediaType", NamedNode(_FORMATS.value + dump.media_type))
        about.say(node, DCAT + "compressFormat", NamedNode(_FORMATS.value + "application/gzip"))
        license = licenses.get(dump.graph or "", _LICENSE.value)
        about.say(node, DCTERMS + "license", NamedNode(license))
        about.say(dataset if whole else NamedNode(dump.graph or ""), VOID + "dataDump", url)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
