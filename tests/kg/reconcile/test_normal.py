"""Names in the form in which they are compared, and how far two spellings are apart."""

import pytest

from kg.reconcile.normal import is_latin
from kg.reconcile.normal import normal
from kg.reconcile.normal import skeleton
from kg.reconcile.normal import transliterated
from kg.reconcile.normal import words
from kg.reconcile.slips import TOO_FAR
from kg.reconcile.slips import slips


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  The  Friday-Times ", "the friday times"),
        ("U.S.I.P.", "usip"),
        ("Pakistan’s plan", "pakistan plan"),
        ("Pakistan's plan", "pakistan plan"),
        ("Bhāratīya Janatā", "bharatiya janata"),
        ("Education & Trade", "education and trade"),
        ("Ｐａｋ", "pak"),
        ("پاكستان", "پاکستان"),
        ("…", ""),
    ],
)
def test_normal(text: str, form: str) -> None:
    assert normal(text) == form


def test_ascii_takes_the_same_way() -> None:
    for text in ("U.S. Dept. of State", "Nat'l Plan", "A&B", "C+D", "x_y"):
        assert normal(text) == normal(f"{text}\u200b".replace("\u200b", "\u0301"))


def test_words_that_count() -> None:
    assert words("the centre of the world") == ("center", "world")
    assert words("of the") == ("of", "the")


def test_other_scripts() -> None:
    assert is_latin("bhāratīya 1")
    assert not is_latin("пакистан")
    assert transliterated("исламабад") == "islamabad"
    assert skeleton("tadzhikistan") == skeleton("tajikistan")


@pytest.mark.parametrize(
    ("given", "known", "cost"),
    [
        ("pakstan", "pakistan", 0.5),
        ("pakitsan", "pakistan", 0.5),
        ("pakkistan", "pakistan", 0.5),
        ("institut", "institute", 0.5),
        ("russian", "russia", TOO_FAR),
        ("niger", "nigeria", TOO_FAR),
        ("iran", "iraq", TOO_FAR),
        ("austria", "australia", TOO_FAR),
        ("slovakia", "slovenia", TOO_FAR),
        ("iceland", "ireland", TOO_FAR),
        ("zambia", "gambia", TOO_FAR),
        ("internal", "external", TOO_FAR),
        ("2014", "2015", TOO_FAR),
        ("mali", "malawi", TOO_FAR),
    ],
)
def test_slips(given: str, known: str, cost: float) -> None:
    assert slips(given, known) == cost
    assert slips(known, given) == cost
