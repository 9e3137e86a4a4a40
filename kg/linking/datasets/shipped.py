"""The datasets that come with policykg, each as a graph beside that of the reports."""

from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.errors import BadData
from kg.errors import SourceSyntaxError
from kg.linking.datasets.convert import file_triples
from kg.linking.datasets.description import describe_dataset
from kg.linking.datasets.manifest import Manifest
from kg.linking.datasets.manifest import read_manifests


def shipped_quads(folder: Path | None, base: str) -> list[Quad]:
    """Return the statements of the datasets that ship in ``folder``, each in its own graph.

    They come with the project and were looked at, so they are read in this process. Raises
    :class:`~kg.errors.SourceSyntaxError` for a file that cannot be read.
    """
    if folder is None:
        return []
    quads: list[Quad] = []
    for manifest in read_manifests(folder).values():
        if manifest.shipped:
            quads += _quads(manifest, manifest.shipped, base)
    return quads


def _quads(manifest: Manifest, file: Path, base: str) -> list[Quad]:
    graph = NamedNode(f"{base}graph/{manifest.graph_name}")
    try:
        triples = list(file_triples(file, manifest.format, manifest.name, manifest.mapping, base))
    except BadData as error:
        raise SourceSyntaxError(
            error.detail,
            where=f"kg/datasets/{manifest.name}/{error.where}",
            remedy=error.remedy,
        ) from None
    triples += describe_dataset(manifest, graph.value, file)
    return [Quad(t.subject, t.predicate, t.object, graph) for t in dict.fromkeys(triples)]
