"""The pages of things, on the built report and on data that is hostile or huge."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import PREFIXES
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.settings import Settings
from server.app import create_app
from tests.server.html_page import Element
from tests.server.html_page import parse

NAP = ID + "national-action-plan"
CERTAINTIES = {"certain": "●", "probable": "◕", "possible": "◑", "unclear": "○"}
SECTIONS = ["Statements", "Claims", "Evidence", "Incoming links", "Formats", "Cite"]


def page(client: FlaskClient, path: str, status: int = 200) -> Element:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return parse(response.get_data(as_text=True))


def values(engine: EmbeddedEngine, body: str, name: str = "x") -> list[str]:
    """Return what ``?x`` can be in a graph pattern."""
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    text = f"{prefixes}SELECT DISTINCT ?{name} WHERE {{ {body} }} ORDER BY ?{name}"
    found = [row[name] for row in engine.rows(Query(text))]
    return [term.value for term in found if isinstance(term, Literal | NamedNode)]


def rows(section: Element) -> dict[str, list[tuple[str, str]]]:
    """Return value and origin of each row of the table of statements, by property."""
    found: dict[str, list[tuple[str, str]]] = {}
    last = ""
    for row in section.all("tr")[1:]:
        heading = row.all("th", scope="rowgroup")
        last = heading[0].text if heading else last
        value, origin = (cell.text for cell in row.all("td"))
        found.setdefault(last, []).append((value, origin))
    return found


def details(card: Element) -> dict[str, str]:
    """Return the terms and descriptions of a claim."""
    terms = [term.text for term in card.all("dt")]
    return dict(zip(terms, (text.text for text in card.all("dd")), strict=True))


def test_page_says_what_the_plan_is(client: FlaskClient) -> None:
    shown = page(client, "/page/national-action-plan")
    assert shown.one("html").attributes == {"lang": "en"}
    assert shown.one("title").text == "National Action Plan – policykg"
    assert shown.one("main").one("h1").text == "National Action Plan"
    assert shown.one("p", class_="kicker").text == "policy framework"
    assert "Also: NAP" in [names.text for names in shown.all("p", class_="names")]
    headings = [heading.text for heading in shown.all("h2")]
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


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


def test_claims_carry_certainty_asserter_and_words(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    section = page(client, "/page/national-action-plan").section("Claims")
    cards = {card.one("h3").text: card for card in section.all("article")}
    about = f"{{ ?c pol:subject <{NAP}> }} UNION {{ ?c pol:object <{NAP}> }}"
    expected = values(engine, f"{about} ?c pol:statement ?x")
    assert set(expected) <= set(cards)
    for statement in expected:
        said = details(cards[statement])
        claim = f'?c pol:statement "{statement}"@en .'
        (certainty,) = values(engine, f"{claim} ?c pol:certainty/rdfs:label ?x")
        assert said["Certainty"].startswith(f"{CERTAINTIES[certainty]} {certainty}")
        (asserter,) = values(engine, f"{claim} ?c pol:assertedBy/rdfs:label ?x")
        assert said["Asserted by"] == asserter
        passages = values(engine, f"{claim} ?c pol:evidence ?x")
        quotes = values(engine, f"{claim} ?c pol:evidence/pol:quote ?x")
        links = [link.attributes["href"] for link in cards[statement].all("a")]
        for passage in passages:
            assert "/page/" + passage.removeprefix(ID) in links
        assert {quote.text for quote in cards[statement].all("q")} >= {
            " ".join(quote.split()) for quote in quotes
        }


def test_recommendation_names_addressee_proposal_and_words(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    recommendations = values(engine, "?x a pol:Recommendation")
    assert len(recommendations) >= 10
    for iri in recommendations:
        said = details(
            page(client, "/page/" + iri.removeprefix(ID)).section("What this claim says")
        )
        addressees = values(engine, f"<{iri}> pol:addressedTo/rdfs:label ?x")
        proposals = values(engine, f"<{iri}> pol:proposes/rdfs:label ?x")
        quotes = values(engine, f"<{iri}> pol:evidence/pol:quote ?x")
        assert quotes
        assert sorted(said.get("Addressed to", "").split(", ")) == (addressees or [""])
        assert all(proposal in said["Proposes"] for proposal in proposals)
        assert all(" ".join(quote.split()) in said["Evidence"] for quote in quotes)
        assert said["Modality"] in ("needed", "recommended")


def test_open_question_is_unclear_in_word_and_shape(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    questions = values(engine, "?x a pol:OpenQuestion")
    assert questions
    for iri in questions:
        shown = page(client, "/page/" + iri.removeprefix(ID))
        (hedge,) = values(engine, f"<{iri}> pol:hedge ?x")
        assert shown.one("p", class_="kicker").text == "open question"
        said = details(shown.section("What this claim says"))
        assert said["Certainty"] == f"○ unclear, hedged by the words {hedge}"


def test_outside_fact_has_a_source_in_place_of_a_passage(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    facts = values(engine, "?x a pol:OutsideFact")
    assert facts
    for iri in facts:
        shown = page(client, "/page/" + iri.removeprefix(ID))
        (source,) = values(engine, f"<{iri}> dcterms:source/rdfs:label ?x")
        said = details(shown.section("What this claim says"))
        assert said["Outside source"] == source
        assert said["Evidence"].startswith("No passage")
        assert [item.text for item in shown.section("Sources").all("li")] == [source]


def test_passage_shows_the_claims_that_rest_on_it(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    passage = values(engine, f"?c pol:subject <{NAP}> ; pol:evidence ?x")[0]
    shown = page(client, "/page/" + passage.removeprefix(ID))
    claims = values(engine, f"?c pol:evidence <{passage}> ; pol:statement ?x")
    assert sorted(heading.text for heading in shown.section("Claims").all("h3")) == claims
    place = values(engine, f"<{passage}> pol:start ?x") + values(engine, f"<{passage}> pol:end ?x")
    (hashed,) = values(engine, f"<{passage}> pol:sha256 ?x")
    cells = [cell.text for cell in shown.section("Evidence").all("td")]
    assert "–".join(place) in cells
    assert hashed in cells


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
    shown = {row.all("td")[1].one("a").attributes["href"]: row for row in section.all("tr")[1:]}
    assert sorted(shown) == linked
    assert all("ManualMappingCuration" in row.all("td")[3].text for row in shown.values())


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
    ]
    assert len(behind) == 3
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


HOSTILE = ID + "hostile"
HUB = ID + "hub"
MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'&amp;"
LINKS = 10_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of a graph with hostile values, and with a thing that 10,000 others name."""
    graph = NamedNode("https://w3id.org/policykg/graph/test")
    thing, hub = NamedNode(HOSTILE), NamedNode(HUB)
    names = NamedNode(POL + "addresses")
    quads = [
        Quad(thing, NamedNode(RDFS + "label"), Literal(MARKUP, language="en"), graph),
        Quad(thing, NamedNode(RDFS + "label"), Literal("نام", language="ur"), graph),
        Quad(thing, NamedNode(RDF + "type"), NamedNode("javascript:alert(2)"), graph),
        Quad(thing, NamedNode("data:text/html,x"), NamedNode("data:text/html,y"), graph),
        Quad(thing, NamedNode(POL + "concerns"), NamedNode("JAVASCRIPT:alert(3)"), graph),
        Quad(thing, NamedNode(POL + "quote"), Literal("x" * 1_000_000), graph),
        Quad(thing, NamedNode(POL + "related"), thing, graph),
        Quad(thing, NamedNode(POL + "when"), Literal("not a time"), graph),
        Quad(thing, NamedNode(POL + "unlabelled"), NamedNode(ID + "nameless"), graph),
    ]
    for number in range(LINKS):
        other = NamedNode(f"{ID}other-{number:05}")
        quads.append(Quad(other, names, hub, graph))
        quads.append(Quad(hub, NamedNode(POL + "affects"), other, graph))
    data = tmp_path_factory.mktemp("hostile") / "data"

    def no_dumps(folder: Path) -> None:
        assert folder.is_dir()

    VersionWriter(data).publish(quads, "0" * 64, no_dumps)
    engine = EmbeddedEngine(data)
    yield create_app(Settings(data=data), engine).test_client()
    engine.close()


def test_hostile_values_stay_text(hostile: FlaskClient) -> None:
    response = hostile.get("/page/hostile", headers={"Accept": "text/html"})
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    shown = parse(text)
    assert shown.all("script") == []
    assert shown.all("img") == []
    assert shown.one("h1").text == MARKUP
    assert shown.one("title").text == f"{MARKUP} – policykg"
    addresses = [link.attributes["href"] for link in shown.all("a")]
    schemes = {address.partition(":")[0].lower() for address in addresses if ":" in address}
    assert schemes <= {"http", "https", "/sparql?query=prefix+pol%3a+%3chttps"}
    assert not [a for a in addresses if re.match(r"\s*(javascript|data|vbscript):", a, re.I)]
    assert "javascript:alert(2)" in shown.one("p", class_="kicker").text
    assert "نام" in [bdi.text for bdi in shown.all("bdi", lang="ur")]
    assert len(text) < 100_000


def test_thing_without_label_goes_by_its_slug(hostile: FlaskClient) -> None:
    assert page(hostile, "/page/nameless").one("h1").text == "nameless"


def test_all_links_to_a_hub_can_be_reached_and_no_page_is_large(hostile: FlaskClient) -> None:
    address: str | None = "/page/hub"
    found: list[str] = []
    pages = 0
    while address:
        shown = page(hostile, address.partition("#")[0])
        section = shown.section("Incoming links")
        found += [link.attributes["href"] for link in section.one("ul", class_="others").all("a")]
        pages += 1
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else None
        if pages == 1:
            assert f"{LINKS:,} statements lead here" in section.text
            assert "1 to 100 of 10,000." in section.text
    assert pages == LINKS // Settings().page_rows
    assert sorted(found) == [f"/page/other-{number:05}" for number in range(LINKS)]


def test_all_statements_of_a_hub_can_be_reached(hostile: FlaskClient) -> None:
    found: list[str] = []
    for number in range(1, LINKS // 100 + 1):
        section = page(hostile, f"/page/hub?statements={number}").section("Statements")
        found += [value for value, _ in rows(section)["pol:affects"]]
    assert sorted(found) == [f"other-{number:05}" for number in range(LINKS)]
    assert section.all("a", rel="next") == []
    beyond = page(hostile, f"/page/hub?statements={LINKS // 100 + 1}").section("Statements")
    assert "There is nothing on this page." in beyond.text


def test_page_of_a_hub_takes_few_queries_and_few_rows(
    hostile: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []
    asked = EmbeddedEngine.rows

    def counted(self: EmbeddedEngine, query: Query) -> object:
        found = asked(self, query)
        answers.append(len(found))
        return found

    monkeypatch.setattr(EmbeddedEngine, "rows", counted)
    page(hostile, "/page/hub")
    assert len(answers) == 4
    assert max(answers) == Settings().page_rows


def test_links_with_one_property_are_sorted_over_all_their_pages(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    text = values(engine, "?x a pol:SourceText")[0]
    expected = values(engine, f"?x pol:inText <{text}>")
    assert len(expected) > Settings().page_rows
    address: str | None = f"/page/{text.removeprefix(ID)}?incoming=pol:inText"
    found: list[str] = []
    while address and "pol%3AinText" in address.replace("pol:", "pol%3A"):
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
