"""How statements, links to other datasets and incoming links are shown."""

from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from kg.settings import Settings
from server.links import Links
from tests.server.reading import page
from tests.server.reading import rows
from tests.server.reading import values

NAP = ID + "national-action-plan"


def test_statements_are_grouped_and_say_where_they_come_from(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    statements = rows(page(client, "/page/national-action-plan").section("Statements"))
    goals = values(engine, f"<{NAP}> pol:hasGoal/rdfs:label ?x")
    assert len(goals) >= 2
    assert sorted(value for value, _ in statements["has goal"]) == goals
    factors = values(engine, f"<{NAP}> pol:implementationAffectedBy/rdfs:label ?x")
    assert len(factors) >= 2
    shown = statements["implementation affected by"]
    assert sorted(value for value, _ in shown) == factors
    for value, origin in shown:
        claims = values(
            engine,
            f"?c pol:subject <{NAP}> ; pol:predicate pol:implementationAffectedBy ;"
            f' pol:object/rdfs:label "{value}"@en ; pol:certainty pol:certain ; pol:statement ?x',
        )
        assert origin.startswith("derived by ")
        assert all(claim in origin for claim in claims)
        assert claims


def test_statement_from_elsewhere_is_marked_with_its_source(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    ((value, origin),) = rows(page(client, "/page/national-action-plan").section("Statements"))[
        "alternative label"
    ]
    (source,) = values(
        engine,
        f"?c a pol:OutsideFact ; pol:subject <{NAP}> ; dcterms:source/rdfs:label ?x",
    )
    assert value == "NAP"
    assert origin.startswith("derived by ")
    assert origin.endswith(f"outside fact from {source}")


def test_times_are_as_precise_as_the_source(client: FlaskClient, engine: EmbeddedEngine) -> None:
    (iri,) = values(engine, '?x a org:Membership ; pol:when "2014-09/2015-02"')
    statements = rows(page(client, "/page/" + iri.removeprefix(ID)).section("Statements"))
    assert statements["when"][0][0] == "September 2014 to February 2015"
    assert statements["earliest"][0][0] == "1 September 2014"


def test_links_to_other_datasets_have_their_reason(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    section = page(client, "/page/pakistan").section("External identities")
    linked = values(engine, "id:pakistan schema:sameAs ?x")
    assert linked
    # Those that are in the graph have a page of their own.
    linked = sorted(Links().page(iri) or iri for iri in linked)
    shown = {row.all("td")[1].one("a").attributes["href"]: row for row in section.all("tr")[1:]}
    assert sorted(shown) == linked
    assert all("ManualMappingCuration" in row.all("td")[3].text for row in shown.values())


def test_links_with_one_property_are_sorted_over_all_their_pages(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    text = values(engine, "?x a pol:SourceText")[0]
    expected = values(engine, f"?x pol:inText <{text}>")
    assert len(expected) > Settings().page_rows
    address: str | None = f"/page/{text.removeprefix(ID)}?incoming=pol:inText"
    found: list[str] = []
    while address and "inText" in address:
        section = page(client, address.partition("#")[0]).section("Incoming links")
        found += [link.attributes["href"] for link in section.one("ul", class_="others").all("a")]
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else None
    assert found == ["/page/" + iri.removeprefix(ID) for iri in expected]


def test_links_can_be_limited_to_one_property(client: FlaskClient, engine: EmbeddedEngine) -> None:
    section = page(client, "/page/pakistan?incoming=pol:ofCountry").section("Incoming links")
    expected = values(engine, "?x pol:ofCountry id:pakistan")
    assert [group.text for group in section.all("h3")] == ["of country"]
    found = [link.attributes["href"] for link in section.one("ul", class_="others").all("a")]
    assert found == ["/page/" + iri.removeprefix(ID) for iri in expected]
    counts = section.one("ul", class_="counts").text
    assert f"of country ({len(expected)})" in counts
