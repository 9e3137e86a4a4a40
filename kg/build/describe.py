"""Describing the dataset for harvesters: VoID and DCAT, with counts, licence, version and dumps."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from urllib.parse import urlsplit

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg import __version__
from kg.build.dumps import DumpFile
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
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


def describe(
    quads: Sequence[Quad], digest: str, base: str, graph: str, dumps: Iterable[DumpFile]
) -> list[Quad]:
    """Return the statements of ``graph``, which describe the dataset that ``quads`` make up.

    ``digest`` is the SHA-256 of the dataset without its description; the version that is stated
    is policykg's, with the first twelve digits of the digest.
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
    about.say(dataset, DCAT + "version", Literal(f"{__version__}+{digest[:12]}"))
    about.say(dataset, VOID + "vocabulary", NamedNode(base_vocabulary()))
    about.say(dataset, VOID + "uriSpace", Literal(f"{base}id/"))
    about.say(dataset, VOID + "sparqlEndpoint", NamedNode(f"{base}sparql"))
    about.say(dataset, DCAT + "landingPage", NamedNode(base))
    _count(about, dataset, quads)
    _partitions(about, dataset, quads)
    _graphs(about, dataset, quads)
    _linksets(about, dataset, quads)
    _distributions(about, dataset, dumps, _licenses(quads))
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


def _count(about: _Description, dataset: NamedNode, quads: Sequence[Quad]) -> None:
    # VoID counts triples: a statement that stands in two graphs is one.
    triples = {(q.subject, q.predicate, q.object) for q in quads}
    about.number(dataset, VOID + "triples", len(triples))
    about.number(dataset, VOID + "distinctSubjects", len({s for s, _, _ in triples}))
    about.number(dataset, VOID + "distinctObjects", len({o for _, _, o in triples}))
    about.number(dataset, VOID + "properties", len({p for _, p, _ in triples}))
    about.number(dataset, VOID + "classes", len({o for _, p, o in triples if p == _TYPE}))
    things = {s for s, _, _ in triples if not isinstance(s, BlankNode)}
    about.number(
        dataset,
        VOID + "entities",
        len(
            [s for s in things if str(s).startswith((f"<{about.base}id/", f"<{about.base}topic/"))]
        ),
    )


def _partitions(about: _Description, dataset: NamedNode, quads: Sequence[Quad]) -> None:
    members: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for _, predicate, value in {(q.subject, q.predicate, q.object) for q in quads}:
        uses[predicate.value] += 1
        if predicate == _TYPE and isinstance(value, NamedNode):
            members[value.value] += 1
    for kind, counts, count in (("class", members, "entities"), ("property", uses, "triples")):
        for iri, number in sorted(counts.items()):
            node = about.thing(
                f"dataset-{kind}-{_key(iri)}", f"Part of the dataset: {kind} {shorten(iri)}",
                VOID + "Dataset",
            )  # fmt: skip
            about.say(dataset, VOID + f"{kind}Partition", node)
            about.say(node, VOID + kind, NamedNode(iri))
            about.number(node, VOID + count, number)


def _graphs(about: _Description, dataset: NamedNode, quads: Sequence[Quad]) -> None:
    # The graph of the description cannot count itself.
    about.label(about.graph, "Graph description", VOID + "Dataset", VOID + "DatasetDescription")
    about.say(dataset, VOID + "subset", about.graph)
    for name, number in sorted(Counter(str(q.graph_name)[1:-1] for q in quads).items()):
        node = NamedNode(name)
        short = name.removeprefix(f"{about.base}graph/")
        about.label(node, f"Graph {short}", VOID + "Dataset")
        about.say(dataset, VOID + "subset", node)
        about.number(node, VOID + "triples", number)


def _linksets(about: _Description, dataset: NamedNode, quads: Sequence[Quad]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for q in quads:
        if q.graph_name == NamedNode(f"{about.base}graph/links") and isinstance(
            q.object, NamedNode
        ):
            predicate = q.predicate.value
            host = urlsplit(q.object.value).hostname
            if host and (predicate.startswith(SKOS) or predicate == SCHEMA + "sameAs"):
                counts[host, predicate] += 1
    for (host, predicate), number in sorted(counts.items()):
        node = about.thing(
            f"linkset-{_key(host + predicate)}", f"Links by {shorten(predicate)} to {host}",
            VOID + "Linkset",
        )  # fmt: skip
        about.say(dataset, VOID + "subset", node)
        about.say(node, VOID + "linkPredicate", NamedNode(predicate))
        about.say(node, VOID + "target", dataset)
        about.number(node, VOID + "triples", number)


def _licenses(quads: Sequence[Quad]) -> dict[str, NamedNode]:
    """Return the licences of the graphs that state one of their own."""
    return {
        q.subject.value: q.object
        for q in quads
        if q.predicate.value == DCTERMS + "license"
        and q.subject == q.graph_name
        and isinstance(q.subject, NamedNode)
        and isinstance(q.object, NamedNode)
    }


def _distributions(
    about: _Description,
    dataset: NamedNode,
    dumps: Iterable[DumpFile],
    licenses: Mapping[str, NamedNode],
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
        about.say(node, DCTERMS + "license", licenses.get(dump.graph or "", _LICENSE))
        about.say(dataset if whole else NamedNode(dump.graph or ""), VOID + "dataDump", url)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
