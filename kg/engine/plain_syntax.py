"""What is wrong with a query that does not parse, in words of its text.

The engine's parser lists every character with which a query could have gone on, and names the place
as far as it came. People are told what stands there instead.
"""

import difflib
import re
from typing import Final

from kg.engine.tokens import Token
from kg.engine.tokens import tokens

_OPEN: Final = {"(": ")", "{": "}", "[": "]"}
_FORMS: Final = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
_KEYWORDS: Final = (
    *_FORMS,
    *("PREFIX", "BASE", "DISTINCT", "REDUCED", "FROM", "NAMED", "WHERE", "FILTER", "OPTIONAL"),
    *("UNION", "VALUES", "BIND", "GRAPH", "MINUS", "SERVICE", "ORDER", "GROUP", "BY", "HAVING"),
    *("LIMIT", "OFFSET", "EXISTS", "NOT"),
)
_LONGEST: Final = 50_000  # characters of a query that is worth a closer look
# Reasons that the parser gives in words, among the characters; a key is all that must be there.
_REASONS: Final = re.compile(
    r"(?<=[\s,])(The [A-Za-z][^\[\]\"]{12,}?|[A-Z][a-z]+ [a-z][^\[\]\",]{6,}?)"
    r"(?=,|\.?$| or | \[)"
)
_NO_PREFIX: Final = "Prefix not found"


def plain_reason(reason: str, text: str, line: int, column: int) -> str:
    """Return in a few words why ``text`` does not parse at ``line`` and ``column``, from 1.

    ``reason`` is the parser's message; where it is no list of what was expected, it is returned.
    """
    if "expected" not in reason:
        return reason
    if len(text) > _LONGEST:
        return "what stands here does not fit what stands before it"
    found = list(tokens(text))
    offset = _offset(text, line, column)
    mistyped = _mistyped(found, offset)
    if mistyped:
        return mistyped
    if _NO_PREFIX in reason:
        return _undeclared(found, offset)
    told = [match[1].strip() for match in _REASONS.finditer(reason)]
    if told:
        return told[0][0].lower() + told[0][1:]
    here = text[offset:].lstrip()
    if not here:
        return _ended(text, found)
    at = next((one.text for one in found if one.start >= offset), "")
    shown = at if at and here.startswith(at) else here[0]
    return f"“{shown[:60]}” cannot stand here{_after(found, offset)}"


def _ended(text: str, found: list[Token]) -> str:
    """Return why a query that was read to its end does not parse."""
    quote = re.search(r"[\"']", _blotted(text))
    if quote:
        line = text.count("\n", 0, quote.start()) + 1
        return f"the {quote[0]} of line {line} has no other one in that line"
    still_open = _still_open(text)
    if still_open:
        return f"it ends too early; the {still_open[0]} of line {still_open[1]} is still open"
    if len(found) > 1:
        return f"it cannot end with “{found[-1].text[:60]}” after “{found[-2].text[:60]}”"
    return "it ends too early"


def _mistyped(found: list[Token], offset: int) -> str:
    """Return which word is nearly a keyword, if one before the place is."""
    words = [one for one in found if one.kind == "word" and one.start <= offset]
    for one in reversed(words):
        word = one.text.upper()
        if word in _KEYWORDS or len(word) < 4 or not word.isalpha():
            continue
        meant = difflib.get_close_matches(word, _KEYWORDS, 1, 0.75)
        if meant:
            return f"“{one.text}” in line {one.line} is no keyword; {meant[0]} is"
    return ""


def _undeclared(found: list[Token], offset: int) -> str:
    declared = {
        following.text
        for one, following in zip(found, found[1:], strict=False)
        if one.text.upper() == "PREFIX"
    }
    for one in found:
        prefix = one.text.partition(":")[0] + ":"
        if one.kind == "prefixed" and prefix not in declared:
            return f"the prefix {prefix[:60]} is not declared; begin with PREFIX {prefix[:60]} <…>"
    return "a prefix is not declared"


def _still_open(text: str) -> tuple[str, int] | None:
    """Return the last bracket that nothing closes, and its line."""
    open_ones: list[tuple[str, int]] = []
    for number, content in enumerate(_blotted(text).split("\n"), 1):
        for character in content:
            if character in _OPEN:
                open_ones.append((character, number))
            elif open_ones and character == _OPEN[open_ones[-1][0]]:
                open_ones.pop()
    return open_ones[-1] if open_ones else None


def _blotted(text: str) -> str:
    """Return ``text`` with spaces for strings, IRIs and comments, whose brackets do not count."""
    parts, end = [], 0
    for one in tokens(text):
        if one.kind in ("string", "iri"):
            parts += [text[end : one.start], re.sub(r"[^\n]", " ", one.text)]
            end = one.start + len(one.text)
    return re.sub(r"#[^\n]*", lambda match: " " * len(match[0]), "".join([*parts, text[end:]]))


def _after(found: list[Token], offset: int) -> str:
    before = [one.text for one in found if one.start + len(one.text) <= offset]
    return f" after “{before[-1][:60]}”" if before else ""


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    start = sum(len(one) + 1 for one in lines[: line - 1])
    return min(start + column - 1, len(text))
