"""The ontology documents itself: each term has a label, a definition, and an example or a note."""

from pyoxigraph import NamedNode

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.namespaces import DCTERMS
from kg.namespaces import ONTOLOGY
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from kg.namespaces import shorten

_HEADER = (
    DCTERMS + "title",
    DCTERMS + "description",
    DCTERMS + "creator",
    DCTERMS + "license",
    OWL + "versionIRI",
    OWL + "priorVersion",
    OWL + "versionInfo",
    "http://purl.org/vocab/vann/preferredNamespacePrefix",
)


def check_vocabulary(sources: Sources) -> CheckResult:
    """Return findings for terms and for the ontology header that lack a part."""
    said: dict[str, set[str]] = {}
    for quad in sources.ontology[0].quads:
        if isinstance(quad.subject, NamedNode):
            said.setdefault(quad.subject.value, set()).add(quad.predicate.value)
    findings = [
        Finding("ontology/policykg.ttl", f"The header has no {shorten(needed)}", "Add it.")
        for needed in _HEADER
        if needed not in said.get(ONTOLOGY, set())
    ]
    terms = sorted(iri for iri in said if iri.startswith(POL))
    for iri in terms:
        where = sources.where(iri)
        for needed in (RDF + "type", RDFS + "label", SKOS + "definition"):
            if needed not in said[iri]:
                findings.append(Finding(where, f"The term has no {shorten(needed)}", "Add it."))
        if not said[iri] & {SKOS + "example", SKOS + "scopeNote"}:
            findings.append(
                Finding(where, "The term has neither skos:example nor skos:scopeNote", "Add one.")
            )
    return CheckResult("vocabulary", f"{len(terms)} terms", findings)
