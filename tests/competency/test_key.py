"""The expected rows are those of an independent reader, but for what is set down as different.

``key/<question>.tsv`` are the rows of a reader who had the text, the questions and the names of the
columns, and neither the graph nor the expected rows. ``same.tsv`` says which of the reader's words
mean which label of the graph, ``disagreements.tsv`` where the two differ, and who is right by the
text. So a row that changes away from the key fails here.
"""

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from answer_key import AnswerKey
from answer_key import Entry
from answer_key import Row
from answer_key import counted
from answer_key import plain
from answer_key import rows_of_cell

from kg.build.checks.competency import read_questions

HERE = Path(__file__).parent
KEY = AnswerKey(HERE / "key")
QUESTIONS = {question.name: question for question in read_questions(HERE)}
BESIDE_THE_ROWS = ("same", "disagreements", "passages", "questions", "notes")
RIGHT = frozenset({"key", "graph", "both"})
MENDED = frozenset({"graph mended", "query mended"})
DONE = frozenset({"expected kept", "question reworded"}) | MENDED


def test_key_is_as_it_was_handed_in() -> None:
    lines = (KEY.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    handed_in = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sorted(handed_in) == sorted(f"{name}.tsv" for name in (*QUESTIONS, "questions", "notes"))
    changed = [
        name
        for name, digest in handed_in.items()
        if hashlib.sha256((KEY.folder / name).read_bytes()).hexdigest() != digest
    ]
    assert changed == []


def test_each_question_has_rows_in_the_key_and_no_others_have() -> None:
    expected = sorted(f"{name}.tsv" for name in (*QUESTIONS, *BESIDE_THE_ROWS))
    assert sorted(path.name for path in KEY.folder.glob("*.tsv")) == expected
    assert list(KEY.asked) == list(QUESTIONS)
    assert list(KEY.notes) == list(QUESTIONS)
    assert {line["question"] for line in KEY.disagreements} <= set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_expected_rows_are_those_of_the_key(name: str) -> None:
    header, *expected = QUESTIONS[name].expected
    key_header, *key = KEY.rows(name)
    assert key_header == header
    assert KEY.asked[name]["columns"].split(" | ") == list(header)
    alike, differing = Counter(key), list[Row]()
    for line in KEY.disagreements_on(name):
        if line["now"] == "differs":
            alike.subtract(rows_of_cell(line["key"]))
            differing += rows_of_cell(line["expected"])
    assert min(alike.values(), default=0) >= 0
    assert counted(KEY.translated(name, alike.elements()) + differing) == counted(expected)


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_stands_as_the_reader_had_it_or_was_reworded(name: str) -> None:
    done = {what for line in KEY.disagreements_on(name) for what in line["done"].split(", ")}
    changed = QUESTIONS[name].words != KEY.asked[name]["question"]
    assert changed == ("question reworded" in done)


@pytest.mark.parametrize("line", KEY.disagreements, ids=lambda line: line["question"])
def test_disagreement_is_said_in_full(line: dict[str, str]) -> None:
    done = set(line["done"].split(", "))
    assert line["right"] in RIGHT
    assert line["passages"]
    assert line["reason"].endswith(".")
    assert done <= DONE
    assert line["now"] in ("alike", "differs")
    assert line["now"] == "differs" or done & MENDED


@pytest.mark.parametrize("line", KEY.disagreements, ids=lambda line: line["question"])
def test_disagreement_is_one(line: dict[str, str]) -> None:
    """Alike now: the expected rows were others, and are the reader's; or they still are others."""
    name = line["question"]
    header, *expected = QUESTIONS[name].expected
    key, ours = rows_of_cell(line["key"]), rows_of_cell(line["expected"])
    assert {len(row) for row in key + ours} == {len(header)}
    assert set(key) <= set(KEY.rows(name))
    now, theirs, others = counted(expected), counted(KEY.translated(name, key)), counted(ours)
    assert not theirs & others
    there, gone = (theirs, others) if line["now"] == "alike" else (others, theirs)
    assert there <= now
    assert not gone & now


def test_each_entry_of_sameness_is_used() -> None:
    uses = Counter[Entry]()
    for name in QUESTIONS:
        differing = {
            row
            for line in KEY.disagreements_on(name)
            if line["now"] == "differs"
            for row in rows_of_cell(line["key"])
        }
        uses.update(KEY.entries(name, set(KEY.rows(name)[1:]) - differing))
    assert len(KEY.same) == len(KEY.table("same"))
    # What serves a single question is not said of all.
    assert [entry for entry in KEY.same if uses[entry] < (2 if entry[0] == "*" else 1)] == []
    assert [entry for entry, label in KEY.same.items() if plain(entry[2]) == plain(label)] == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_sameness_does_not_make_two_cells_of_a_column_one(name: str) -> None:
    header, *key = KEY.rows(name)
    translated = KEY.translated(name, key)
    for number, _ in enumerate(header):
        words = [plain(row[number]) for row in key]
        labels = [plain(row[number]) for row in translated]
        assert len(set(zip(words, labels, strict=True))) == len(set(labels))
