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
from flask import request
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.serialization import write
from kg.engine.versions import VersionStore
from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import RDF
from kg.namespaces import XSD
from server.negotiation import GRAPHS
from server.negotiation import PAGE
from server.negotiation import choose
from server.negotiation import content_type
from server.page_response import public
from server.service import Service
from server.service import service
from server.statements import statements_in

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
    version = here.engine.version()
    response = public(
        Response(content_type=content_type(chosen.media_type)),
        f"{version.digest[:32]}-catalog-{chosen.extension}",
    )
    response.headers["Vary"] = "Accept"
    if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    more = {"spdx": _SPDX}
    quads = [*statements_in(here.engine, here.links.iri("graph", "description")), *_own(here)]
    data = write(quads, _ENGINE_FORMATS[chosen.extension], here.settings.base_iri, more)
    response.set_data(data)
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
