"""Labelled searches find what is meant, and labelled phrasings the question that they ask."""

from pathlib import Path

import pytest

from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import BASE
from kg.search.asking import Asker
from kg.search.building import build_index
from kg.search.index import Index

HERE = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    lines = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


@pytest.fixture(scope="module")
def index(engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("index") / "index.sqlite"
    build_index(engine, path)
    assert [one.name for one in path.parent.iterdir()] == ["index.sqlite"]
    return Index(path)


def rank(index: Index, typed: str, meant: str) -> int:
    wanted = {BASE + one for one in meant.split()}
    found = [hit.iri for hit in index.search(typed).hits]
    return next((place for place, iri in enumerate(found, 1) if iri in wanted), 0)


def test_what_is_meant_comes_first(index: Index) -> None:
    searches = rows("searches")
    assert len(searches) == 120
    assert {kind for kind, *_ in searches} == {
        *("whole", "misspelt", "abbreviated", "Urdu", "partial", "description")
    }
    ranks = {(kind, typed): rank(index, typed, meant) for kind, typed, meant in searches}
    reciprocal = sum(1 / place for place in ranks.values() if place) / len(ranks)
    worse = {typed: place for (_, typed), place in ranks.items() if place != 1}
    assert reciprocal >= 0.9, worse


def test_words_ask_the_right_question(index: Index) -> None:
    phrasings = rows("phrasings")
    assert len(phrasings) == 100
    asker = Asker(load_catalogue(), index)
    right, wrong = 0, {}
    for typed, meant, given in phrasings:
        proposed = asker.propose(typed, 3)
        found = next((one for one in proposed if one.question.name in meant.split()), None)
        if found is None:
            wrong[typed] = [one.question.name for one in proposed]
            continue
        right += 1
        for part in given.split():
            name, _, value = part.partition("=")
            if name in found.values:
                whole = BASE + value if "/" in value or "#" in value else value
                assert found.values[name] == whole, typed
    assert right >= 90, wrong


def test_phrasings_that_nothing_was_tuned_for_get_worse_answers(index: Index) -> None:
    # Written before they were asked; 23 were right then, and are not to be tuned for.
    held_out = rows("phrasings_held_out")
    assert len(held_out) == 30
    assert not {typed for typed, *_ in held_out} & {typed for typed, *_ in rows("phrasings")}
    asker = Asker(load_catalogue(), index)
    wrong = {}
    for typed, meant, given in held_out:
        proposed = [one.question.name for one in asker.propose(typed, 3)]
        if not set(proposed) & set(meant.split()):
            wrong[typed] = proposed
        for part in given.split():
            name, _, value = part.partition("=")
            values = [one.values[name] for one in asker.propose(typed, 3) if name in one.named]
            assert set(values) <= {BASE + value}, typed
    assert len(held_out) - len(wrong) >= 23, wrong


def test_a_name_alone_asks_what_is_known_of_it(index: Index) -> None:
    proposed = Asker(load_catalogue(), index).propose("when was NACTA set up", 5)
    assert "claims-about-entity" in {one.question.name for one in proposed}
    assert all(one.named for one in proposed)


def test_a_question_says_what_it_took_for_what(index: Index) -> None:
    (best, *_) = Asker(load_catalogue(), index).propose("goals of NISP")
    assert best.sentence == "Which goals does National Internal Security Policy have?"
    assert best.named == ("framework",)
    assert best.values == {"framework": f"{BASE}id/national-internal-security-policy"}


def test_without_an_index_words_alone_count() -> None:
    (best, *_) = Asker(load_catalogue(), None).propose("open questions")
    assert best.question.name == "open-questions"


@pytest.mark.parametrize("typed", ["", "  ", "\0", "\u200f", "?!", "😀"])
def test_what_holds_no_word_finds_nothing(index: Index, typed: str) -> None:
    assert index.search(typed).hits == ()
    assert index.suggest(typed) == []


@pytest.mark.parametrize(
    "typed",
    ["NEAR(a b)", '"nap', "nap*", "name:nap", "a AND OR NOT", "^nap", "(((", "'; DROP TABLE thing"]
    + ["(a+)+$", "x" * 10_000, "nap " * 3000, "%_%", "\u202enap\u202c"],
)
def test_nothing_is_an_operator(index: Index, typed: str) -> None:
    index.search(typed)
    index.suggest(typed)


def test_hits_say_why(index: Index) -> None:
    best = index.search("madrasah").hits[0]
    assert (best.iri, best.where, best.way) == (f"{BASE}topic/madrassas", "name", "spelling")
    best = index.search("NACTA").hits[0]
    assert (best.where, best.way, best.text) == ("other name", "word", "NACTA")


def test_hits_are_counted_and_narrowed_by_kind_and_source(index: Index) -> None:
    found = index.search("terrorism")
    kind, _, count = found.kinds[0]
    narrowed = index.search("terrorism", kind=kind)
    assert len(narrowed.hits) == count < len(found.hits)
    assert all(kind in {iri for iri, _ in hit.kinds} for hit in narrowed.hits)
    assert narrowed.kinds == found.kinds
    source, _, count = found.sources[-1]
    assert len(index.search("terrorism", source=source).hits) == count


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("nap", "id/national-action-plan"),
        ("national ac", "id/national-action-plan"),
        ("action pl", "id/national-action-plan"),
        ("jinn", "id/jinnah-institute"),
        ("پاک", "id/pakistan"),
        ("madrasah", "topic/madrassas"),
        ("p", "id/pakistan"),
    ],
)
def test_suggestions_begin_as_typed_or_nearly(index: Index, typed: str, first: str) -> None:
    suggestions = index.suggest(typed)
    assert suggestions[0].iri == BASE + first
    assert len({one.iri for one in suggestions}) == len(suggestions) <= 10


def test_bookkeeping_is_not_found(index: Index) -> None:
    assert not [
        hit for hit in index.search("part of the dataset class").hits if "-class-" in hit.iri
    ]
    kinds = {name for hit in index.search("unclear").hits for _, name in hit.kinds}
    assert "owl:NamedIndividual" not in kinds
    assert "certainty" in kinds


def test_a_hit_reads_its_texts_when_they_are_asked_for(index: Index) -> None:
    hit = index.search("NACTA").hits[0]
    assert ("National Counter Terrorism Authority", "en") in hit.names
    assert (hit.text, hit.language) in [(one.text, one.language) for one in hit.texts]
