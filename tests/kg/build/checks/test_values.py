"""A value of the wrong kind is found with its line, also where no shape asks for it."""

import pytest
from small import SmallReport

from kg.build.checks.shapes import check_shapes
from kg.build.checks.values import check_values
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.namespaces import XSD

COUNTRY = 'rdfs:label "Iceland"@en'


def test_the_real_report_has_none(linked_sources: Sources) -> None:
    result = check_values(linked_sources)
    assert list(result.findings) == []
    assert result.looked_at == f"{len(list(linked_sources.quads()))} values"


@pytest.mark.parametrize(
    ("statement", "message", "remedy"),
    [
        (
            'pol:locatedIn "Europe"',
            "pol:locatedIn 'Europe' is no thing",
            "Write the IRI of a thing, without quotation marks.",
        ),
        (
            'a "Country"',
            "rdf:type 'Country' is no thing",
            "Write the IRI of a thing, without quotation marks.",
        ),
        (
            "pol:memberCount id:iceland",
            "pol:memberCount takes a literal, not <https://w3id.org/policykg/id/iceland>",
            "Write a literal there.",
        ),
        (
            f'pol:earliest "2014-13-45"^^<{XSD}date>',
            "pol:earliest '2014-13-45' is no xsd:date",
            "Correct the value, or its datatype.",
        ),
        (
            f'pol:earliest "2014"^^<{XSD}gYear>',
            "pol:earliest '2014' has the datatype xsd:gYear",
            "Write a literal of the datatype xsd:date.",
        ),
        (
            'pol:seriesNumber "368"@en',
            "pol:seriesNumber '368' has the datatype rdf:langString",
            "Write a text without language or datatype.",
        ),
        (
            "<http://www.w3.org/2002/07/owl#sameAs> <http://dbpedia.org/resource/Iceland>",
            "owl:sameAs <http://dbpedia.org/resource/Iceland> would make one thing of two",
            "Link by a row with schema:sameAs or a skos match property in kg/links/.",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_found(
    small: SmallReport, statement: str, message: str, remedy: str
) -> None:
    small.change(COUNTRY, f"{COUNTRY} ; {statement}")
    place = f"iceland-fisheries/report.ttl:{small.line('id:iceland a ')} id:iceland"
    sources = read_sources(small.settings, small.layout)
    assert list(check_values(sources).findings) == [Finding(place, message, remedy)]


def test_a_claim_may_have_any_literal_that_is_one(small: SmallReport) -> None:
    small.change("pol:locatedIn ; pol:object id:iceland", 'pol:hasDuration ; pol:value "P1Y"')
    assert list(check_values(read_sources(small.settings, small.layout)).findings) == []
    small.change('pol:value "P1Y"', f'pol:value "one year"^^<{XSD}integer>')
    (finding,) = check_values(read_sources(small.settings, small.layout)).findings
    assert finding.message == "pol:value 'one year' is no xsd:integer"


def test_no_traceback_is_logged_for_a_value_that_does_not_fit(
    small: SmallReport, caplog: pytest.LogCaptureFixture
) -> None:
    small.change("pol:order 1", f'pol:order "first"^^<{XSD}integer>')
    sources = read_sources(small.settings, small.layout)
    assert [finding.message for finding in check_values(sources).findings] == [
        "pol:order 'first' is no xsd:integer"
    ]
    assert [finding.message for finding in check_shapes(sources).errors] == [
        "breaks shape:source-unit-order by pol:order 'first'"
    ]
    assert caplog.records == []
