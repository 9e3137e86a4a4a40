"""The reading of queries by tokens takes time in proportion to their length, whatever they hold."""

# ruff: noqa: E501 (a table of cases)

import time

import pytest

from kg.engine.tokens import tokens

LENGTH = 60_000


@pytest.mark.parametrize(
    "piece",
    ["-", "a.", "a-", "?a-", "@a-", ":", "a:", "a:%", "a:b\\", "-a-:-", '\\"', "\\'", "\\", "\"'",
     '"\n', '"""', "'''\"\"\"", '"""a\\q', "<", "<a", "<a>", "#", "#\n", "\\u0041", "a ", "{", "SERVICE"],
)  # fmt: skip
@pytest.mark.parametrize("first", ["", '"', "<"])
def test_reading_is_linear(first: str, piece: str) -> None:
    began = time.monotonic()
    for _ in tokens(first + piece * (LENGTH // len(piece))):
        pass
    # What is read again from each character takes minutes.
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ex:a-b", ["ex:a-b"]),
        ("e-x.y:a", ["e-x.y:a"]),
        (":a", [":a"]),
        ("a-b", ["a", "b"]),
        ("?a-ex:b", ["?a", "ex", ":b"]),
        ("?a-SERVICE:b", ["?a", "SERVICE", ":b"]),
        ('\\" SERVICE "', ["SERVICE"]),
        ('"\\" SERVICE "', ['"\\" SERVICE "']),
        ("# SERVICE\nSERVICE", ["SERVICE"]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert [token.text for token in tokens(text)] == found
