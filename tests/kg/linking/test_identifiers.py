"""Identifiers that cannot be right are told from those that can."""

import pytest

from kg.linking.identifiers import SCHEMES
from kg.linking.identifiers import fault


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_the_example_of_a_scheme_is_right(scheme: object) -> None:
    assert fault(scheme.example) is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("iri", "message"),
    [
        (
            "https://www.wikidata.org/wiki/Q843",
            "https://www.wikidata.org/wiki/Q843 is no Wikidata identifier; they look like "
            "http://www.wikidata.org/entity/Q843",
        ),
        (
            "http://www.wikidata.org/entity/843",
            "http://www.wikidata.org/entity/843 is no Wikidata identifier; they look like "
            "http://www.wikidata.org/entity/Q843",
        ),
        (
            "https://eurovoc.europa.eu/2222",
            "https://eurovoc.europa.eu/2222 is no EuroVoc identifier; they look like "
            "http://eurovoc.europa.eu/2222",
        ),
        (
            "http://metadata.un.org/thesaurus#1006475",
            "http://metadata.un.org/thesaurus#1006475 is no UNBIS or SDG identifier; they look "
            "like http://metadata.un.org/thesaurus/1004695",
        ),
        (
            "https://ror.org/00pnp4y97",
            "https://ror.org/00pnp4y97 has a wrong check digit for ROR",
        ),
        (
            "https://isni.org/isni/0000000404337883",
            "https://isni.org/isni/0000000404337883 has a wrong check digit for ISNI",
        ),
    ],
)
def test_a_wrong_form_or_check_digit_is_told(iri: str, message: str) -> None:
    assert fault(iri) == message


@pytest.mark.parametrize(
    "iri", ["https://example.org/x", "urn:x", "http://notwikidata.org.example/entity/x"]
)
def test_nothing_is_said_of_other_schemes(iri: str) -> None:
    assert fault(iri) is None


def test_an_x_can_be_the_check_digit_of_isni() -> None:
    # The example of ISO 27729 for a person: 0000 0001 2103 2683 has a digit, this one an X.
    assert fault("https://isni.org/isni/000000012103268X") is not None
    assert fault("https://isni.org/isni/0000000121032683") is None
