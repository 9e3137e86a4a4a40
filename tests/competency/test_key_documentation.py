"""The independent key rests on passages, copies nothing, and the README gives its figures."""

import re
from collections import Counter
from pathlib import Path

from answer_key import AnswerKey
from answer_key import counted
from answer_key import plain
from answer_key import spans
from requirements import require_source

from kg.build.checks.competency import read_questions

HERE = Path(__file__).parent
KEY = AnswerKey(HERE / "key")
QUESTIONS = {question.name: question for question in read_questions(HERE)}
MOST_WORDS = 12  # in a row as the source has them; a passage's quote may have as many


def test_passages_of_reader_and_question_overlap_or_are_explained() -> None:
    apart = []
    for name, question in QUESTIONS.items():
        theirs, ours = spans(KEY.notes[name]["offsets"]), list(question.passages)
        assert theirs
        for passages, others in ((theirs, ours), (ours, theirs)):
            apart += [
                (name, f"{start}-{end}")
                for start, end in passages
                if not any(start < last and first < end for first, last in others)
            ]
    explained = KEY.table("passages")
    assert sorted((line["question"], line["passage"]) for line in explained) == sorted(apart)
    assert all(line["why"] for line in explained)


def test_no_cell_copies_more_than_a_few_words_of_the_source() -> None:
    source = f" {_words(require_source().read_text(encoding='utf-8'))} "
    copied = []
    for path in KEY.folder.glob("*.tsv"):
        for cell in re.split(r"[\t\n|;]", path.read_text(encoding="utf-8")):
            words = _words(cell).split()
            runs = (words[start : start + MOST_WORDS + 1] for start in range(len(words)))
            copied += [
                (path.name, cell)
                for run in runs
                if len(run) > MOST_WORDS and f" {' '.join(run)} " in source
            ]
    assert copied == []


def test_readme_gives_the_figures() -> None:
    in_words = alike = 0
    for name, question in QUESTIONS.items():
        expected, key = counted(question.expected[1:]), KEY.rows(name)[1:]
        in_words += counted(key) == expected
        alike += counted(KEY.translated(name, key)) == expected
    right = Counter(line["right"] for line in KEY.disagreements)
    reworded = {line["question"] for line in KEY.disagreements if "reworded" in line["done"]}
    figures = {
        "alike but for capitals and apostrophes": in_words,
        "alike with `same.tsv`": alike,
        "alike with `same.tsv` and `disagreements.tsv`": len(QUESTIONS),
        "the key is right": right["key"],
        "the graph is right": right["graph"],
        "both are, the question had two readings": right["both"],
        "questions reworded": len(reworded),
    }
    text = (HERE / "README.md").read_text(encoding="utf-8")
    said = {
        what: re.findall(rf"^\| {re.escape(what)} \|.* (\d+) \|$", text, re.MULTILINE)
        for what in figures
    }
    assert said == {what: [str(figure)] for what, figure in figures.items()}


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w'-]+", plain(text)))
