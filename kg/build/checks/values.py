"""Every value is of the kind that its property takes: a thing, or a literal of its datatype."""

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef

from kg.build.checks.shapes import quiet_terms
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.namespaces import OWL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import XSD
from kg.namespaces import shorten

_TYPE = RDF + "type"
_LINK = "Link by a row with schema:sameAs or a skos match property in kg/links/."


def check_values(sources: Sources) -> CheckResult:
    """Return findings for literals in place of things, things in place of literals, and literals
    whose datatype is not their property's, or whose text their datatype does not know, and for
    ``owl:sameAs``, which has no place in the graph.
    """
    kinds: dict[str, str] = {}
    ranges: dict[str, str] = {}
    for source in sources.ontology:
        for quad in source.quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                if quad.object.value in (OWL + "ObjectProperty", OWL + "DatatypeProperty"):
                    kinds[quad.subject.value] = quad.object.value.removeprefix(OWL)
                elif quad.predicate.value == RDFS + "range":
                    ranges[quad.subject.value] = quad.object.value
    findings = []
    looked_at = 0
    with quiet_terms():
        for quad in sources.judged():
            looked_at += 1
            fault = _fault(quad, kinds, ranges)
            if fault and isinstance(quad.subject, NamedNode):
                findings.append(Finding(sources.where(quad.subject.value), *fault))
    return CheckResult("values", f"{looked_at} values", findings, sums={"values": looked_at})


def _fault(quad: Quad, kinds: dict[str, str], ranges: dict[str, str]) -> tuple[str, str] | None:
    """Return what is wrong with the object of ``quad`` and what to do, or ``None``."""
    prop, value = quad.predicate.value, quad.object
    if not isinstance(value, Literal):
        if prop == OWL + "sameAs":
            return f"owl:sameAs {value} would make one thing of two", _LINK
        if kinds.get(prop) != "DatatypeProperty":
            return None
        return f"{shorten(prop)} takes a literal, not {value}", "Write a literal there."
    shown = f"{shorten(prop)} {_cut(value.value)!r}"
    if prop == _TYPE or kinds.get(prop) == "ObjectProperty":
        return f"{shown} is no thing", "Write the IRI of a thing, without quotation marks."
    datatype = value.datatype.value
    if not _fits(value):
        return f"{shown} is no {shorten(datatype)}", "Correct the value, or its datatype."
    wanted = ranges.get(prop) if kinds.get(prop) == "DatatypeProperty" else None
    if wanted and datatype != wanted and wanted != RDFS + "Literal":
        return f"{shown} has the datatype {shorten(datatype)}", f"Write {_how(wanted)}."
    return None


def _fits(value: Literal) -> bool:
    datatype = value.datatype.value
    if not datatype.startswith(XSD) or datatype == XSD + "string":
        return True
    return not RdflibLiteral(value.value, datatype=URIRef(datatype)).ill_typed


def _how(datatype: str) -> str:
    if datatype == XSD + "string":
        return "a text without language or datatype"
    return f"a literal of the datatype {shorten(datatype)}"


def _cut(text: str) -> str:
    return text if len(text) < 60 else text[:57] + "..."
