"""Datasets that users add beside the graph: each in a graph of its own that builds leave alone."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store

from kg.engine.committing import VersionWriter
from kg.engine.interface import Version
from kg.engine.versions import Record
from kg.engine.versions import VersionStore
from kg.errors import GraphOwned
from kg.errors import NotFound
from kg.linking.datasets.description import BESIDE
from kg.linking.datasets.description import checksum
from kg.linking.datasets.description import describe_dataset
from kg.linking.datasets.isolated import read_isolated
from kg.linking.datasets.manifest import Manifest
from kg.namespaces import DCTERMS
from kg.settings import Settings

WAIT_SECONDS: Final = 30  # for others who write to the same folder
FACTS: Final = ("title", "license", "issued", "identifier", "accessRights")


@dataclass(frozen=True, slots=True)
class Beside:
    """A dataset in the store: its name, its number of statements, whether a build made it, and what
    its graph says of itself.
    """

    name: str
    statements: int
    shipped: bool
    title: str
    licence: str
    date: str
    sha256: str
    access: str


def add(settings: Settings, manifest: Manifest, file: Path) -> tuple[Version, bool]:
    """Put what ``file`` holds into the graph of the dataset, in place of what it held before.

    Returns the version and whether anything changed. Raises :class:`~kg.errors.BadData` for a
    file that cannot be read, :class:`~kg.errors.GraphOwned` for a name that a build uses, and
    what :meth:`~kg.engine.committing.VersionWriter.change` raises; then nothing is changed.
    """
    graph = NamedNode(f"{settings.base_iri}graph/{manifest.graph_name}")
    said = describe_dataset(manifest, graph.value, file)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "statements.nt"
        read_isolated(
            file, manifest.format, manifest.name, out, manifest.mapping, settings.base_iri
        )
        total = f"sha256:{checksum(file)}"
        if any(
            one.sha256 == total and f"dataset/{one.name}" == manifest.graph_name
            for one in listed(settings)
        ):
            return VersionStore(settings.data).current(), False

        def load(store: Store, last: Record | None) -> Mapping[str, Any]:
            _refuse_owned(graph.value, last)
            size = len(store)
            store.remove_graph(graph)
            store.bulk_load(path=str(out), format=RdfFormat.N_TRIPLES, to_graph=graph)
            # A file does not say under which licence it is here: who added it does.
            for quad in list(store.quads_for_pattern(graph, None, None, graph)):
                store.remove(quad)
            store.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in said)
            return _note("add", graph.value, len(store) - size)

        return VersionWriter(settings.data, WAIT_SECONDS).change(load), True


def remove(settings: Settings, name: str) -> Version:
    """Remove the dataset ``name`` and return the version without it.

    Raises :class:`~kg.errors.NotFound` if there is none, and :class:`~kg.errors.GraphOwned` if it
    came with policykg.
    """
    graph = NamedNode(f"{settings.base_iri}graph/dataset/{name}")

    def drop(store: Store, last: Record | None) -> Mapping[str, Any]:
        _refuse_owned(graph.value, last)
        if not store.contains_named_graph(graph):
            raise _unknown(name, [one.name for one in listed(settings)])
        size = len(store)
        store.remove_graph(graph)
        return _note("remove", graph.value, len(store) - size)

    return VersionWriter(settings.data, WAIT_SECONDS).change(drop)


def listed(settings: Settings) -> list[Beside]:
    """Return the datasets of the version in service, by name."""
    versions = VersionStore(settings.data)
    record = versions.record()
    store = versions.open(record.version)
    start = f"{settings.base_iri}graph/dataset/"
    found = []
    for graph in store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value.startswith(start):
            found.append(_facts(store, graph, start, graph.value in record.owned))
    return sorted(found, key=lambda one: one.name)


def held_manifest(settings: Settings, name: str) -> Manifest:
    """Return what the added dataset ``name`` says of itself, to read another edition of it.

    Raises :class:`~kg.errors.NotFound` if there is none, and :class:`~kg.errors.GraphOwned` if it
    came with policykg.
    """
    versions = VersionStore(settings.data)
    record = versions.record()
    graph = NamedNode(f"{settings.base_iri}graph/dataset/{name}")
    _refuse_owned(graph.value, record)
    store = versions.open(record.version)
    said = {
        quad.predicate.value.removeprefix(DCTERMS): quad.object.value
        for quad in store.quads_for_pattern(graph, None, None, graph)
        if isinstance(quad.object, NamedNode | Literal)
    }
    if "title" not in said:
        raise _unknown(name, [one.name for one in listed(settings)])
    licence_name, _, attribution = said["rights"].partition(". ")
    return Manifest(
        name=name,
        title=said["title"],
        publisher=said["publisher"],
        source=said["source"],
        licence=said["license"],
        licence_name=licence_name,
        attribution=attribution,
        format="rdf",
        date=date.fromisoformat(said["issued"]),
        redistribution=said["accessRights"] == BESIDE,
    )


def _facts(store: Store, graph: NamedNode, start: str, shipped: bool) -> Beside:
    values = dict.fromkeys(FACTS, "")
    for key in FACTS:
        for quad in store.quads_for_pattern(graph, NamedNode(DCTERMS + key), None, graph):
            if isinstance(quad.object, NamedNode | Literal):
                values[key] = quad.object.value
    count = sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
    name = graph.value.removeprefix(start)
    return Beside(name, count, shipped, *(values[key] for key in FACTS))


def _refuse_owned(graph: str, last: Record | None) -> None:
    if last and graph in last.owned:
        raise GraphOwned(
            "This dataset comes with policykg, and the next build would put it back",
            where=graph,
            remedy="Give the dataset another name.",
        )


def _note(kind: str, graph: str, change: int) -> dict[str, Any]:
    return {"by": "dataset", "kind": f"dataset {kind}", "graphs": [graph], "change": change}


def _unknown(name: str, known: list[str]) -> NotFound:
    return NotFound(
        f"There is no dataset {name!r}",
        remedy=f"There are: {', '.join(known)}." if known else "None was added.",
    )
