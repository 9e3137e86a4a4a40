"""What a reader of the source would ask is answered by SPARQL alone, alike in two engines.

A question is a file of ``questions/``, its rows are in ``expected/``. The rows were written out by
the queries and then compared with the text one by one (``README.md`` says how); they are to be
judged by the text. Where the text does not say a thing, ``counterexamples/`` holds a graph in
which it would be said.
"""

import gzip
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from requirements import require_source

from kg.build.checks.competency import read_questions
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query

# rdflib itself still uses what it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")

HERE = Path(__file__).parent
LENGTH = 6724  # of the source text, in code points
LEAST = 80
KINDS = frozenset(
    {
        "who",
        "what",
        "when",
        "where",
        "why",
        "how-many",
        "according-to-whom",
        "certainty",
        "not-said",
        "negation",
        "join",
        "comparison",
        "related-publications",
        "provenance",
        "identifiers",
    }
)
QUESTIONS = {question.name: question for question in read_questions(HERE)}
UNANSWERED = [name for name, question in QUESTIONS.items() if question.nothing]


@pytest.fixture(scope="module")
def dataset(built: Path) -> rdflib.Dataset:
    """Return the N-Quads dump of the version in service, all graphs as one."""
    number = (built / "current").resolve().name
    dataset = rdflib.Dataset(default_union=True)
    dumped = (built / "dumps" / number / "policykg.nq.gz").read_bytes()
    dataset.parse(data=gzip.decompress(dumped), format="nquads")
    return dataset


def test_there_are_enough_questions_of_every_kind() -> None:
    assert len(QUESTIONS) >= LEAST
    assert {question.kind for question in QUESTIONS.values()} == KINDS


def test_each_question_is_asked_once_and_is_a_question() -> None:
    words = Counter(question.words for question in QUESTIONS.values())
    assert [asked for asked, times in words.items() if times > 1] == []
    assert [asked for asked in words if not asked.endswith("?")] == []


def test_each_question_has_expected_rows_and_no_others_have() -> None:
    assert sorted(path.name for path in (HERE / "expected").iterdir()) == [
        f"{name}.tsv" for name in QUESTIONS
    ]


@pytest.mark.parametrize("name", QUESTIONS)
def test_passages_lie_in_the_text(name: str) -> None:
    passages = QUESTIONS[name].passages
    assert passages
    assert [pair for pair in passages if not 0 <= pair[0] < pair[1] <= LENGTH] == []


def test_passages_start_and_end_with_words_of_the_text() -> None:
    text = require_source().read_text(encoding="utf-8")
    assert len(text) == LENGTH
    for name, question in QUESTIONS.items():
        for start, end in question.passages:
            passage = text[start:end]
            assert passage.strip(), name
            assert passage.strip(" •\n") == passage, name


@pytest.mark.parametrize("name", QUESTIONS)
def test_only_a_question_that_the_text_does_not_answer_has_no_rows(name: str) -> None:
    header, *rows = QUESTIONS[name].expected
    assert bool(rows) != bool(QUESTIONS[name].nothing)
    assert [row for row in rows if len(row) != len(header)] == []
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_oxigraph_answers_what_the_text_says(engine: EmbeddedEngine, name: str) -> None:
    header, *rows = QUESTIONS[name].expected
    found = engine.rows(Query(QUESTIONS[name].text))
    shown = [tuple(row[key].value if key in row else "" for key in header) for row in found]
    assert shown == rows
    assert {key for row in found for key in row} <= set(header)


@pytest.mark.parametrize("name", QUESTIONS)
def test_rdflib_answers_what_the_text_says(dataset: rdflib.Dataset, name: str) -> None:
    header, *rows = QUESTIONS[name].expected
    result = dataset.query(QUESTIONS[name].text)
    assert [str(column) for column in result.vars or []] == list(header)
    found = [
        tuple(
            "" if (term := row.get(rdflib.Variable(key))) is None else str(term) for key in header
        )
        for row in result.bindings
    ]
    assert found == rows


@pytest.mark.parametrize("name", UNANSWERED)
def test_no_rows_mean_that_it_is_not_said(dataset: rdflib.Dataset, name: str) -> None:
    """Ask again with a graph in which it is said: now there must be rows."""
    said = dataset.graph(rdflib.URIRef("urn:counterexample"))
    said.parse(HERE / "counterexamples" / f"{name}.ttl")
    try:
        assert list(dataset.query(QUESTIONS[name].text))
    finally:
        dataset.remove_graph(said)


def test_each_unanswered_question_has_a_counterexample_and_no_others_have() -> None:
    found = sorted(path.name for path in (HERE / "counterexamples").iterdir())
    assert found == [f"{name}.ttl" for name in UNANSWERED]
