"""The independent keys rest on passages, copy nothing, and the README gives their figures."""

import re
from collections import Counter
from pathlib import Path

import pytest
from answer_key import AnswerKey
from answer_key import Row
from answer_key import counted
from answer_key import plain
from answer_key import spans
from requirements import require_source

from kg.build.checks.competency import read_questions

HERE = Path(__file__).parent
FIRST = AnswerKey(HERE / "key")
SECOND = AnswerKey(HERE / "key" / "second")
KEYS = (FIRST, SECOND)
QUESTIONS = {question.name: question for question in read_questions(HERE)}
MOST_WORDS = 12  # in a row as the source has them; a passage's quote may have as many


@pytest.mark.parametrize("key", KEYS, ids=("first", "second"))
def test_passages_of_reader_and_question_overlap_or_are_explained(key: AnswerKey) -> None:
    apart = []
    for name in key.asked:
        theirs, ours = spans(key.notes[name]["offsets"]), list(QUESTIONS[name].passages)
        assert theirs
        for passages, others in ((theirs, ours), (ours, theirs)):
            apart += [
                (name, f"{start}-{end}")
                for start, end in passages
                if not any(start < last and first < end for first, last in others)
            ]
    explained = key.table("passages")
    assert sorted((line["question"], line["passage"]) for line in explained) == sorted(apart)
    assert all(line["why"] for line in explained)


def test_no_cell_copies_more_than_a_few_words_of_the_source() -> None:
    source = f" {_words(require_source().read_text(encoding='utf-8'))} "
    copied = []
    for path in FIRST.folder.rglob("*.tsv"):
        for cell in re.split(r"[\t\n|;]", path.read_text(encoding="utf-8")):
            words = _words(cell).split()
            runs = (words[start : start + MOST_WORDS + 1] for start in range(len(words)))
            copied += [
                (path.name, cell)
                for run in runs
                if len(run) > MOST_WORDS and f" {' '.join(run)} " in source
            ]
    assert copied == []


def test_readme_gives_the_figures_of_each_key() -> None:
    columns = [_figures(key) for key in KEYS]
    figures = {what: [str(column[what]) for column in columns] for what in columns[0]}
    assert _said(figures) == figures


def test_readme_gives_the_figures_of_the_questions_as_they_stand() -> None:
    rows: dict[str, Counter[Row]] = {}
    for key in KEYS:  # the second reader's go before the first's
        rows |= {name: counted(key.translated(name, key.rows(name)[1:])) for name in key.asked}
    alike = sum(counted(QUESTIONS[name].expected[1:]) == found for name, found in rows.items())
    figures = {
        "of the questions as they stand, alike": [str(alike)],
        "of the questions as they stand, different": [str(len(QUESTIONS) - alike)],
    }
    assert _said(figures) == figures


def _figures(key: AnswerKey) -> dict[str, int]:
    in_words = alike = 0
    for name in key.asked:
        expected, rows = counted(QUESTIONS[name].expected[1:]), key.rows(name)[1:]
        in_words += counted(rows) == expected
        alike += counted(key.translated(name, rows)) == expected
    right = Counter(line["right"] for line in key.disagreements)
    return {
        "questions asked": len(key.asked),
        "alike but for capitals and apostrophes, now": in_words,
        "alike with `same.tsv`, now": alike,
        "disagreements": len(key.disagreements),
        "the key is right": right["key"],
        "the graph is right": right["graph"],
        "both are": right["both"],
        "questions reworded": len(_questions(key, "question reworded")),
        "graph or query mended": len(_questions(key, "mended")),
    }


def _questions(key: AnswerKey, done: str) -> set[str]:
    return {line["question"] for line in key.disagreements if done in line["done"]}


def _said(figures: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the cells that stand behind each name in a table of the README."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    return {
        what: [
            cell.strip()
            for line in re.findall(rf"^\| {re.escape(what)} \|(.*)\|$", text, re.MULTILINE)
            for cell in line.split("|")
        ]
        for what in figures
    }


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w'-]+", plain(text)))
