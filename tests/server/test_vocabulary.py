"""The pages of the ontology and of its terms."""

import re

import pytest
from flask.testing import FlaskClient

from kg.build.read import Sources
from kg.build.schema_svg import sources_svg
from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.namespaces import ONTOLOGY
from kg.namespaces import POL
from kg.namespaces import PREFIXES
from tests.server.html_page import Element
from tests.server.html_page import parse


def page(client: FlaskClient, path: str, status: int = 200) -> Element:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    assert "Accept" in response.vary
    return parse(response.get_data(as_text=True))


def values(engine: EmbeddedEngine, body: str) -> list[str]:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    text = f"{prefixes}SELECT DISTINCT ?x WHERE {{ {body} }} ORDER BY ?x"
    return [row["x"].value for row in engine.rows(Query(text))]  # type: ignore[union-attr]


def details(shown: Element) -> dict[str, str]:
    section = shown.section("Description")
    terms = [term.text for term in section.all("dt")]
    return dict(zip(terms, (text.text for text in section.all("dd")), strict=True))


def test_ontology_lists_every_term(client: FlaskClient, engine: EmbeddedEngine) -> None:
    shown = page(client, "/ontology")
    terms = values(engine, f"?x rdfs:isDefinedBy <{ONTOLOGY}>")
    assert len(terms) > 100
    listed = {link.attributes["href"] for link in shown.one("main").all("a")}
    assert {"/ontology/" + term.removeprefix(POL) for term in terms} <= listed


def test_classes_stand_under_those_above_them(client: FlaskClient) -> None:
    tree = page(client, "/ontology").section("Classes").all("ul", class_="tree")[0]
    lines = {line.all("a")[0].text: line for line in tree.all("li")}
    below = {line.all("a")[0].text for line in lines["claim"].one("ul").all("li")}
    assert {"finding", "assessment", "recommendation", "open question"} <= below
    assert "finding" not in {line.all("a")[0].text for line in lines["policy"].all("li")}
    assert {"certain", "unclear"} <= {link.text for link in lines["certainty"].all("a")}


def test_every_term_has_a_page(client: FlaskClient, engine: EmbeddedEngine) -> None:
    for term in values(engine, f"?x rdfs:isDefinedBy <{ONTOLOGY}>"):
        name = term.removeprefix(POL)
        shown = page(client, f"/ontology/{name}")
        (label,) = values(engine, f"<{term}> rdfs:label ?x")
        (definition,) = values(engine, f"<{term}> skos:definition ?x")
        assert shown.one("h1").text == label
        assert shown.one("title").text == f"{label} (pol:{name}) – policykg"
        assert shown.one("p", class_="lead").text == " ".join(definition.split())
        assert term in [code.text for code in shown.all("code")]
        said = details(shown)
        assert "Example" in said or "Scope note" in said
        assert [link.attributes["href"] for link in shown.section("Formats").all("a")] == [
            f"/data/ontology/{name}.{end}" for end in ("ttl", "jsonld", "rdf", "nt")
        ]


def test_property_names_domain_range_inverse_and_use(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, "/ontology/hasGoal")
    said = details(shown)
    assert said["Domain"] == "policy"
    assert said["Range"] == "goal"
    assert said["Inverse"] == "goal of"
    claims = len(values(engine, "?x pol:predicate pol:hasGoal ; pol:statement ?s"))
    assert f"{claims} claims with this predicate" in shown.section("Use in the graph").text


def test_class_names_what_is_below_it_and_how_many_there_are(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, "/ontology/Claim")
    below = values(engine, "?c rdfs:subClassOf pol:Claim ; rdfs:label ?x")
    assert details(shown)["Below it"].split(", ") == below
    members = len(values(engine, "?x a pol:Claim"))
    use = shown.section("Use in the graph").text
    assert f"{members} things of this class" in use


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/ontology", "text/turtle", "/data/ontology.ttl"),
        ("/ontology", "application/ld+json", "/data/ontology.jsonld"),
        ("/ontology/Claim", "application/rdf+xml", "/data/ontology/Claim.rdf"),
        ("/ontology/Claim", "text/html;q=0.1, application/n-triples", "/data/ontology/Claim.nt"),
    ],
)
def test_program_is_sent_on_to_the_data(
    client: FlaskClient, path: str, accept: str, target: str
) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["Location"] == target
    assert "Accept" in response.vary
    assert client.get(target).status_code == 200


def test_nothing_else_is_on_offer(client: FlaskClient) -> None:
    assert client.get("/ontology", headers={"Accept": "image/png"}).status_code == 406


def test_unknown_term_is_told_with_one_that_is_near(client: FlaskClient) -> None:
    alert = page(client, "/ontology/Clam", 404).one("div", role="alert").text
    assert "The ontology has no term 'Clam'." in alert
    assert "/ontology/Claim" in alert


@pytest.mark.parametrize("term", ["a<b", "a b", "%E2%80%AE", "x" * 3000])
def test_name_that_is_no_term_is_not_found(client: FlaskClient, term: str) -> None:
    page(client, f"/ontology/{term}", 404)


def test_the_ontology_says_which_version_it_is(client: FlaskClient) -> None:
    shown = page(client, "/ontology")
    names = " ".join(line.text for line in shown.all("p", class_="names"))
    assert f"Version 1.0.0: {ONTOLOGY}/1.0.0" in names
    assert f"The version before was {ONTOLOGY}/0.1.0." in names
    assert "first published version" in shown.section("Changes").text


def test_the_version_answers_as_the_ontology_does(client: FlaskClient) -> None:
    shown = [page(client, path).one("main").text for path in ("/ontology", "/ontology/1.0.0")]
    assert shown[0] == shown[1]
    for accept, extension in (
        ("text/turtle", "ttl"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
    ):
        for path in ("/ontology", "/ontology/1.0.0"):
            response = client.get(path, headers={"Accept": accept})
            assert response.status_code == 303
            assert response.headers["Location"] == f"/data/ontology.{extension}"
            assert "Accept" in response.vary
        data = client.get(f"/data/ontology.{extension}")
        assert data.status_code == 200
        assert data.content_type.partition(";")[0] == accept


@pytest.mark.parametrize("version", ["0.1.0", "1.0", "2.0.0", "1"])
def test_another_version_is_not_here(client: FlaskClient, version: str) -> None:
    response = client.get(f"/ontology/{version}", headers={"Accept": "text/turtle"})
    assert response.status_code == 404
    alert = page(client, f"/ontology/{version}", 404).one("div", role="alert").text
    assert f"There is no version {version} of the ontology here." in alert
    assert "The version that is served is 1.0.0, at /ontology/1.0.0." in alert


def test_the_picture_is_shown_and_sent(client: FlaskClient, sources: Sources) -> None:
    image = page(client, "/ontology").section("In one picture").one("img")
    assert image.attributes["src"] == "/ontology.svg"
    assert "claim" in image.attributes["alt"]
    response = client.get("/ontology.svg")
    assert response.status_code == 200
    assert response.content_type == "image/svg+xml"
    assert response.get_data(as_text=True) == sources_svg(sources)
    again = client.get("/ontology.svg", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert "img-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_term_has_cases_from_the_graph(client: FlaskClient, engine: EmbeddedEngine) -> None:
    for name, pattern in (
        ("Finding", "<{}> a pol:Finding"),
        ("evidence", "<{}> pol:evidence ?o"),
        ("hasGoal", "{{ <{0}> pol:predicate pol:hasGoal }} UNION {{ <{0}> pol:hasGoal ?o }}"),
        ("possible", "<{}> ?p pol:possible"),
    ):
        cases = page(client, f"/ontology/{name}").section("Description").one("ul", class_="cases")
        assert 1 <= len(cases.all("li")) <= 6
        for case in cases.all("li"):
            iri = ID + case.all("a")[0].attributes["href"].removeprefix("/page/")
            assert values(engine, f"{pattern.format(iri)} BIND (1 AS ?x)") == ["1"]


def test_a_class_lists_the_properties_it_is_used_with(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    section = page(client, "/ontology/Membership").section("Use in the graph")
    tables = {table.one("caption").text: table for table in section.all("table")}
    rows = {
        row.one("th").text: int(row.one("td").text)
        for row in tables["Properties of things of this class"].one("tbody").all("tr")
    }
    for prop, label in (("org:member", "member"), ("org:role", "role")):
        count = len(
            engine.rows(
                Query(
                    "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
                    + f"SELECT DISTINCT ?s ?o {{ ?s a pol:Membership ; {prop} ?o }}"
                )
            )
        )
        assert rows[label] == count > 0
    leading = tables["Properties that lead to things of this class"]
    assert "holds membership" in {row.one("th").text for row in leading.one("tbody").all("tr")}


def test_a_property_lists_the_classes_it_joins(client: FlaskClient) -> None:
    section = page(client, "/ontology/evidence").section("Use in the graph")
    tables = {table.one("caption").text: table for table in section.all("table")}
    classes = {
        title: {row.one("th").text for row in table.one("tbody").all("tr")}
        for title, table in tables.items()
    }
    assert {"claim", "finding"} <= classes["Classes of the things that have it"]
    assert classes["Classes of the things it leads to"] == {"passage"}


def test_a_term_names_the_questions_that_use_it(client: FlaskClient) -> None:
    for name in ("proposes", "noClaimReason", "certain"):
        section = page(client, f"/ontology/{name}").section("Questions that use it")
        shown = {link.attributes["href"].removeprefix("/queries/") for link in section.all("a")}
        used = {
            query.name
            for query in load_catalogue().values()
            if re.search(rf"pol:{name}\b", re.sub(r"(?m)^#.*$", "", query.text))
        }
        assert shown - {"/queries"} == used
    section = page(client, "/ontology/LegalInstrument").section("Questions that use it")
    assert section.text.endswith("No question of the catalogue names it.")
