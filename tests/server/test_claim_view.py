"""How claims, recommendations, open questions, outside facts and passages are shown."""

from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import ID
from tests.server.reading import details
from tests.server.reading import page
from tests.server.reading import values

NAP = ID + "national-action-plan"
CERTAINTIES = {"certain": "●", "probable": "◕", "possible": "◑", "unclear": "○"}


def test_claims_carry_certainty_asserter_and_words(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    cards = {}
    address = "/page/national-action-plan"
    while address:
        section = page(client, address.partition("#")[0]).section("Claims")
        cards |= {card.one("h3").text: card for card in section.all("article")}
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else ""
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


def test_a_card_never_hides_what_is_not_plainly_stated(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    """Each card has modality, hedge, and the voice through which something is said."""
    rows = {
        "Modality": "pol:modality ?m . FILTER (?m != pol:actual) ?m rdfs:label ?w",
        "Attributed to": "pol:attributedTo/rdfs:label ?w",
        "Hedge": "pol:hedge ?w",
    }
    shown: dict[str, int] = dict.fromkeys(rows, 0)
    for name, pattern in rows.items():
        pattern = f'?c {pattern} . ?c pol:subject ?s ; pol:statement ?t FILTER (LANG(?t) = "en")'
        found = values(engine, f'{pattern} BIND (CONCAT(STR(?s), "\\n", ?t, "\\n", ?w) AS ?x)')
        for subject, statement, word in (one.split("\n") for one in found[:40]):
            section = page(client, "/page/" + subject.removeprefix(ID)).section("Claims")
            for card in section.all("article"):
                if card.one("h3").text == statement:
                    assert word in card.text
                    shown[name] += 1
    assert min(shown.values()) > 0, shown


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
