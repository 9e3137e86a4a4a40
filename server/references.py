"""Citations as files for reference managers: BibTeX, RIS and CSL-JSON."""

import json
from collections.abc import Callable
from collections.abc import Mapping
from typing import Final

from flask import Response
from pyoxigraph import NamedNode

from kg.engine.interface import Version
from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.cells import best_label
from server.cells import name_of
from server.citation import TITLE
from server.citation import citation
from server.page_response import may_be_kept
from server.service import service
from server.view_page import only

MOST_NAMES: Final = 100


def thing(slug: str, extension: str) -> Response:
    """Return the citation of the page of a thing as a file."""
    return _file("id", slug, extension)


def topic(slug: str, extension: str) -> Response:
    """Return the citation of the page of a topic as a file."""
    return _file("topic", slug, extension)


def graph(slug: str, extension: str) -> Response:
    """Return the citation of a named graph as a file."""
    return _file("graph", slug, extension)


def bibtex(name: str, iri: str, version: Version) -> str:
    """Return the citation as a BibTeX entry."""
    return citation(name, iri, version).bibtex + "\n"


def ris(name: str, iri: str, version: Version) -> str:
    """Return the citation as a RIS record, whose lines end with CR LF."""
    fields = (
        ("TY", "DATA"),
        ("TI", name),
        ("T2", TITLE),
        ("ET", str(version.number)),
        ("UR", iri),
        ("N1", f"Version {version.number}, SHA-256 {version.digest}"),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields)


def csl(name: str, iri: str, version: Version) -> str:
    """Return the citation as CSL-JSON: a list of one item."""
    item = {
        "id": f"policykg-{iri.rsplit('/', 1)[-1]}-v{version.number}",
        "type": "dataset",
        "title": name,
        "container-title": TITLE,
        "version": str(version.number),
        "note": f"SHA-256 {version.digest}",
        "URL": iri,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


_FORMATS: Final[Mapping[str, tuple[str, Callable[[str, str, Version], str]]]] = {
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
    "json": ("application/vnd.citationstyles.csl+json", csl),
}


def _file(kind: str, slug: str, extension: str) -> Response:
    """Return the file; raises :class:`~kg.errors.NotFound` for an unknown thing or format."""
    only()
    here = service()
    if extension not in _FORMATS:
        raise NotFound(
            f"There is no citation with the extension .{extension[:20]}",
            remedy=f"Known: {', '.join('.' + one for one in _FORMATS)}.",
        )
    iri = here.links.iri(kind, slug)
    version = here.engine.version()
    name = " ".join(_name(iri).split())
    media_type, write = _FORMATS[extension]
    response = Response(write(name, iri, version), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="policykg.{extension}"'
    return may_be_kept(response)


def _name(iri: str) -> str:
    here = service()
    try:
        query = bounded_query(here, "name", rows=MOST_NAMES, thing=NamedNode(iri))
    except ValueError:
        raise _unknown(iri) from None
    rows = here.engine.rows(query)
    if not rows:
        raise _unknown(iri)
    label = best_label(row.get("label") for row in rows) or best_label(
        row.get("other") for row in rows
    )
    return label.value if label else name_of(iri, here.links)


def _unknown(iri: str) -> NotFound:
    return NotFound("The graph says nothing about this thing", where=iri[:200])
