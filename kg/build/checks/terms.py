"""Every term that is used is declared, and everything that is pointed to is described."""

import difflib
import re
from collections.abc import Iterator
from itertools import chain

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import TextFile
from kg.engine.tokens import tokens
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from kg.namespaces import shorten

_BUILT_IN = (RDF, RDFS, OWL)
_TYPE = RDF + "type"
# A claim goes by its statement: its label is derived from it.
_NAMING = (RDFS + "label", POL + "statement")
# What others publish goes by the labels of SKOS.
_NAMING_OF_OTHERS = SKOS + "prefLabel"


def check_terms(sources: Sources) -> CheckResult:
    """Return findings for undeclared classes, properties and values, and for undescribed things."""
    declared = {
        quad.subject.value
        for source in sources.ontology
        for quad in source.quads
        if isinstance(quad.subject, NamedNode) and quad.predicate.value == _TYPE
    }
    described = {
        quad.subject.value
        for quad in chain(sources.quads(), sources.context)
        if isinstance(quad.subject, NamedNode) and quad.predicate.value in _NAMING
    }
    described |= {
        quad.subject.value
        for quad in sources.dataset_quads
        if isinstance(quad.subject, NamedNode) and quad.predicate.value == _NAMING_OF_OTHERS
    }
    findings: dict[str, Finding] = {}
    looked_at = 0
    for quad in sources.judged():
        looked_at += 1
        for iri in _terms(quad):
            if iri not in declared and not iri.startswith(_BUILT_IN):
                where = sources.where(_subject(quad))
                findings[f"{where} {iri}"] = _undeclared(where, iri, declared)
        target = quad.object
        if (
            isinstance(target, NamedNode)
            and target.value.startswith((f"{sources.base}id/", f"{sources.base}topic/"))
            and target.value not in described
        ):
            where = sources.where(_subject(quad))
            findings[f"{where} {target.value}"] = _undescribed(where, target.value, described)
    texts = () if sources.only_reports else (*sources.rules, *sources.queries, sources.shapes)
    for text in texts:
        for iri, line in _written_terms(text):
            looked_at += 1
            if iri not in declared:
                where = f"{text.name}:{line}"
                findings[f"{where} {iri}"] = _undeclared(where, iri, declared)
    ordered = [findings[key] for key in sorted(findings, key=_in_order)]
    return CheckResult("terms", f"{looked_at} uses", ordered, sums={"uses": looked_at})


def _terms(quad: Quad) -> Iterator[str]:
    """Yield the IRIs in ``quad`` that must be declared in the ontology."""
    yield quad.predicate.value
    if isinstance(quad.object, NamedNode) and (
        quad.predicate.value in (_TYPE, POL + "predicate") or quad.object.value.startswith(POL)
    ):
        yield quad.object.value


def _written_terms(text: TextFile) -> Iterator[tuple[str, int]]:
    """Yield the terms of the vocabulary in a rule, a query or the shapes, with their lines."""
    for token in tokens(text.text):
        if token.kind == "prefixed" and token.text.startswith("pol:"):
            iri = POL + token.text.removeprefix("pol:").rstrip(".")
        elif token.kind == "iri" and token.text.startswith("<" + POL):
            iri = token.text[1:-1]
        else:
            continue
        if iri != POL:
            yield iri, token.line


def _subject(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)


def _undeclared(where: str, iri: str, declared: set[str]) -> Finding:
    return Finding(
        where,
        f"{shorten(iri)} is not declared",
        _nearest(iri, declared, "Declare it in ontology/."),
    )


def _undescribed(where: str, iri: str, described: set[str]) -> Finding:
    remedy = "Describe it, with a type and a label."
    return Finding(
        where, f"{shorten(iri)} has no description with a label", _nearest(iri, described, remedy)
    )


def _nearest(iri: str, known: set[str], otherwise: str) -> str:
    namespace = re.match(r".*[#/]|", iri)
    start = namespace.group() if namespace else ""
    # Only the last parts are compared: any two IRIs of one namespace are alike as a whole.
    alike = sorted(
        other.removeprefix(start) for other in known if start and other.startswith(start)
    )
    close = difflib.get_close_matches(iri.removeprefix(start), alike, n=1, cutoff=0.7)
    return f"Did you mean {shorten(start + close[0])}?" if close else otherwise


def _in_order(key: str) -> list[str | int]:
    """Return a sort key by which line 9 comes before line 10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", key)]
