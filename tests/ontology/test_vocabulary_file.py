"""The vocabulary: its header, its terms, the promised classes, what its properties declare."""

import pytest
from rdflib import OWL
from rdflib import RDF
from rdflib import RDFS
from rdflib import SKOS
from rdflib import XSD
from rdflib import Graph
from rdflib import Literal
from rdflib import Namespace
from rdflib import URIRef
from rdflib.term import Node

from kg.build.checks.shapes import rdflib_graph
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.namespaces import ONTOLOGY
from kg.namespaces import POL
from kg.settings import Settings

DCTERMS = Namespace("http://purl.org/dc/terms/")
VANN = Namespace("http://purl.org/vocab/vann/")
HEADER = URIRef(ONTOLOGY)
VERSION = "1.0.0"


def vocabulary_of(sources: Sources) -> Graph:
    return rdflib_graph(sources.ontology[0].quads)


VOCABULARY = vocabulary_of(read_sources(Settings()))
TERMS = sorted({str(s) for s in VOCABULARY.subjects() if str(s).startswith(POL)})


def members(kind: Node) -> list[str]:
    return sorted(str(s) for s in VOCABULARY.subjects(RDF.type, kind) if str(s).startswith(POL))


# The classes that the project promises, in the order of its description.
PROMISED = [
    "Actor",
    "Person",
    "Organization",
    "PublicBody",
    "Government",
    "Agency",
    "MilitaryOrganization",
    "InternationalOrganization",
    "ResearchOrganization",
    "MediaOrganization",
    "PoliticalParty",
    "ArmedGroup",
    "Role",
    "Membership",
    "Place",
    "Topic",
    "Policy",
    "PolicyFramework",
    "Measure",
    "LegalInstrument",
    "Reform",
    "Goal",
    "Event",
    "Publication",
    "SourceText",
    "Passage",
    "Claim",
    "Finding",
    "Assessment",
    "CausalClaim",
    "Forecast",
    "OpenQuestion",
    "Recommendation",
    "Certainty",
    "ImplementationStatus",
]


@pytest.mark.parametrize("name", PROMISED)
def test_each_promised_class_is_there(name: str) -> None:
    assert (URIRef(POL + name), RDF.type, OWL.Class) in VOCABULARY


def test_the_header_is_complete() -> None:
    def value(prop: Node) -> str:
        (one,) = VOCABULARY.objects(HEADER, prop)
        return str(one)

    assert (HEADER, RDF.type, OWL.Ontology) in VOCABULARY
    assert value(OWL.versionIRI) == f"{ONTOLOGY}/{VERSION}"
    assert value(OWL.versionInfo) == VERSION
    assert value(OWL.priorVersion).startswith(f"{ONTOLOGY}/")
    assert value(OWL.priorVersion) != value(OWL.versionIRI)
    assert value(DCTERMS.license) == "https://creativecommons.org/licenses/by/4.0/"
    assert value(VANN.preferredNamespacePrefix) == "pol"
    assert value(VANN.preferredNamespaceUri) == POL
    for prop in (DCTERMS.title, DCTERMS.description, DCTERMS.creator):
        assert len(value(prop)) > 10


def test_nothing_is_imported(sources: Sources) -> None:
    for source in sources.ontology:
        assert [
            str(quad) for quad in source.quads if quad.predicate.value.endswith("#imports")
        ] == []


@pytest.mark.parametrize("term", TERMS)
def test_each_term_is_documented(term: str) -> None:
    node = URIRef(term)
    (label,) = VOCABULARY.objects(node, RDFS.label)
    (definition,) = VOCABULARY.objects(node, SKOS.definition)
    for text in (label, definition):
        assert isinstance(text, Literal)
        assert text.language == "en"
    assert str(definition).endswith(".")
    assert str(definition)[0].isupper()
    notes = [*VOCABULARY.objects(node, SKOS.example), *VOCABULARY.objects(node, SKOS.scopeNote)]
    assert notes
    assert (node, RDFS.isDefinedBy, HEADER) in VOCABULARY


def test_no_two_terms_of_a_kind_have_one_label() -> None:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        labels = [str(VOCABULARY.value(URIRef(term), RDFS.label)) for term in members(kind)]
        assert sorted(labels) == sorted(set(labels))


def test_names_follow_the_custom() -> None:
    for term in members(OWL.Class):
        assert term.removeprefix(POL)[0].isupper(), term
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in members(kind):
            assert term.removeprefix(POL)[0].islower(), term


def test_each_term_is_of_one_kind() -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    for term in TERMS:
        own = [kind for kind in kinds if (URIRef(term), RDF.type, kind) in VOCABULARY]
        # A term that is none of these is one of the named values, such as pol:certain.
        assert len(own) <= 1, term
        if not own:
            (value_of,) = (
                kind
                for kind in VOCABULARY.objects(URIRef(term), RDF.type)
                if kind != OWL.NamedIndividual
            )
            assert str(value_of).startswith(POL), term


# Their values are of any datatype, as the claim has it.
ANY_VALUE = {POL + name for name in ("value", "derivedValue", "characterizedAs")}


@pytest.mark.parametrize("term", members(OWL.DatatypeProperty))
def test_each_datatype_property_has_a_range(term: str) -> None:
    ranges = list(VOCABULARY.objects(URIRef(term), RDFS.range))
    # OWL 2 lacks some datatypes, such as xsd:duration: then a note says so.
    noted = any("datatype" in str(n) for n in VOCABULARY.objects(URIRef(term), SKOS.scopeNote))
    assert len(ranges) == (0 if term in ANY_VALUE or noted else 1)
    for one in ranges:
        assert str(one).startswith((str(XSD), str(RDF)))


def test_domains_and_ranges_are_declared_classes(sources: Sources) -> None:
    both = rdflib_graph(quad for source in sources.ontology for quad in source.quads)
    for term in members(OWL.ObjectProperty):
        for prop in (RDFS.domain, RDFS.range):
            for cls in VOCABULARY.objects(URIRef(term), prop):
                assert (cls, RDF.type, OWL.Class) in both, (term, cls)


def test_most_properties_declare_what_they_join() -> None:
    """A property without domain and range takes anything; such are few, and each has a note."""
    open_ended = [
        term
        for term in members(OWL.ObjectProperty)
        if not any(VOCABULARY.objects(URIRef(term), RDFS.domain))
        and not any(VOCABULARY.objects(URIRef(term), RDFS.range))
        and not any(VOCABULARY.objects(URIRef(term), OWL.inverseOf))
        and not any(VOCABULARY.subjects(OWL.inverseOf, URIRef(term)))
        and not any(VOCABULARY.objects(URIRef(term), RDFS.subPropertyOf))
    ]
    assert len(open_ended) < len(members(OWL.ObjectProperty)) / 3


def test_an_inverse_turns_domain_and_range_round() -> None:
    pairs = list(VOCABULARY.subject_objects(OWL.inverseOf))
    assert len(pairs) >= 10
    for one, other in pairs:
        assert (other, RDF.type, OWL.ObjectProperty) in VOCABULARY
        for prop, turned in ((RDFS.domain, RDFS.range), (RDFS.range, RDFS.domain)):
            stated = set(VOCABULARY.objects(other, turned))
            if stated:
                assert stated == set(VOCABULARY.objects(one, prop)), (one, other)


def test_disjoint_classes_are_declared_where_confusion_would_be_an_error() -> None:
    disjoint = {
        frozenset((str(a).removeprefix(POL), str(b).removeprefix(POL)))
        for a, b in VOCABULARY.subject_objects(OWL.disjointWith)
    }
    for pair in (
        ("Person", "Organization"),
        ("Person", "Country"),
        ("Actor", "Policy"),
        ("Actor", "Document"),
        ("Actor", "Passage"),
    ):
        assert frozenset(pair) in disjoint


def test_the_classes_have_no_cycle() -> None:
    for term in members(OWL.Class):
        above = set(VOCABULARY.transitive_objects(URIRef(term), RDFS.subClassOf)) - {URIRef(term)}
        for other in above:
            assert (other, RDFS.subClassOf, URIRef(term)) not in VOCABULARY
