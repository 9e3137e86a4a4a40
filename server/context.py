"""The JSON-LD context of the vocabulary: names for its terms, and the types of their values."""

import json
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Final

from flask import Blueprint
from flask import Response
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import XSD
from kg.namespaces import prefixes
from kg.namespaces import shorten
from server.bounded_query import bounded_query
from server.kept import kept
from server.page_response import tagged
from server.service import Service
from server.service import service

blueprint = Blueprint("context", __name__)

MEDIA_TYPE: Final = "application/ld+json"
_NATIVE: Final = frozenset(XSD + name for name in ("string", "boolean", "integer"))
_LABELS: Final = {
    name.partition(":")[2]: {"@id": name, "@container": "@language"}
    for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel")
}


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Return the context for JSON documents about things of this graph (JSON-LD 1.1, section 4.1).

    It has the prefixes of the graph and every term of the vocabulary by its local name.
    """
    here = service()

    def document() -> str:
        found = {"@context": context_of(here)}
        return json.dumps(found, ensure_ascii=False, indent=2) + "\n"

    return tagged(f"{here.engine.version().digest[:32]}-context", MEDIA_TYPE, document)


def context_of(service: Service) -> dict[str, Any]:
    """Return the context for JSON documents about the things of ``service``'s graph, which is read
    once for a version.
    """

    def read() -> dict[str, Any]:
        rows = service.engine.rows(
            bounded_query(service, "context", rows=service.settings.page_rows)
        )
        return vocabulary_context(rows, prefixes(service.settings.base_iri))

    return kept("context", read)


def vocabulary_context(rows: Sequence[dict[str, Term]], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the context from the solutions of ``context.rq``: the prefixes ``names``, and a
    definition of each term.

    A value of an object property is an IRI, one of a datatype property has the property's datatype,
    and a text of an annotation property is English unless it says otherwise. Booleans and whole
    numbers are those of JSON. Labels are objects by language.
    """
    types: dict[str, set[str]] = defaultdict(set)
    ranges: dict[str, str] = {}
    worded: set[str] = set()
    for row in rows:
        term, kind, found = row["term"], row["type"], row.get("range")
        if isinstance(term, NamedNode) and isinstance(kind, NamedNode):
            types[term.value].add(kind.value)
            if isinstance(found, NamedNode):
                ranges[term.value] = found.value
            if "worded" in row:
                worded.add(term.value)
    context: dict[str, Any] = {"@version": 1.1, **dict(sorted(names.items())), **_LABELS}
    for iri in sorted(types):
        name = iri.removeprefix(POL)
        if name in names or not iri.startswith(POL):
            continue  # such a term is written with its prefix
        definition: dict[str, str] = {"@id": f"pol:{name}"}
        if OWL + "ObjectProperty" in types[iri]:
            definition["@type"] = "@id"
        elif iri in worded or ranges.get(iri) == RDF + "langString":
            definition["@language"] = "en"
        elif ranges.get(iri, XSD + "string") not in _NATIVE:
            definition["@type"] = shorten(ranges[iri])
        context[name] = definition if len(definition) > 1 else definition["@id"]
    return context
