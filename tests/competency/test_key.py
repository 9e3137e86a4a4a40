"""The expected rows are those of independent readers, but for what is set down as different.

``key/<question>.tsv`` are the rows of a reader who had the text, the questions and the names of the
columns, and neither the graph nor the expected rows. ``key/second/`` are those of another one, on
the questions that were reworded after the first. In each, ``same.tsv`` says which of the reader's
words mean which label of the graph, ``disagreements.tsv`` where the two differ, and who is right by
the text. So a row that changes away from a key fails here.
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
from answer_key import spans

from kg.build.checks.competency import read_questions

HERE = Path(__file__).parent
FIRST = AnswerKey(HERE / "key")
SECOND = AnswerKey(HERE / "key" / "second")
KEYS = {"first": FIRST, "second": SECOND}
QUESTIONS = {question.name: question for question in read_questions(HERE)}
BESIDE_THE_ROWS = ("same", "disagreements", "passages", "questions", "notes")
RIGHT = frozenset({"key", "graph", "both"})
MENDED = frozenset({"graph mended", "query mended"})
REWORDED = "question reworded"
DONE = frozenset({"expected kept", REWORDED}) | MENDED


ASKED = [
    pytest.param(key, name, id=f"{which}-{name}")
    for which, key in KEYS.items()
    for name in key.asked
]
DISAGREEMENTS = [
    pytest.param(key, line, id=f"{which}-{line['question']}")
    for which, key in KEYS.items()
    for line in key.disagreements
]
each_key = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)


@each_key
def test_key_is_as_it_was_handed_in(key: AnswerKey) -> None:
    lines = (key.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    handed_in = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sorted(handed_in) == sorted(f"{name}.tsv" for name in (*key.asked, "questions", "notes"))
    changed = [
        name
        for name, digest in handed_in.items()
        if hashlib.sha256((key.folder / name).read_bytes()).hexdigest() != digest
    ]
    assert changed == []


@each_key
def test_each_question_asked_has_rows_in_the_key_and_no_others_have(key: AnswerKey) -> None:
    expected = sorted(f"{name}.tsv" for name in (*key.asked, *BESIDE_THE_ROWS))
    assert sorted(path.name for path in key.folder.glob("*.tsv")) == expected
    assert list(key.notes) == list(key.asked)
    assert {line["question"] for line in key.disagreements} <= set(key.asked)


def test_first_reader_had_all_questions_and_the_second_those_reworded_since() -> None:
    assert list(FIRST.asked) == list(QUESTIONS)
    reworded = {line["question"] for line in FIRST.disagreements if REWORDED in _done(line)}
    assert set(SECOND.asked) == reworded


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_stands_as_its_last_reader_had_it(name: str) -> None:
    """And the first reader had it in other words if the second had it at all."""
    words = QUESTIONS[name].words
    assert (words == FIRST.asked[name]["question"]) == (name not in SECOND.asked)
    assert words == (SECOND.asked.get(name) or FIRST.asked[name])["question"]


@pytest.mark.parametrize(("key", "name"), ASKED)
def test_expected_rows_are_those_of_the_key(key: AnswerKey, name: str) -> None:
    header, *expected = QUESTIONS[name].expected
    key_header, *rows = key.rows(name)
    assert key_header == header
    assert key.asked[name]["columns"].split(" | ") == list(header)
    alike, differing = Counter(rows), list[Row]()
    for line in key.disagreements_on(name):
        if line["now"] == "differs":
            alike.subtract(rows_of_cell(line["key"]))
            differing += rows_of_cell(line["expected"])
    assert min(alike.values(), default=0) >= 0
    assert counted(key.translated(name, alike.elements()) + differing) == counted(expected)


@pytest.mark.parametrize(("key", "line"), DISAGREEMENTS)
def test_disagreement_is_said_in_full(key: AnswerKey, line: dict[str, str]) -> None:
    done = _done(line)
    assert line["right"] in RIGHT
    assert spans(line["passages"])
    assert line["reason"].endswith(".")
    # Nobody has read what would be reworded after the last key.
    assert done <= (DONE if key is FIRST else DONE - {REWORDED})
    assert line["now"] in ("alike", "differs")
    assert line["now"] == "differs" or done & MENDED


@pytest.mark.parametrize(("key", "line"), DISAGREEMENTS)
def test_disagreement_is_one(key: AnswerKey, line: dict[str, str]) -> None:
    """Alike now: the expected rows were others, and are the reader's; or they still are others."""
    name = line["question"]
    header, *expected = QUESTIONS[name].expected
    rows, ours = rows_of_cell(line["key"]), rows_of_cell(line["expected"])
    assert {len(row) for row in rows + ours} == {len(header)}
    assert set(rows) <= set(key.rows(name))
    now, theirs, others = counted(expected), counted(key.translated(name, rows)), counted(ours)
    assert not theirs & others
    there, gone = (theirs, others) if line["now"] == "alike" else (others, theirs)
    assert there <= now
    assert not gone & now


@each_key
def test_each_entry_of_sameness_is_used(key: AnswerKey) -> None:
    uses = Counter[Entry]()
    for name in key.asked:
        differing = {
            row
            for line in key.disagreements_on(name)
            if line["now"] == "differs"
            for row in rows_of_cell(line["key"])
        }
        uses.update(key.entries(name, set(key.rows(name)[1:]) - differing))
    assert len(key.same) == len(key.table("same"))
    # What serves a single question is not said of all.
    assert [entry for entry in key.same if uses[entry] < (2 if entry[0] == "*" else 1)] == []
    assert [entry for entry, label in key.same.items() if plain(entry[2]) == plain(label)] == []


@pytest.mark.parametrize(("key", "name"), ASKED)
def test_sameness_does_not_make_two_cells_of_a_column_one(key: AnswerKey, name: str) -> None:
    """Rows stay apart, and cells too, but for those that an entry takes together."""
    header, *rows = key.rows(name)
    translated = dict(zip(rows, key.translated(name, rows), strict=True))
    assert len({*counted(translated.values())}) == len({*counted(rows)})
    for number, column in enumerate(header):
        alone = {
            (plain(row[number]), plain(labels[number]))
            for row, labels in translated.items()
            if not any(column in _columns(entry) for entry in key.entries(name, [row]))
        }
        assert len(alone) == len({label for _, label in alone})


def _columns(entry: Entry) -> list[str]:
    """Return the columns that an entry takes together, none if it is for one."""
    columns = entry[1].split(" | ")
    return columns if len(columns) > 1 else []


def _done(line: dict[str, str]) -> set[str]:
    return set(line["done"].split(", "))
