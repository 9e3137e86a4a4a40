"""Links to other datasets: the tables of mappings, checked, and the statements they make."""

import hashlib

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.linking.conflicts import conflicts
from kg.linking.coverage import kinds
from kg.linking.sssom import TEXTS
from kg.linking.sssom import Mapping
from kg.linking.sssom import read_table
from kg.linking.sssom import row_key
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SSSOM
from kg.namespaces import XSD
from kg.namespaces import shorten


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
        read, faults = read_table(table.text, table.name, described, sources.base)
        mappings += read
        findings += faults
    # Only of what is linked, because a large graph has more things than memory should hold.
    linked = {mapping.subject for mapping in mappings}
    quads = (quad for quad in sources.quads() if _is_about(quad, linked))
    findings += conflicts(mappings, kinds(quads), sources.dataset_quads)
    return mappings, CheckResult("links", f"{len(mappings)} rows", findings)


def _is_about(quad: Quad, things: set[str]) -> bool:
    """Whether ``quad`` says what one of ``things`` is, or which classes are above another."""
    if quad.predicate.value == RDFS + "subClassOf":
        return True
    return isinstance(quad.subject, NamedNode) and quad.subject.value in things


def link_quads(mappings: list[Mapping], base: str) -> list[Quad]:
    """Return the statements of graph ``links``: each mapping as a node with its justification,
    and its direct statement if it holds.
    """
    graph = NamedNode(f"{base}graph/links")
    quads: list[Quad] = []
    for mapping in mappings:
        key = " ".join(row_key(mapping))
        node = NamedNode(f"{base}id/mapping-{hashlib.sha256(key.encode()).hexdigest()[:12]}")
        label = " ".join(
            (
                mapping.values.get("subject_label") or shorten(mapping.subject),
                *(["not"] if mapping.negated else []),
                shorten(mapping.predicate),
                mapping.object,
            )
        )

        if mapping.sought:
            name = mapping.values.get("subject_label") or shorten(mapping.subject)
            label = f"No term found for {name} in {mapping.values['object_source']}"

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
        if mapping.values.get("object_source"):
            say(SSSOM + "object_source", NamedNode(mapping.values["object_source"]))
        for column in TEXTS:
            if mapping.values.get(column):
                say(SSSOM + column, Literal(mapping.values[column]))
        if mapping.values.get("mapping_date"):
            day = Literal(mapping.values["mapping_date"], datatype=NamedNode(XSD + "date"))
            say(SSSOM + "mapping_date", day)
        if mapping.holds:
            subject, predicate = NamedNode(mapping.subject), NamedNode(mapping.predicate)
            quads.append(Quad(subject, predicate, NamedNode(mapping.object), graph))
    return quads
