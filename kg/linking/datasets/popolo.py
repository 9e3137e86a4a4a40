"""Popolo JSON as statements: persons, organisations, memberships, areas and legislative periods.

The Popolo Project's specification (popoloproject.com) for what is read; persons and memberships
become terms of FOAF and ORG, a membership with the period, the party and the area that it names.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.errors import BadData
from kg.linking.datasets.tables import read_text
from kg.linking.identifiers import fault
from kg.namespaces import DCTERMS
from kg.namespaces import PREFIXES
from kg.namespaces import RDF
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from kg.namespaces import XSD

WIKIDATA: Final = "http://www.wikidata.org/entity/"
ORG: Final = PREFIXES["org"]
_PARTS: Final = ("organizations", "persons", "areas", "events", "memberships")
_CLASSES: Final = {
    "organizations": ORG + "Organization",
    "persons": PREFIXES["foaf"] + "Person",
    "memberships": ORG + "Membership",
}
_DATES: Final = (("start_date", SCHEMA + "startDate"), ("end_date", SCHEMA + "endDate"))


def popolo_triples(path: Path, name: str, base: str) -> Iterator[Triple]:
    """Yield the statements of the Popolo file ``path`` as those of the dataset ``name``.

    Raises :class:`~kg.errors.BadData` with the list and the place in it.
    """
    try:
        data: Any = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise BadData(
            f"The file is not JSON: {error}", where=path.name, remedy="Correct the file."
        ) from None
    if not isinstance(data, dict) or not any(part in data for part in _PARTS):
        raise BadData(
            "The file is no Popolo data",
            where=path.name,
            remedy=f"It needs one of {', '.join(_PARTS)}.",
        )
    for part in _PARTS:
        rows = data.get(part, [])
        if not isinstance(rows, list):
            raise _fault(f"{part} is no list", path.name)
        for number, row in enumerate(rows, 1):
            where = f"{path.name}, {part} {number}"
            if not isinstance(row, dict):
                raise _fault("The entry is no object", where)
            key = row.get("id") or (f"membership/{number}" if part == "memberships" else "")
            if not isinstance(key, str) or not key:
                raise _fault("The entry has no id", where)
            yield from _entry(part, row, _iri(base, name, part, key), where, base, name)


def _iri(base: str, name: str, part: str, key: str) -> NamedNode:
    return NamedNode(
        f"{base}id/{name}-{part.removesuffix('s')}-{quote(key.replace('/', '-'), safe='')}"
    )


def _entry(
    part: str, row: dict[str, Any], node: NamedNode, where: str, base: str, name: str
) -> Iterator[Triple]:
    def text(key: str) -> str:
        value = row.get(key) or ""
        if not isinstance(value, str):
            raise _fault(f"{key} is no text", where)
        return value

    if part in _CLASSES:
        yield Triple(node, NamedNode(RDF + "type"), NamedNode(_CLASSES[part]))
    if part == "memberships":
        yield from _membership(text, node, base, name)
    elif not text("name"):
        raise _fault("The entry has no name", where)
    else:
        yield Triple(node, NamedNode(SKOS + "prefLabel"), Literal(text("name")))
    if text("classification"):
        yield Triple(node, NamedNode(DCTERMS + "type"), Literal(text("classification")))
    for other in row.get("other_names") or []:
        if isinstance(other, dict) and isinstance(other.get("name"), str):
            yield Triple(node, NamedNode(SKOS + "altLabel"), _named(other))
    for key, predicate in _DATES:
        if text(key):
            yield Triple(node, NamedNode(predicate), _date(text(key), where, key))
    if part == "events" and text("organization_id"):
        of = _iri(base, name, "organizations", text("organization_id"))
        yield Triple(node, NamedNode(ORG + "organization"), of)
    for one in row.get("identifiers") or []:
        if isinstance(one, dict) and one.get("scheme") == "wikidata":
            iri = f"{WIKIDATA}{one.get('identifier')}"
            wrong = fault(iri)
            if wrong:
                raise _fault(f"identifiers: {wrong}", where)
            yield Triple(node, NamedNode(SCHEMA + "sameAs"), NamedNode(iri))


def _membership(text: Any, node: NamedNode, base: str, name: str) -> Iterator[Triple]:
    for key, predicate, part in (
        ("person_id", ORG + "member", "persons"),
        ("organization_id", ORG + "organization", "organizations"),
        ("on_behalf_of_id", SCHEMA + "affiliation", "organizations"),
        ("legislative_period_id", DCTERMS + "isPartOf", "events"),
        ("area_id", SCHEMA + "areaServed", "areas"),
    ):
        if text(key):
            yield Triple(node, NamedNode(predicate), _iri(base, name, part, text(key)))


def _named(other: dict[str, Any]) -> Literal:
    """Return a name with its language, if one is given that can be one."""
    language = other.get("lang")
    if isinstance(language, str) and re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language):
        return Literal(other["name"], language=language)
    return Literal(other["name"])


def _date(text: str, where: str, key: str) -> Literal:
    """Return a date as it is written: Popolo allows years and months without a day too."""
    kind = {4: "gYear", 7: "gYearMonth"}.get(len(text), "date")
    try:
        day = date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text[:10])
    except ValueError:
        raise _fault(f"{key} {text[:40]!r} is no date", where) from None
    written = day.isoformat()[: len(text)]
    return Literal(written, datatype=NamedNode(XSD + kind))


def _fault(detail: str, where: str) -> BadData:
    return BadData(detail, where=where, remedy="Correct the file.")
