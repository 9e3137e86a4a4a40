"""The versions of the dataset as a chain, for harvesters: each says which one it revises.

Terms of DCAT 3 (section 11.1), PAV and PROV, so that whoever knows one of them finds the way. The
graph cannot say this of itself: a version does not know which number it will have.
"""

from collections.abc import Iterator
from typing import Any
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.interface import Engine
from kg.engine.interface import Version
from kg.engine.patch import PATCH
from kg.engine.versions import VersionStore
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import PREFIXES
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import XSD
from server.service import Service
from server.service import service
from server.statements import statements_in

PAV: Final = "http://purl.org/pav/"
SHOWN: Final = 50  # versions; /changes has all
_PROV: Final = PREFIXES["prov"]


def described(engine: Engine, iri: str) -> list[Quad]:
    """Return the statements of the description ``iri`` with the chain of versions."""
    quads = statements_in(engine, iri)
    return [*quads, *version_chain(service(), iri)] if quads else quads


def version_chain(here: Service, graph: str) -> list[Quad]:
    """Return the statements on the latest versions, in ``graph``; none with a remote engine."""
    if here.settings.engine != "embedded":
        return []
    entries = list(VersionStore(here.settings.data).journal())
    return [
        Quad(subject, NamedNode(predicate), value, NamedNode(graph))
        for subject, predicate, value in _chain(here, entries)
    ]


def dumped_versions(here: Service) -> list[int]:
    """Return the numbers of the versions of which the dumps are kept, in order."""
    versions = VersionStore(here.settings.data)
    return [
        number
        for number in versions.numbers()
        if versions.dumps_path(Version(number, "", 0)).is_dir()
    ]


def _chain(
    here: Service, entries: list[dict[str, Any]]
) -> Iterator[tuple[NamedNode, str, NamedNode | Literal]]:
    base = here.settings.base_iri
    dataset = NamedNode(f"{base}id/dataset")
    dumped = set(dumped_versions(here))
    versions = VersionStore(here.settings.data)
    earlier: NamedNode | None = None
    if len(entries) > SHOWN:
        earlier = _version(base, entries[-SHOWN - 1]["version"])
    for entry in entries[-SHOWN:]:
        number = int(entry["version"])
        one = _version(base, number)
        yield dataset, DCAT + "hasVersion", one
        yield one, RDF + "type", NamedNode(DCAT + "Dataset")
        yield one, RDFS + "label", Literal(f"Version {number} of the dataset", language="en")
        yield one, DCAT + "isVersionOf", dataset
        yield one, DCAT + "version", Literal(str(number))
        yield one, PAV + "version", Literal(str(number))
        if entry.get("time"):
            time = Literal(str(entry["time"]), datatype=NamedNode(XSD + "dateTime"))
            yield one, DCTERMS + "issued", time
        if earlier is not None:
            yield one, DCAT + "previousVersion", earlier
            yield one, PAV + "previousVersion", earlier
            yield one, _PROV + "wasRevisionOf", earlier
        if number in dumped:
            yield (
                one,
                DCAT + "downloadURL",
                NamedNode(f"{here.address}/dumps/{number}/policykg.nq.gz"),
            )
        if (versions.folder(number) / PATCH).is_file():
            patch = NamedNode(f"{here.address}/changes/{number}.rdfp.gz")
            yield one, RDFS + "seeAlso", patch
        earlier = one
    if earlier is not None:
        yield dataset, DCAT + "hasCurrentVersion", earlier
        yield dataset, PAV + "hasCurrentVersion", earlier


def _version(base: str, number: int) -> NamedNode:
    return NamedNode(f"{base}changes/{number}")
