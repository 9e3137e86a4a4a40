"""Citations as files, and what search engines are told."""

import json

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from tests.server.reading import page

NAP = ID + "national-action-plan"


def test_ris_names_the_version(client: FlaskClient, engine: EmbeddedEngine) -> None:
    version = engine.version()
    response = client.get("/cite/national-action-plan.ris")
    assert response.content_type == "application/x-research-info-systems; charset=utf-8"
    assert response.get_data(as_text=True) == (
        "TY  - DATA\r\n"
        "TI  - National Action Plan\r\n"
        "T2  - policykg, a knowledge graph of what policy reports say\r\n"
        f"ET  - {version.number}\r\n"
        f"UR  - {NAP}\r\n"
        f"N1  - Version {version.number}, SHA-256 {version.digest}\r\n"
        "ER  - \r\n"
    )


def test_csl_names_the_version(client: FlaskClient, engine: EmbeddedEngine) -> None:
    version = engine.version()
    response = client.get("/cite/national-action-plan.json")
    (item,) = json.loads(response.data)
    assert item["title"] == "National Action Plan"
    assert item["URL"] == NAP
    assert item["version"] == str(version.number)
    assert item["note"] == f"SHA-256 {version.digest}"


@pytest.mark.parametrize(
    "path", ["/page/pakistan", "/page/topic/counterterrorism", "/page/graph/derived"]
)
def test_page_leads_to_its_citations(client: FlaskClient, path: str) -> None:
    section = page(client, path).section("Cite")
    links = list(section.one("ul", class_="formats").all("a"))
    assert [link.text for link in links] == ["BibTeX", "RIS", "CSL-JSON"]
    for link in links:
        assert client.get(link.attributes["href"]).status_code == 200
    bibtex = client.get(links[0].attributes["href"]).get_data(as_text=True)
    assert " ".join(bibtex.split()) == section.one("pre").text


@pytest.mark.parametrize("path", ["/cite/nothing.ris", "/cite/pakistan.doc", "/cite/a%3Eb.bib"])
def test_unknown_thing_or_format_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_search_engines_are_told_what_the_page_says(client: FlaskClient) -> None:
    shown = page(client, "/page/pakistan")
    told = json.loads(shown.one("script", type="application/ld+json").text)
    assert told["@type"] == "Country"
    assert told["@id"] == ID + "pakistan"
    assert told["name"] == {"@value": "Pakistan", "@language": "en"}
    assert told["url"] == "https://kg.example.org/page/pakistan"
    assert told["subjectOf"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    described = shown.one("link", rel="describedby").attributes
    assert described["href"] == "/data/pakistan.ttl"


def test_statements_stand_in_the_order_of_the_shapes(client: FlaskClient) -> None:
    section = page(client, "/page/usip-charting-pakistan-c063").section("Statements")
    parts = [th.text for th in section.all("th", scope="colgroup")]
    assert parts == ["Identity", "Content", "Source and certainty", "Further"]
    properties = [th.text for th in section.all("th", scope="rowgroup")]
    assert properties[:4] == ["statement", "addressed to", "proposes", "subject"]
