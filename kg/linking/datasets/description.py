"""What a dataset's graph says of itself: title, publisher, source, licence, date, checksum."""

import hashlib
from pathlib import Path
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.linking.datasets.manifest import Manifest
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import RDF
from kg.namespaces import XSD

KEPT_BACK: Final = "Not to be passed on: its licence does not permit it. It is in no dump."
BESIDE: Final = "Added to this server only. It is in no dump; its publisher has it."
PUBLIC: Final = "May be passed on under its own licence, which is not that of the policykg graph."


def checksum(path: Path) -> str:
    """Return the SHA-256 of the file ``path`` in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe_dataset(manifest: Manifest, graph: str, file: Path) -> list[Triple]:
    """Return the statements about the dataset whose graph is ``graph``, read from ``file``."""
    node = NamedNode(graph)
    beside = BESIDE if manifest.redistribution else KEPT_BACK
    access = PUBLIC if manifest.shipped else beside
    rights = f"{manifest.licence_name}. {manifest.attribution}".strip()
    texts = {
        "title": manifest.title,
        "publisher": manifest.publisher,
        "rights": rights,
        "identifier": f"sha256:{checksum(file)}",
        "accessRights": access,
        **({"provenance": manifest.trimmed} if manifest.trimmed else {}),
    }
    day = Literal(manifest.date.isoformat(), datatype=NamedNode(XSD + "date"))
    return [
        Triple(node, NamedNode(RDF + "type"), NamedNode(DCAT + "Dataset")),
        Triple(node, NamedNode(DCTERMS + "source"), NamedNode(manifest.source)),
        Triple(node, NamedNode(DCTERMS + "license"), NamedNode(manifest.licence)),
        Triple(node, NamedNode(DCTERMS + "issued"), day),
        *(Triple(node, NamedNode(DCTERMS + key), Literal(text)) for key, text in texts.items()),
    ]
