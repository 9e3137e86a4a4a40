"""Competency questions are asked of the built graph, and each fault of one is named."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import Store

from kg.build.checks.competency import check_competency
from kg.build.checks.competency import read_questions
from kg.errors import SourceSyntaxError

NAME = "q"
HEADER = """\
# question: Who fishes?
# answer: The fleet.
# passage: 1-5
# kind: who
"""
QUERY = "SELECT ?who { GRAPH ?g { ?who <urn:does> <urn:fish> } }\n"
NOTHING = "# expected: nothing, because the text is silent\n"
FLEET = "<urn:fleet> <urn:does> <urn:fish> <urn:g> ."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("questions", "expected", "counterexamples"):
        (tmp_path / name).mkdir()
    write(tmp_path, HEADER + QUERY, "who\nurn:fleet\n")
    return tmp_path


def write(folder: Path, query: str, rows: str) -> None:
    (folder / "questions" / f"{NAME}.rq").write_text(query, encoding="utf-8")
    (folder / "expected" / f"{NAME}.tsv").write_text(rows, encoding="utf-8")


def store(quads: str = FLEET) -> Store:
    made = Store()
    made.load(quads.encode(), RdfFormat.N_QUADS)
    return made


def messages(folder: Path, asked: Store) -> list[str]:
    return [one.message for one in check_competency(read_questions(folder), asked).findings]


def test_a_question_with_its_rows(folder: Path) -> None:
    [question] = read_questions(folder)
    assert (question.words, question.answer, question.kind) == ("Who fishes?", "The fleet.", "who")
    assert question.passages == ((1, 5),)
    result = check_competency([question], store())
    assert list(result.findings) == []
    assert result.looked_at == "1 questions, 0 of them not answered by the text"


def test_other_rows_are_found(folder: Path) -> None:
    assert messages(folder, store("")) == ["0 rows where the text gives 1, or others (who)"]


def test_a_query_that_is_not_sparql_is_found(folder: Path) -> None:
    write(folder, f"{HEADER}SELECT {{", "who\n")
    [message] = messages(folder, store())
    assert message.startswith("The query does not parse")


def test_no_rows_mean_something_only_if_the_query_could_have_some(folder: Path) -> None:
    write(folder, HEADER + NOTHING + QUERY, "who\n")
    counterexample = folder / "counterexamples" / f"{NAME}.ttl"
    asked = store("")
    counterexample.write_text("<urn:fleet> <urn:does> <urn:fish> .", encoding="utf-8")
    assert messages(folder, asked) == []
    assert len(asked) == 0
    counterexample.write_text("<urn:fleet> <urn:does> <urn:nothing> .", encoding="utf-8")
    assert messages(folder, asked) == ["the query stays without rows where the answer is said"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# kind: who\n", "", "exactly one kind"),
        ("# kind: who\n", "# kind: who\n# kind: what\n", "exactly one kind"),
        ("# kind", "# sort", "no line of a header"),
        ("1-5", "1 to 5", "is no passage"),
        ("# kind", "# expected: something\n# kind", "does not begin with"),
        ("# kind", NOTHING + "# kind", "no graph in which the question would be answered"),
    ],
)
def test_a_header_that_is_not_so_is_told(folder: Path, old: str, new: str, said: str) -> None:
    write(folder, (HEADER + QUERY).replace(old, new, 1), "who\nurn:fleet\n")
    with pytest.raises(SourceSyntaxError, match=said) as error:
        read_questions(folder)
    assert "/q." in str(error.value.where)


def test_missing_rows_are_told(folder: Path) -> None:
    (folder / "expected" / f"{NAME}.tsv").unlink()
    with pytest.raises(SourceSyntaxError, match="expected rows are missing"):
        read_questions(folder)


def test_a_folder_without_questions_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "questions")
    with pytest.raises(SourceSyntaxError, match="no competency questions"):
        read_questions(folder)
