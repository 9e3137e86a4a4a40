"""The pages of things: what is at their top and foot, and what is said of wrong addresses."""

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from tests.server.reading import page

NAP = ID + "national-action-plan"
SECTIONS = ["Statements", "Claims", "Evidence", "Incoming links", "Formats", "Cite"]


def test_page_says_what_the_plan_is(client: FlaskClient) -> None:
    shown = page(client, "/page/national-action-plan")
    assert shown.one("html").attributes == {"lang": "en"}
    assert shown.one("title").text == "National Action Plan – policykg"
    assert shown.one("main").one("h1").text == "National Action Plan"
    assert shown.one("p", class_="kicker").text == "policy framework"
    assert "Also: NAP" in [names.text for names in shown.all("p", class_="names")]
    headings = [heading.text for heading in shown.all("h2")]
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/page/topic/counterterrorism", "Counterterrorism", "topic"),
        ("/page/graph/usip-charting-pakistan", "usip-charting-pakistan", ""),
        ("/page/graph/usip-charting-pakistan/outside", "usip-charting-pakistan/outside", ""),
    ],
)
def test_topics_and_graphs_have_pages(client: FlaskClient, path: str, name: str, kind: str) -> None:
    shown = page(client, path)
    assert shown.one("h1").text.endswith(name)
    assert kind in shown.one("p", class_="kicker").text
    stem = path.removeprefix("/page/")
    formats = [link.attributes["href"] for link in shown.section("Formats").all("a")]
    assert formats == [f"/data/{stem}.{end}" for end in ("ttl", "jsonld", "rdf", "nt", "json")]
    for address in formats:
        assert client.get(address).status_code == 200


def test_citation_names_version_digest_and_lasting_address(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    section = page(client, "/page/national-action-plan").section("Cite")
    version = engine.version()
    assert section.one("p", class_="citation").text == (
        "“National Action Plan”. In: policykg, a knowledge graph of what policy reports say, "
        f"version {version.number} (SHA-256 {version.digest}). {NAP}"
    )
    bibtex = section.one("pre").text
    assert bibtex.startswith(f"@misc{{policykg-national-action-plan-v{version.number},")
    assert f"note = {{SHA-256 {version.digest}}}" in bibtex
    assert f"url = {{{NAP}}}" in bibtex


def test_page_names_its_other_forms(client: FlaskClient) -> None:
    shown = page(client, "/page/national-action-plan")
    assert [
        (link.attributes["type"], link.attributes["href"])
        for link in shown.all("link", rel="alternate")
    ] == [
        ("text/turtle", "/data/national-action-plan.ttl"),
        ("application/ld+json", "/data/national-action-plan.jsonld"),
        ("application/rdf+xml", "/data/national-action-plan.rdf"),
        ("application/n-triples", "/data/national-action-plan.nt"),
        ("application/json", "/data/national-action-plan.json"),
    ]


@pytest.mark.parametrize(
    "slug", ["national-action-plan", "pakistan", "usip-charting-pakistan-text"]
)
def test_queries_behind_the_sections_run(client: FlaskClient, slug: str) -> None:
    behind = [
        link.attributes["href"]
        for paragraph in page(client, f"/page/{slug}?incoming=pol:subject").all(
            "p", class_="behind"
        )
        for link in paragraph.all("a")
        if link.attributes["href"].startswith("/sparql?")
    ]
    assert len(behind) == (5 if slug == "pakistan" else 4)
    for address in behind:
        response = client.get(address, headers={"Accept": "text/csv"})
        assert response.status_code == 200
        assert "%3Fthing" not in address


def test_page_may_be_kept_and_is_asked_for_again_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/page/national-action-plan")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(
        "/page/national-action-plan", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("path", ["/page/national-action-plam", "/page/topic/x", "/page/graph/x"])
def test_unknown_thing_is_told_with_what_to_do(client: FlaskClient, path: str) -> None:
    shown = page(client, path, 404)
    alert = shown.one("div", role="alert").text
    assert shown.one("h1").text == "Not found"
    assert "The graph says nothing about this thing." in alert
    assert "/queries" in alert
    if "plam" in path:
        assert "Did you mean" in alert
        assert f"<{NAP}>" in alert


@pytest.mark.parametrize("slug", ["a<b", "a%3Eb", "a b", "%E2%80%AE", "x" * 5000])
def test_slug_that_is_no_name_is_not_found(client: FlaskClient, slug: str) -> None:
    page(client, f"/page/{slug}", 404)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=two", "page"),
        ("page=99999999999999999999", "page"),
        ("statements=1.5", "statements"),
        ("claims=%F0%9D%9F%91", "claims"),
        ("incoming=nothing", "incoming"),
        ("incoming=x:y", "incoming"),
        ("incoming=<a b>", "incoming"),
    ],
)
def test_wrong_argument_is_named(client: FlaskClient, query: str, where: str) -> None:
    alert = page(client, f"/page/pakistan?{query}", 400).one("div", role="alert").text
    assert f"Where: {where}" in alert
    assert "What to do: Give" in alert
