"""Suggestions are found by names, explain themselves, and leave decided pairs alone."""

import pytest
from link_rows import iri
from link_rows import link

from kg.linking.graph import Entity
from kg.linking.names import comparable
from kg.linking.suggest import THRESHOLD
from kg.linking.suggest import WEIGHTS
from kg.linking.suggest import Suggester

CONCEPT = iri("skos:Concept")


def ours(name: str, *others: str) -> Entity:
    return Entity(iri("topic:t"), names=[name], other_names=list(others))


def theirs(key: str, name: str, *others: str, kind: str = CONCEPT) -> Entity:
    return Entity(iri(f"x:{key}"), kinds={kind}, names=[name], other_names=list(others))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Democratization", "democratisation"),
        ("Regional organisations", "Regional organization"),
        ("Côte d’Ivoire", "Cote dIvoire"),
        ("Economic policies", "Economic policy"),
        ("labour", "LABOR"),
    ],
)
def test_names_that_differ_in_writing_only_are_equal(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


def test_names_of_different_things_are_not_equal() -> None:
    assert comparable("Economics") != comparable("Economic")
    assert comparable("Crisis") == "crisis"


def test_the_best_candidate_stands_first_and_explains_itself() -> None:
    targets = [theirs("1", "Terrorist"), theirs("2", "Terrorism"), theirs("3", "Tourism")]
    found = Suggester(targets).suggest(ours("Terrorism"), {"Topic"})
    assert found[0].target.iri == iri("x:2")
    assert found[0].score == pytest.approx(0.9)
    assert found[0].predicate == iri("skos:exactMatch")
    assert found[0].explained() == (
        "'Terrorism' is like 'Terrorism': name 1.00 x 0.8, type 1.00 x 0.1, "
        "context 0.00 x 0.05, neighbourhood 0.00 x 0.05"
    )
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_another_name_counts_less_and_makes_no_exact_match() -> None:
    [found] = Suggester([theirs("1", "Law enforcement", "Internal security")]).suggest(
        ours("Internal security"), {"Topic"}
    )
    assert found.features["name"] == pytest.approx(0.93)
    assert found.predicate == iri("skos:closeMatch")


def test_a_kind_that_cannot_be_is_no_candidate_to_rely_on() -> None:
    person = theirs("1", "Jinnah", kind=iri("foaf:Person"))
    [found] = Suggester([person]).suggest(ours("Jinnah"), {"Organization", "Actor"})
    assert found.features["type"] == 0
    assert found.score < THRESHOLD


def test_a_refused_pair_is_not_suggested_again() -> None:
    targets = [theirs("1", "Trade")]
    refused = [link("topic:t", "skos:exactMatch", "x:1", "Not")]
    assert Suggester(targets, refused).suggest(ours("Trade"), {"Topic"}) == []


def test_what_is_next_to_a_linked_neighbour_counts_more() -> None:
    target = theirs("1", "Punjab")
    target.near_iris = {iri("x:pk")}
    decided = [link("id:pakistan", "schema:sameAs", "x:pk")]
    suggester = Suggester([target], decided)
    [alone] = suggester.suggest(ours("Punjab"), {"Topic"})
    [beside] = suggester.suggest(ours("Punjab"), {"Topic"}, [iri("id:pakistan")])
    assert beside.score == pytest.approx(alone.score + 0.05)


def test_names_that_are_not_alike_give_nothing() -> None:
    assert Suggester([theirs("1", "Fisheries")]).suggest(ours("Terrorism"), {"Topic"}) == []
