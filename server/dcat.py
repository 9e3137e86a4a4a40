"""The dataset as a catalogue for harvesters (DCAT 3): its description, with what changes by server.

The graph describes itself; what it cannot hold, because it is in the files, are the checksums and
sizes of the dumps; and the address and the limits of the endpoint are this server's.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Blueprint
from flask import Response
from flask import send_from_directory
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.interface import Version
from kg.engine.serialization import write
from kg.engine.versions import VersionStore
from kg.errors import NotFound
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import RDF
from kg.namespaces import XSD
from server.negotiation import GRAPHS
from server.negotiation import PAGE
from server.negotiation import choose
from server.negotiation import content_type
from server.page_response import tagged
from server.service import Service
from server.service import service
from server.statements import statements_in
from server.version_chain import PAV
from server.version_chain import dumped_versions
from server.version_chain import version_chain

blueprint = Blueprint("dcat", __name__)

_SPDX: Final = "http://spdx.org/rdf/terms#"
_ENGINE_FORMATS: Final = {f.extension: f.engine for f in GRAPH_FORMATS}


@blueprint.get("/catalog")
def catalog() -> Response:
    """Return the catalogue in the format that the client likes best; people see the dataset's page.

    Raises :class:`~kg.errors.NotAcceptable`.
    """
    chosen = choose((*GRAPHS, PAGE))
    if chosen is PAGE:
        return Response(status=303, headers={"Location": "/page/dataset", "Vary": "Accept"})
    here = service()

    def document() -> bytes:
        more = {"spdx": _SPDX, "pav": PAV}
        description = here.links.iri("graph", "description")
        quads = [*statements_in(here.engine, description), *_own(here)]
        quads += version_chain(here, f"{here.settings.base_iri}graph/catalog")
        return write(quads, _ENGINE_FORMATS[chosen.extension], here.settings.base_iri, more)

    tag = f"{here.engine.version().digest[:32]}-catalog-{chosen.extension}"
    response = tagged(tag, content_type(chosen.media_type), document, kept=False)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/dumps/<int:number>/<name>")
def dump(number: int, name: str) -> Response:
    """Return a dump file of version ``number``, which is that for good.

    Raises :class:`~kg.errors.NotFound`, which names the versions whose dumps are kept.
    """
    here = service()
    kept = dumped_versions(here) if here.settings.engine == "embedded" else []
    if number not in kept:
        raise NotFound(
            f"The dumps of version {number} are not kept",
            remedy=f"Kept are those of {', '.join(map(str, kept))}." if kept else None,
        )
    folder = VersionStore(here.settings.data).dumps_path(Version(number, "", 0)).absolute()
    names = sorted(path.name for path in folder.glob("*.gz"))
    # Only a name that is in the folder is ever joined to it, so that none leads out of it.
    if name not in names:
        raise NotFound(f"There is no dump {name[:200]}", remedy=f"There are: {', '.join(names)}.")
    response = send_from_directory(folder, name, mimetype="application/gzip", as_attachment=True)
    response.headers["Cache-Control"] = "no-cache"  # a number may be given again after a restore
    return response


def _own(here: Service) -> list[Quad]:
    """Return what this server adds: the catalogue itself, its service, and the files' checksums."""
    base = here.settings.base_iri
    graph = NamedNode(f"{base}graph/catalog")
    quads: list[Quad] = []

    def say(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> None:
        quads.append(Quad(subject, NamedNode(predicate), value, graph))

    catalogue = NamedNode(f"{base}catalog")
    dataset, endpoint = NamedNode(f"{base}id/dataset"), NamedNode(f"{base}id/sparql-endpoint")
    say(catalogue, RDF + "type", NamedNode(DCAT + "Catalog"))
    say(catalogue, DCTERMS + "title", Literal("What policy reports say", language="en"))
    say(catalogue, DCAT + "dataset", dataset)
    say(catalogue, DCAT + "service", endpoint)
    say(endpoint, DCAT + "endpointURL", NamedNode(f"{here.address}/sparql"))
    say(endpoint, DCAT + "endpointDescription", NamedNode(f"{here.address}/sparql"))
    say(endpoint, DCTERMS + "description", Literal(_limits(here), language="en"))
    for name, size, checksum in _dumps(here):
        file = NamedNode(f"{base}id/dump-{name.replace('.', '-')}")
        sum_ = NamedNode(f"{file.value}-checksum")
        say(file, DCAT + "downloadURL", NamedNode(f"{here.address}/dumps/{name}"))
        say(file, DCAT + "byteSize", _typed(str(size), "nonNegativeInteger"))
        say(file, _SPDX + "checksum", sum_)
        say(sum_, RDF + "type", NamedNode(_SPDX + "Checksum"))
        say(sum_, _SPDX + "algorithm", NamedNode(_SPDX + "checksumAlgorithm_sha256"))
        say(sum_, _SPDX + "checksumValue", _typed(checksum, "hexBinary"))
    return quads


def _limits(here: Service) -> str:
    settings = here.settings
    return (
        f"A query may take {settings.query_seconds:g} seconds and give {settings.result_mb} "
        f"megabytes; one client may have {settings.client_queries} under way."
    )


def _dumps(here: Service) -> tuple[tuple[str, int, str], ...]:
    folder = VersionStore(here.settings.data).dumps_path(here.engine.version())
    return _files(folder, here.engine.version().digest)


@lru_cache(maxsize=4)
def _files(folder: Path, digest: str) -> tuple[tuple[str, int, str], ...]:
    """Return name, size in bytes and SHA-256 of each dump; ``digest`` is that of the version."""
    return tuple(
        (path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.glob("*.gz"))
    )


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))
