"""Times in words are as precise as they were given, never more."""

import pytest

from server.times import duration_in_words
from server.times import time_in_words


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2010", "2010"),
        ("2014-12", "December 2014"),
        ("2014-12-16", "16 December 2014"),
        ("2014-09/2015-02", "September 2014 to February 2015"),
        ("2013/..", "from 2013"),
        ("../2014-12", "until December 2014"),
        ("2015~", "2015 (approximately)"),
        ("2015-05?", "May 2015 (uncertain)"),
        ("2015-13", None),
        ("2015-05-32", None),
        ("/", None),
        ("recently", None),
        ("", None),
        ("2015-05-13T10:00:00", None),
    ],
)
def test_time(edtf: str, words: str | None) -> None:
    assert time_in_words(edtf) == words


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        ("P1Y", "1 year"),
        ("P3Y", "3 years"),
        ("P1Y6M", "1 year 6 months"),
        ("P10D", "10 days"),
        ("P", None),
        ("PT5M", None),
        ("-P1Y", None),
    ],
)
def test_duration(duration: str, words: str | None) -> None:
    assert duration_in_words(duration) == words
