"""The schema beside the query form: what the data uses, with patterns that find something."""

from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.errors import QueryTimeout
from server import sparql_page
from tests.server.html_page import Element
from tests.server.html_page import parse


@pytest.fixture
def panel(client: FlaskClient) -> Element:
    shown = parse(client.get("/sparql", headers={"Accept": "text/html"}).get_data(as_text=True))
    return shown.one("aside", id="schema-panel")


def test_terms_stand_with_count_meaning_and_example(panel: Element) -> None:
    lines = {line.one("code").text: line for line in panel.all("li")}
    name, count, *words = lines["pol:Goal"].text.split()
    assert name == "pol:Goal"
    assert int(count) > 10
    assert "For example" in " ".join(words)
    assert [link for link in lines["pol:Goal"].all("a") if "/page/" in link.attributes["href"]]
    assert "pol:addressedTo" in lines


def test_every_pattern_finds_something(panel: Element, engine: EmbeddedEngine) -> None:
    links = [link for link in panel.all("a") if "data-pattern" in link.attributes]
    assert len(links) > 100
    for link in links:
        [text] = parse_qs(urlsplit(link.attributes["href"]).query)["query"]
        assert link.attributes["data-pattern"] in text
        assert engine.rows(Query(text.replace("LIMIT 100", "LIMIT 1"))), text


def test_form_stays_where_the_schema_cannot_be_counted(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(service: object) -> None:
        raise QueryTimeout("Too long")

    monkeypatch.setattr(sparql_page, "used_terms", late)
    shown = parse(client.get("/sparql", headers={"Accept": "text/html"}).get_data(as_text=True))
    assert shown.all("aside", id="schema-panel") == []
    assert shown.one("textarea", id="query")
