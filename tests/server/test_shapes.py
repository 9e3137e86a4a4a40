"""The shapes in words, and on the pages of the terms."""

import pytest
from flask.testing import FlaskClient

from kg.build.read import Sources
from kg.namespaces import POL
from kg.namespaces import SHACL
from server.links import Links
from server.shapes import Constraint
from server.shapes import _Shapes
from server.shapes import constraints
from server.term_use_view import requirements
from tests.server.reading import page

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix pol: <https://w3id.org/policykg/ontology#> .
@prefix : <urn:x:> .
"""


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("sh:minCount 1 ; sh:maxCount 1", "exactly 1"),
        ("sh:minCount 1", "at least 1"),
        ("sh:maxCount 3", "at most 3"),
        ("sh:minCount 2 ; sh:maxCount 3", "2 to 3"),
        ("sh:nodeKind sh:IRI", "a thing, by its IRI"),
        ("sh:nodeKind sh:Literal", "a literal"),
        ("sh:class pol:Goal", "of the class pol:Goal"),
        ("sh:datatype xsd:date", "of the datatype xsd:date"),
        ("sh:hasValue pol:actual", "with the value pol:actual"),
        ("sh:in ( pol:a pol:b )", "one of pol:a, pol:b"),
        ('sh:languageIn ( "en" "ur" )', "in the language en, ur"),
        ("sh:minLength 2 ; sh:maxLength 9", "from 2 to 9 characters"),
        ("sh:minLength 2", "at least 2 characters"),
        ("sh:maxLength 9", "up to 9 characters"),
        ("sh:minInclusive 0.0 ; sh:maxInclusive 1.0", "from 0.0 to 1.0"),
        ("sh:minInclusive 1", "at least 1"),
        ("sh:lessThan pol:end", "less than that of pol:end"),
        ("sh:lessThanOrEquals pol:latest", "not more than that of pol:latest"),
        ("sh:disjoint pol:assertedBy", "other than that of pol:assertedBy"),
        ("sh:uniqueLang true", "not two in one language"),
        ('sh:pattern "^https?://"', "that fits the pattern ^https?://"),
        (f'sh:pattern "{"x" * 50}"', "that fits the pattern of its notation"),
        ("sh:minCount 1 ; sh:class pol:Goal", "at least 1, of the class pol:Goal"),
    ],
)
def test_a_constraint_in_words(said: str, asks: str) -> None:
    text = (
        f'{PREFIXES} :s rdfs:label "S" ; sh:targetClass pol:Claim ; sh:property :p . '
        f':p sh:path pol:x ; {said} ; sh:message "Do it." .'
    )
    assert list(_Shapes(text).constraints()) == [
        Constraint("S", POL + "Claim", POL + "x", asks, "Do it.")
    ]


def test_a_shape_of_parts_goes_by_its_message() -> None:
    text = (
        f'{PREFIXES} :s rdfs:label "S" ; sh:targetClass pol:A ; sh:message "Choose." ; '
        "sh:xone ( [ sh:path pol:x ; sh:minCount 1 ] [ sh:path pol:y ; sh:minCount 1 ] ) ."
    )
    assert list(_Shapes(text).constraints()) == [Constraint("S", POL + "A", None, "", "Choose.")]


def test_every_message_of_the_shapes_is_told(sources: Sources) -> None:
    told = {one.message for one in constraints()}
    messages = {
        line.split('"')[1]
        for line in sources.shapes.text.splitlines()
        if line.strip().startswith("sh:message")
    }
    assert len(messages) > 60
    assert messages - told == set()


def test_every_constraint_component_has_its_words(sources: Sources) -> None:
    """A component that nobody worded would be left out of the pages without a trace."""
    from rdflib import Graph

    used = {
        str(predicate).removeprefix(SHACL)
        for predicate in Graph().parse(data=sources.shapes.text, format="turtle").predicates()
        if str(predicate).startswith(SHACL)
    }
    known = {
        *("minCount", "maxCount", "nodeKind", "class", "datatype", "hasValue", "in"),
        *("languageIn", "minLength", "maxLength", "minInclusive", "maxInclusive", "lessThan"),
        *("lessThanOrEquals", "disjoint", "uniqueLang", "pattern"),
        # Of several parts: the message of the whole shape tells of them.
        *("xone", "or", "not", "inversePath"),
        # No constraints.
        *("property", "path", "message", "group", "order", "targetClass", "targetSubjectsOf"),
        "targetObjectsOf",
    }
    assert used - known == set()


def test_a_class_has_what_is_asked_of_those_above_it() -> None:
    found = requirements(POL + "Finding", [POL + "Claim"], Links())
    own = [one for one in found if one.inherited is None]
    assert [(one.about.text, one.asks) for one in own] == [
        ("pol:modality", "with the value pol:actual"),
        ("pol:evidence", "at least 1, a thing, by its IRI, of the class pol:Passage"),
    ]
    above = [one for one in found if one.inherited is not None]
    assert {one.inherited.text for one in above if one.inherited} == {"pol:Claim"}
    assert "pol:statement" in {one.about.text for one in above}


def test_the_page_of_a_property_says_whose_it_is(client: FlaskClient) -> None:
    section = page(client, "/ontology/statement").section("What data must look like")
    (row,) = section.one("tbody").all("tr")
    assert [cell.text for cell in (row.one("th"), *row.all("td"))] == [
        "pol:Claim",
        "exactly 1, of the datatype rdf:langString, from 15 to 240 characters, in the language en",
        "Give the claim exactly one pol:statement: one English sentence of 15 to 240 characters "
        "in your own words.",
    ]


def test_a_term_without_a_shape_says_so(client: FlaskClient) -> None:
    section = page(client, "/ontology/certain").section("What data must look like")
    assert section.all("table") == []
    assert "No shape of its own" in section.text
