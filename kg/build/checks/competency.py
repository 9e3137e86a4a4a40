"""Competency questions: what readers of a source would ask, and the rows that its text gives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import QuerySolutions
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.engine.evaluation import evaluate
from kg.engine.interface import Query
from kg.errors import PolicykgError
from kg.errors import SourceSyntaxError

_HEADER: Final = re.compile(r"# (question|answer|passage|kind|expected): (\S.*)")
_ONCE: Final = ("question", "answer", "kind")
_NOTHING: Final = "nothing, because "
_SAID: Final = NamedNode("urn:counterexample")


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, what the text answers, the passages that decide it, and its query.

    A passage is a pair of start and end in code points, the end exclusive. ``nothing`` is the
    reason why there are no rows, or empty if there are some. ``expected`` are the rows, the names
    of the columns first; ``counterexample`` is Turtle in which the question would be answered.
    """

    name: str
    words: str
    answer: str
    passages: tuple[tuple[int, int], ...]
    kind: str
    nothing: str
    text: str
    expected: tuple[tuple[str, ...], ...]
    counterexample: str


def read_questions(folder: Path) -> list[Question]:
    """Return the questions of ``folder``: ``questions/*.rq``, with their rows in ``expected/*.tsv``
    and what would answer those without rows in ``counterexamples/*.ttl``.

    Raises :class:`~kg.errors.SourceSyntaxError` for a folder or a file that is not so.
    """
    files = sorted((folder / "questions").glob("*.rq"))
    if not files:
        raise SourceSyntaxError(
            "There are no competency questions in this folder",
            where=str(folder),
            remedy="Name the folder that holds questions/, expected/ and counterexamples/.",
        )
    return [_read(folder, path) for path in files]


def check_competency(questions: list[Question], store: Store) -> CheckResult:
    """Return a finding for each question to which ``store`` gives other rows than the text does,
    and for each without rows that would have none if the text did say it.
    """
    findings = [finding for question in questions for finding in _judge(question, store)]
    unanswered = sum(1 for question in questions if question.nothing)
    looked_at = f"{len(questions)} questions, {unanswered} of them not answered by the text"
    return CheckResult("competency", looked_at, findings, counts={"questions": len(questions)})


def _judge(question: Question, store: Store) -> Iterator[Finding]:
    where = f"competency question {question.name}"
    try:
        found = _rows(question, store)
    except PolicykgError as error:
        yield Finding(where, error.detail, error.remedy or "")
        return
    columns, *rows = question.expected
    if found != rows:
        yield Finding(
            where,
            f"{len(found)} rows where the text gives {len(rows)}, or others ({', '.join(columns)})",
            "Correct the report or the query; the expected rows only if they misread the text.",
        )
    if question.nothing and not _answered_if_said(question, store):
        yield Finding(
            where,
            "the query stays without rows where the answer is said",
            "Correct the query, or the counterexample.",
        )


def _rows(question: Question, store: Store) -> list[tuple[str, ...]]:
    results = evaluate(store, Query(question.text))
    if not isinstance(results, QuerySolutions):
        raise SourceSyntaxError("The query is no SELECT", where=question.name)
    columns = question.expected[0]
    named = {variable.value for variable in results.variables}
    return [tuple(_shown(row[key]) if key in named else "" for key in columns) for row in results]


def _shown(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _answered_if_said(question: Question, store: Store) -> bool:
    said = [
        Quad(triple.subject, triple.predicate, triple.object, _SAID)
        for triple in parse(question.counterexample, RdfFormat.TURTLE)
    ]
    store.extend(said)
    try:
        return bool(_rows(question, store))
    finally:
        store.remove_graph(_SAID)


def _read(folder: Path, path: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            found = _HEADER.fullmatch(line)
            if not found:
                raise _fault(path, f"{line!r} is no line of a header")
            fields.setdefault(found[1], []).append(found[2])
    for name in _ONCE:
        if len(fields.get(name, [])) != 1:
            raise _fault(path, f"the header has not exactly one {name}")
    [expected] = fields.get("expected", [""])
    if expected and not expected.startswith(_NOTHING):
        raise _fault(path, f"what is expected does not begin with {_NOTHING.strip()!r}")
    return Question(
        name=path.stem,
        words=fields["question"][0],
        answer=fields["answer"][0],
        passages=tuple(_passage(path, passage) for passage in fields.get("passage", [])),
        kind=fields["kind"][0],
        nothing=expected.removeprefix(_NOTHING),
        text=text,
        expected=_table(folder / "expected" / f"{path.stem}.tsv"),
        counterexample=_counterexample(folder, path) if expected else "",
    )


def _passage(path: Path, passage: str) -> tuple[int, int]:
    start, _, end = passage.partition("-")
    if not start.isdecimal() or not end.isdecimal():
        raise _fault(path, f"{passage!r} is no passage")
    return int(start), int(end)


def _table(path: Path) -> tuple[tuple[str, ...], ...]:
    if not path.is_file():
        raise _fault(path, "the expected rows are missing")
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines)


def _counterexample(folder: Path, question: Path) -> str:
    path = folder / "counterexamples" / f"{question.stem}.ttl"
    if not path.is_file():
        raise _fault(path, "there is no graph in which the question would be answered")
    return path.read_text(encoding="utf-8")


def _fault(path: Path, what: str) -> SourceSyntaxError:
    return SourceSyntaxError(
        f"A competency question cannot be read: {what}",
        where=f"{path.parent.name}/{path.name}",
        remedy="See tests/competency/README.md for what belongs to a question.",
    )
