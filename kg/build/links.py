"""Links to other datasets: reading SSSOM tables, checking rows, and turning them into statements."""

import csv
import hashlib
import io
from dataclasses import dataclass

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import TextFile
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
        q.subject.value for s in sources.reports for q in s.quads if isinstance(q.subject, NamedNode)
    }
    mappings: list[Mapping] = []
    findings: list[Finding] = []
    for table in sources.links:
        read, faults = _read_table(table, described)
        mappings += read
        findings += faults
    return mappings, CheckResult("links", f"{len(mappings)} rows", findings)


def _read_table(table: TextFile, described: set[str]) -> tuple[list[Mapping], list[Finding]]:
    prefixes = dict(PREFIXES)
    lines = table.text.splitlines()
    header = [line for line in lines if line.startswith("#")]
    for line in header:
        prefix, colon, iri = line.lstrip("#").strip().partition(": ")
        if colon and line.startswith("#  ") and iri.startswith("http"):
            prefixes[prefix] = iri.strip()
    body = "\n".join(lines[len(header) :])
    mappings: list[Mapping] = []
    findings: list[Finding] = []
    for number, row in enumerate(csv.DictReader(io.StringIO(body), delimiter="\t"), len(header) + 2):
        where = f"{table.name}:{number}"
        values = {key: (value or "").strip() for key, value in row.items() if key}
        faults = _faults(values, prefixes, described, where)
        findings += faults
        if not faults:
            mappings.append(
                Mapping(
                    where,
                    _expand(values["subject_id"], prefixes) or "",
                    _expand(values["predicate_id"], prefixes) or "",
                    _expand(values["object_id"], prefixes) or "",
                    values.get("predicate_modifier", "") == "Not",
                    {**values, "mapping_justification": _justification(values, prefixes)},
                )
            )
    return mappings, findings


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
        return [Finding(where, f"predicate_id {shorten(predicate)} may not link", f"Use {allowed}.")]
    if subject not in described:
        return [Finding(where, f"subject_id {shorten(subject)} is not in the graph", "Correct it.")]
    try:
        sure = 0 <= float(values["confidence"]) <= 1
    except ValueError:
        sure = False
    if not sure:
        return [Finding(where, f"confidence {values['confidence']!r} is not from 0 to 1", "Mend it.")]
    return []


def _expand(name: str, prefixes: dict[str, str]) -> str | None:
    if name.startswith(("http://", "https://")) and not set(name) & set(' <>"{}|^`\\'):
        return name
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None


def _justification(values: dict[str, str], prefixes: dict[str, str]) -> str:
    return _expand(values["mapping_justification"], prefixes) or ""


def link_quads(mappings: list[Mapping], base: str) -> list[Quad]:
    """Return the statements of graph ``links``: each mapping as a node with its justification,
    and its direct statement unless it is negated.
    """
    graph = NamedNode(f"{base}graph/links")
    quads: list[Quad] = []
    for mapping in mappings:
        key = " ".join((mapping.subject, mapping.predicate, mapping.object))
        node = NamedNode(f"{base}id/mapping-{hashlib.sha256(key.encode()).hexdigest()[:12]}")
        label = f"{mapping.values.get('subject_label', '')} {shorten(mapping.predicate)} {mapping.object}"

        def say(predicate: str, value: NamedNode | Literal, node: NamedNode = node) -> None:
            quads.append(Quad(node, NamedNode(predicate), value, graph))

        say(RDF + "type", NamedNode(SSSOM + "Mapping"))
        say(RDFS + "label", Literal(label.strip(), language="en"))
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
            date = Literal(mapping.values["mapping_date"], datatype=NamedNode(XSD + "date"))
            say(SSSOM + "mapping_date", date)
        if not mapping.negated:
            subject, predicate = NamedNode(mapping.subject), NamedNode(mapping.predicate)
            quads.append(Quad(subject, predicate, NamedNode(mapping.object), graph))
    return quads
