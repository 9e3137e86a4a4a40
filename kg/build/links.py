"""Links to other datasets: reading SSSOM tables, checking rows, making statements of them."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import TextFile
from kg.namespaces import BASE
from kg.namespaces import PREFIXES
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from kg.namespaces import SSSOM
from kg.namespaces import XSD
from kg.namespaces import shorten

ALLOWED = (
    SCHEMA + "sameAs",
    *(SKOS + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")),
)
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification", "confidence")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A row of an SSSOM table with its place; ``negated`` says that the relation does not hold."""

    where: str
    subject: str
    predicate: str
    object: str
    negated: bool
    values: dict[str, str]


def read_links(sources: Sources) -> tuple[list[Mapping], CheckResult]:
    """Return the mappings of all tables, and the findings for rows that cannot be used."""
    described = {
        q.subject.value
        for s in sources.reports
        for q in s.quads
        if isinstance(q.subject, NamedNode)
    }
    mappings: list[Mapping] = []
    findings: list[Finding] = []
    for table in sources.links:
        read, faults = _read_table(table, described, sources.base)
        mappings += read
        findings += faults
    return mappings, CheckResult("links", f"{len(mappings)} rows", findings)


def _read_table(
    table: TextFile, described: set[str], base: str
) -> tuple[list[Mapping], list[Finding]]:
    prefixes = {prefix: iri.replace(BASE, base) for prefix, iri in PREFIXES.items()}
    lines = table.text.splitlines()
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    for line in header:
        prefix, colon, iri = line.lstrip("#").strip().partition(": ")
        if colon and line.startswith("#  ") and iri.startswith("http"):
            prefixes[prefix] = iri.strip()
    body = "\n".join(lines[len(header) :])
    mappings: list[Mapping] = []
    findings: list[Finding] = []
    # A lone quotation mark in a comment would otherwise swallow the rows below it.
    rows = csv.DictReader(io.StringIO(body), delimiter="\t", quoting=csv.QUOTE_NONE)
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        number = len(header) + rows.line_num
        where = f"{table.name}:{number}"
        values = {key: (value or "").strip() for key, value in row.items() if key}
        faults = _faults(values, prefixes, described, where)
        if faults:
            findings += faults
            continue
        mapping = _mapping(values, prefixes, where)
        first = seen.setdefault((mapping.subject, mapping.predicate, mapping.object), number)
        if first != number:
            findings.append(Finding(where, f"The row repeats row {first}", "Keep one of them."))
        mappings.append(mapping)
    return mappings, findings


def _mapping(values: dict[str, str], prefixes: dict[str, str], where: str) -> Mapping:
    subject, predicate, target, justification = (
        _expand(values[column], prefixes) or ""
        for column in ("subject_id", "predicate_id", "object_id", "mapping_justification")
    )
    negated = values.get("predicate_modifier", "") == "Not"
    values = {**values, "mapping_justification": justification}
    return Mapping(where, subject, predicate, target, negated, values)


def _faults(
    values: dict[str, str], prefixes: dict[str, str], described: set[str], where: str
) -> list[Finding]:
    missing = [name for name in REQUIRED if not values.get(name)]
    if missing:
        return [Finding(where, f"The row has no {', '.join(missing)}", "Fill the column.")]
    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        if _expand(values[column], prefixes) is None:
            known = "Declare the prefix in #curie_map, or write a whole http(s) IRI."
            return [Finding(where, f"{column} {values[column]!r} is not an IRI", known)]
    subject = _expand(values["subject_id"], prefixes) or ""
    predicate = _expand(values["predicate_id"], prefixes) or ""
    if predicate not in ALLOWED:
        allowed = ", ".join(shorten(iri) for iri in ALLOWED)
        return [
            Finding(where, f"predicate_id {shorten(predicate)} may not link", f"Use {allowed}.")
        ]
    if subject not in described:
        return [Finding(where, f"subject_id {shorten(subject)} is not in the graph", "Correct it.")]
    if values.get("predicate_modifier", "") not in ("", "Not"):
        modifier = values["predicate_modifier"]
        return [
            Finding(where, f"predicate_modifier {modifier!r} is unknown", "Write Not, or nothing.")
        ]
    if not _is_share(values["confidence"]):
        given = values["confidence"]
        return [Finding(where, f"confidence {given!r} is not from 0 to 1", "Write such as 0.95.")]
    if values.get("mapping_date") and not _is_date(values["mapping_date"]):
        given = values["mapping_date"]
        return [
            Finding(where, f"mapping_date {given!r} is not a date", "Write such as 2026-01-31.")
        ]
    return []


def _is_share(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None and float(text) <= 1


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _expand(name: str, prefixes: dict[str, str]) -> str | None:
    if name.startswith(("http://", "https://")) and not set(name) & set(' <>"{}|^`\\'):
        return name
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None


def link_quads(mappings: list[Mapping], base: str) -> list[Quad]:
    """Return the statements of graph ``links``: each mapping as a node with its justification,
    and its direct statement unless it is negated.
    """
    graph = NamedNode(f"{base}graph/links")
    quads: list[Quad] = []
    for mapping in mappings:
        key = " ".join((mapping.subject, mapping.predicate, mapping.object))
        node = NamedNode(f"{base}id/mapping-{hashlib.sha256(key.encode()).hexdigest()[:12]}")
        label = " ".join(
            (
                mapping.values.get("subject_label") or shorten(mapping.subject),
                *(["not"] if mapping.negated else []),
                shorten(mapping.predicate),
                mapping.object,
            )
        )

        def say(predicate: str, value: NamedNode | Literal, node: NamedNode = node) -> None:
            quads.append(Quad(node, NamedNode(predicate), value, graph))

        say(RDF + "type", NamedNode(SSSOM + "Mapping"))
        say(RDFS + "label", Literal(label, language="en"))
        say(SSSOM + "subject_id", NamedNode(mapping.subject))
        say(SSSOM + "predicate_id", NamedNode(mapping.predicate))
        say(SSSOM + "object_id", NamedNode(mapping.object))
        justification = NamedNode(mapping.values["mapping_justification"])
        say(SSSOM + "mapping_justification", justification)
        confidence = Literal(mapping.values["confidence"], datatype=NamedNode(XSD + "decimal"))
        say(SSSOM + "confidence", confidence)
        for column in ("comment", "author_label", "predicate_modifier", "object_label"):
            if mapping.values.get(column):
                say(SSSOM + column, Literal(mapping.values[column]))
        if mapping.values.get("mapping_date"):
            day = Literal(mapping.values["mapping_date"], datatype=NamedNode(XSD + "date"))
            say(SSSOM + "mapping_date", day)
        if not mapping.negated:
            subject, predicate = NamedNode(mapping.subject), NamedNode(mapping.predicate)
            quads.append(Quad(subject, predicate, NamedNode(mapping.object), graph))
    return quads
