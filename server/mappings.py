"""The links of the graph published again as a set of mappings: SSSOM as table, JSON and RDF."""

import json
from collections.abc import Callable
from collections.abc import Mapping as ReadMapping
from typing import Final

from flask import Response

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import NotFound
from kg.linking.mapping_file import safe_cell
from kg.linking.sssom import COLUMNS
from server.bounded_query import page_query_text
from server.mapping_rows import curie_map
from server.mapping_rows import mapping_rows
from server.mapping_rows import short
from server.page_response import tagged
from server.service import Service
from server.service import service
from server.view_page import only

LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
TITLE: Final = "Links of the policykg graph to other datasets"
_TYPES: Final = {
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "ttl": "text/turtle; charset=utf-8",
}


def mappings(extension: str) -> Response:
    """Return all mappings as a download with ``extension``: tsv, json or ttl.

    Raises :class:`~kg.errors.NotFound` for another one.
    """
    only()
    here = service()
    if extension not in _TYPES:
        raise NotFound(
            f"There are no mappings with the extension .{extension[:20]}",
            remedy=f"Known: {', '.join('.' + one for one in _TYPES)}.",
        )
    tag = f"{here.engine.version().digest[:32]}-mappings-{extension}"
    response = tagged(tag, _TYPES[extension], lambda: _WRITERS[extension](here))
    response.headers["Content-Disposition"] = (
        f"attachment; filename=policykg-mappings.sssom.{extension}"
    )
    return response


def _about(here: Service) -> dict[str, str]:
    base = here.settings.base_iri
    version = here.engine.version()
    return {
        "mapping_set_id": f"{base}mappings",
        "mapping_set_title": TITLE,
        "mapping_set_version": version.digest[:12],
        "license": LICENSE,
    }


def _table(here: Service) -> bytes:
    base = here.settings.base_iri
    # Quoted, because digits alone would be read as a number (YAML).
    lines = [f"#{name}: {json.dumps(text)}" for name, text in _about(here).items()]
    lines += ["#curie_map:", *(f"#  {prefix}: {iri}" for prefix, iri in curie_map(base).items())]
    lines.append("\t".join(COLUMNS))
    for row in mapping_rows(here):
        cells = short(row, base)
        lines.append("\t".join(safe_cell(cells[name]) for name in COLUMNS))
    return ("\n".join(lines) + "\n").encode()


def _json(here: Service) -> bytes:
    base = here.settings.base_iri
    rows = [
        {
            name: float(text) if name == "confidence" else text
            for name, text in short(row, base).items()
            if text
        }
        for row in mapping_rows(here)
    ]
    said = {**_about(here), "curie_map": curie_map(base), "mappings": rows}
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def _turtle(here: Service) -> bytes:
    query = Query(page_query_text(here, "mapping-statements"))
    return here.engine.answer(query, Formats(None, "text/turtle")).body


_WRITERS: Final[ReadMapping[str, Callable[[Service], bytes]]] = {
    "tsv": _table,
    "json": _json,
    "ttl": _turtle,
}
