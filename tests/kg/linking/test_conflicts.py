"""Faults of a set of links that no row shows by itself."""

import pytest
from link_rows import iri
from link_rows import link
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.linking.conflicts import conflicts

KINDS = {
    iri("id:a"): {"Actor", "Organization"},
    iri("id:b"): {"Actor", "Organization"},
    iri("id:land"): {"Actor", "Place", "Country"},
    iri("topic:t"): {"Topic"},
    iri("topic:u"): {"Topic"},
}


def quad(subject: str, predicate: str, target: str) -> Quad:
    return Quad(*(NamedNode(iri(one)) for one in (subject, predicate, target)))


def messages(*links: object, targets: tuple[Quad, ...] = ()) -> list[str]:
    return [one.message for one in conflicts(list(links), KINDS, targets)]  # type: ignore[arg-type]


def test_links_that_agree_give_nothing() -> None:
    assert (
        messages(
            link("id:a", "schema:sameAs", "x:1"),
            link("id:b", "schema:sameAs", "x:2"),
            link("id:a", "schema:sameAs", "y:1"),
            link("id:a", "schema:sameAs", "x:3", "Not"),
            link("topic:t", "skos:broadMatch", "x:t"),
            link("topic:u", "skos:broadMatch", "x:t"),
        )
        == []
    )


def test_a_refused_pair_does_not_come_back() -> None:
    refused = link("id:a", "schema:sameAs", "x:1", "Not", where="t:7")
    [message] = messages(refused, link("id:a", "schema:sameAs", "x:1"))
    assert message == "id:a schema:sameAs https://x.example/1 was decided not to hold, in t:7"
    # Exact match and identity are one thing to refuse; a weaker relation may still hold.
    assert (
        messages(
            link("topic:t", "skos:exactMatch", "x:1", "Not"),
            link("topic:t", "skos:broadMatch", "x:1"),
        )
        == []
    )


def test_a_pair_has_one_relation() -> None:
    found = messages(
        link("topic:t", "skos:exactMatch", "x:1"), link("topic:t", "skos:relatedMatch", "x:1")
    )
    assert found == ["The pair has the relations skos:exactMatch and skos:relatedMatch"]


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (link("topic:t", "schema:sameAs", "x:1"), "a topic is no single thing"),
        (link("id:a", "skos:exactMatch", "x:1"), "id:a is a single thing and no concept"),
    ],
)
def test_a_relation_fits_the_kind_of_thing(one: object, message: str) -> None:
    [found] = messages(one)
    assert found.endswith(message)


def test_the_class_of_the_target_fits() -> None:
    person = (quad("x:1", "rdf:type", "foaf:Person"),)
    [found] = messages(link("id:a", "schema:sameAs", "x:1"), targets=person)
    assert found.endswith("the target is a foaf:Person")
    land = (quad("x:1", "rdf:type", "schema:Country"),)
    assert messages(link("id:land", "schema:sameAs", "x:1"), targets=land) == []


def test_one_thing_is_not_the_same_as_two_of_one_dataset() -> None:
    found = messages(link("id:a", "schema:sameAs", "x:1"), link("id:a", "schema:sameAs", "x:2"))
    assert found == ["id:a is the same as two things of https://x.example/"]


def test_two_of_ours_are_not_made_one_by_a_target() -> None:
    found = messages(link("id:a", "schema:sameAs", "x:1"), link("id:b", "schema:sameAs", "x:1"))
    assert found == ["id:b and id:a become the same by way of https://x.example/1"]


def test_two_of_ours_are_not_made_one_by_a_chain() -> None:
    chain = (quad("x:1", "schema:sameAs", "y:7"), quad("y:7", "skos:exactMatch", "y:8"))
    found = messages(
        link("id:a", "schema:sameAs", "x:1"), link("id:b", "schema:sameAs", "y:8"), targets=chain
    )
    assert found == ["id:b and id:a become the same by way of https://y.example/8"]


def test_broader_and_narrower_close_no_circle() -> None:
    above = (quad("x:low", "skos:broader", "x:high"),)
    good = [
        link("topic:t", "skos:broadMatch", "x:high"),
        link("topic:t", "skos:narrowMatch", "x:low"),
    ]
    assert messages(*good, targets=above) == []
    bad = [
        link("topic:t", "skos:broadMatch", "x:low"),
        link("topic:t", "skos:narrowMatch", "x:high"),
    ]
    assert len(messages(*bad, targets=above)) == 2
    assert "closes a circle" in messages(*bad, targets=above)[0]
