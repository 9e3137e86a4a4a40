"""The page of a linked thing shows what other datasets say of it, and that it is theirs."""

import re

import pytest
from flask.testing import FlaskClient


def section(client: FlaskClient, address: str) -> str:
    """Return the text of the section, empty if the page has none."""
    response = client.get(address)
    assert response.status_code == 200
    found = re.search(r'<section aria-labelledby="elsewhere">(.*?)</section>', response.text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_a_country_has_its_codes_names_and_regions(client: FlaskClient) -> None:
    shown = section(client, "/page/pakistan")
    assert "Country codes: ISO 3166 and UN M49" in shown
    assert "is part of Southern Asia" in shown
    assert "پاکستان" in shown
    assert "https://opendatacommons.org/licenses/odbl/1-0/" in shown


def test_a_relation_stands_before_what_is_said_of_a_wider_concept(client: FlaskClient) -> None:
    shown = section(client, "/page/pakistan-military")
    assert "broad match armed forces :" in shown
    assert "same as" not in shown


@pytest.mark.parametrize("address", ["/page/mohammad-faisal", "/page/jinnah-institute"])
def test_what_is_not_linked_has_no_such_section(client: FlaskClient, address: str) -> None:
    # Refused pairs and places looked at in vain are no links.
    assert section(client, address) == ""


def test_a_row_of_a_dataset_and_the_dataset_have_pages(client: FlaskClient) -> None:
    assert "Pakistan" in client.get("/page/country-PAK").text
    page = client.get("/page/graph/dataset/eurovoc-extract").text
    assert "EuroVoc, English and French" in page
    assert "https://creativecommons.org/licenses/by/4.0/" in page


def test_the_search_finds_things_of_the_graph_and_not_the_words_of_others(
    client: FlaskClient,
) -> None:
    found = client.get("/search?q=terrorism").text
    assert "/page/topic/terrorism" in found
    assert 'href="http://eurovoc.europa.eu/4452"' not in found
