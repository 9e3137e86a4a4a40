"""The first page: counts that are those of the graph, and ways in."""

from flask.testing import FlaskClient

from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import PREFIXES
from tests.server.html_page import Element
from tests.server.html_page import parse


def first_page(client: FlaskClient) -> Element:
    response = client.get("/")
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    return parse(response.get_data(as_text=True))


def count(engine: EmbeddedEngine, body: str) -> int:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    text = f"{prefixes}SELECT DISTINCT ?x WHERE {{ {body} }}"
    return len(engine.rows(Query(text)))


def numbers(page: Element, caption: str) -> dict[str, int]:
    """Return the numbers in a table by the address to which their row leads."""
    (table,) = [table for table in page.all("table") if table.one("caption").text == caption]
    return {
        row.one("a").attributes["href"]: int(row.one("td").text.replace(",", ""))
        for row in table.all("tr")[1:]
    }


def test_counts_are_those_of_the_graph(client: FlaskClient, engine: EmbeddedEngine) -> None:
    page = first_page(client)
    certainties = numbers(page, "Claims by certainty")
    assert list(certainties)[0] == "/ontology/certain"
    for address, shown in certainties.items():
        certainty = POL + address.removeprefix("/ontology/")
        assert shown == count(engine, f"?x pol:certainty <{certainty}> ; pol:statement ?s")
    assert sum(certainties.values()) == count(engine, "?x pol:certainty ?c ; pol:statement ?s")
    kinds = numbers(page, "Things by kind")
    expected = {"Actor", "PolicyFramework", "Recommendation", "Publication", "Claim"}
    assert {f"/ontology/{kind}" for kind in expected} <= set(kinds)
    for address, shown in kinds.items():
        kind = POL + address.removeprefix("/ontology/")
        assert shown == count(engine, f"?x a <{kind}>") > 0


def test_ways_in_lead_to_frameworks_and_recommendations(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    page = first_page(client)
    begin = {link.text: link.attributes["href"] for link in page.section("Begin here").all("a")}
    assert begin["National Action Plan"] == "/page/national-action-plan"
    assert begin["National Internal Security Policy"] == "/page/national-internal-security-policy"
    assert begin[f"{len(load_catalogue())} questions ready to run"] == "/queries"
    assert {"/sparql", "/ontology", "/page/dataset", "/.well-known/void"} <= set(begin.values())
    shown = {link.attributes["href"] for link in page.section("Recommendations").all("a")}
    rows = engine.rows(Query(f"SELECT ?x WHERE {{ ?x a <{POL}Recommendation> }}"))
    expected = {"/page/" + str(row["x"].value).removeprefix(ID) for row in rows}  # type: ignore[union-attr]
    assert shown - {"/recommendations"} == expected


def test_page_says_how_to_cite_the_version(client: FlaskClient, engine: EmbeddedEngine) -> None:
    page = first_page(client)
    version = engine.version()
    assert f"version {version.number} (SHA-256 {version.digest})" in page.section("Cite").text
    footer = page.one("footer").text
    assert f"Version {version.number} of the graph, {version.quads:,} statements" in footer
