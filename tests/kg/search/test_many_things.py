"""An index of more things than are ranked: what is worth most comes first, in bounded work."""

from collections import Counter
from threading import Thread

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Version
from kg.namespaces import BASE
from kg.namespaces import RDFS
from kg.search.beginnings import MANY
from kg.search.beginnings import TOP_HITS
from kg.search.building import build_index
from kg.search.index import MOST
from kg.search.index import Index

THINGS = 3000
NAMED = NamedNode(RDFS + "label")
GRAPH = NamedNode(f"{BASE}graph/report")


class Full:
    """An engine with many things whose names are alike."""

    def version(self) -> Version:
        return Version(1, "0" * 64, 1)

    def rows(self, query) -> list[dict]:
        if "OFFSET 0" not in query.text:
            return []
        things = [NamedNode(f"{BASE}id/thing-{number}") for number in range(THINGS)]
        if "?type" in query.text:
            kind = NamedNode(f"{BASE}kind")
            return [{"thing": thing, "type": kind, "graph": GRAPH} for thing in things[:10]]
        return [
            {"thing": thing, "property": NAMED, "text": Literal(name(number)), "graph": GRAPH}
            for number, thing in enumerate(things)
        ]


def name(number: int) -> str:
    return f"Policy reform of council {number}" if number % 2 else f"Policy review {number}"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("many") / "index.sqlite"
    build_index(Full(), path)  # type: ignore[arg-type]
    return Index(path)


def test_a_word_that_most_things_have_gives_those_that_are_worth_most(many: Index) -> None:
    found = many.search("policy")
    assert len(found.hits) == MOST
    assert found.cut
    # Only the first ten are of a kind, and so no mere bookkeeping.
    assert {hit.iri for hit in found.hits} >= {f"{BASE}id/thing-{n}" for n in range(10)}


def test_the_rarer_word_decides(many: Index) -> None:
    assert many.search("policy 1777").hits[0].iri == f"{BASE}id/thing-1777"
    assert many.search("council 1778").hits[0].iri == f"{BASE}id/thing-1778"


@pytest.mark.parametrize("typed", ["p", "pol", "policy", "policy re", "policy reform of c"])
def test_what_many_names_begin_with_is_ready(many: Index, typed: str) -> None:
    suggestions = many.suggest(typed, TOP_HITS)
    assert len({one.iri for one in suggestions}) == TOP_HITS
    assert suggestions[0].iri in {f"{BASE}id/thing-{number}" for number in range(10)}


def test_what_few_names_begin_with_is_read(many: Index) -> None:
    assert [one.name for one in many.suggest("policy review 299")][:2] == [
        "Policy review 2990",
        "Policy review 2992",
    ]
    assert len(many.suggest("policy review 12", MANY)) == MANY - 4


def test_threads_share_few_connections(many: Index) -> None:
    found: list[str] = []

    def ask() -> None:
        found.extend(many.search(f"policy {number}").hits[0].iri for number in range(20))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(Counter(found).values()) == {6}
    assert len(found) == 120
    assert 1 <= len(many._free) <= 7
