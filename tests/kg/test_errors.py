"""Each error has a status, a title of its own, and one line: what, where, what to do."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest

import kg.errors
from kg.errors import CheckFailed
from kg.errors import MethodNotAllowed
from kg.errors import NotAcceptable
from kg.errors import PolicykgError
from kg.errors import QuerySyntaxError


def classes(cls: type[PolicykgError] = PolicykgError) -> Iterator[type[PolicykgError]]:
    yield cls
    for sub in cls.__subclasses__():
        if sub.__module__ == kg.errors.__name__:
            yield from classes(sub)


ALL = list(classes())


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_each_class_has_a_status_a_title_and_an_explanation(cls: type[PolicykgError]) -> None:
    # 499 is what some servers log for a client that has gone; no client sees it.
    assert cls.status == 499 or HTTPStatus(cls.status).value >= 400
    assert cls.title[0].isupper()
    assert not cls.title.endswith(".")
    assert cls.__doc__


def test_titles_tell_the_classes_apart() -> None:
    titles = [cls.title for cls in ALL]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize(
    ("where", "remedy", "text"),
    [
        ("a.ttl:3", "Correct it.", "It is wrong (a.ttl:3). Correct it."),
        (None, "Correct it.", "It is wrong. Correct it."),
        ("a.ttl:3", None, "It is wrong (a.ttl:3)."),
        (None, None, "It is wrong."),
    ],
)
def test_an_error_is_told_in_one_line(where: str | None, remedy: str | None, text: str) -> None:
    assert str(PolicykgError("It is wrong", where=where, remedy=remedy)) == text


def test_a_failed_check_is_told_by_its_findings_as_they_stand() -> None:
    assert str(CheckFailed("[terms] a.ttl:3: is wrong\n    Correct it.")) == (
        "[terms] a.ttl:3: is wrong\n    Correct it."
    )


def test_a_syntax_error_names_line_and_column_where_it_has_them() -> None:
    error = QuerySyntaxError("It does not parse", line=3, column=7)
    assert (error.line, error.column, error.where) == (3, 7, "line 3, column 7")
    assert QuerySyntaxError("It does not parse").where is None


def test_what_would_do_instead_is_told() -> None:
    assert MethodNotAllowed("No", allowed=("GET", "HEAD")).remedy == "Use GET, HEAD."
    assert NotAcceptable("No", offered=("text/csv",)).remedy == "On offer: text/csv."
