"""What a query may not ask: found by tokens, not by substrings, before evaluation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import QueryRefused

# SPARQL 1.1, section 19.8. Order matters: long strings before short ones, IRIs before operators.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
              | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$][\w\u00b7]+)
  | (?P<prefixed>[\w\u00b7.-]*:(?:[\w\u00b7:.%-]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>\w+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a query: its kind, its text, and the line and column where it starts, from 1."""

    kind: str
    text: str
    line: int
    column: int


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query`` that matter here, without comments.

    Code point escapes are resolved first, as SPARQL 1.1, section 19.2, lays down.
    """
    text = _ESCAPE.sub(_unescape, query)
    position, line, line_start = 0, 1, 0
    for match in _TOKEN.finditer(text):
        start = match.start()
        line += text.count("\n", position, start)
        newline = text.rfind("\n", position, start)
        if newline >= 0:
            line_start = newline + 1
        position = start
        kind = match.lastgroup or ""
        if kind != "comment":
            yield Token(kind, match.group(), line, start - line_start + 1)


def refuse_service(query: str) -> None:
    """Raise :class:`~kg.errors.QueryRefused` if ``query`` has a SERVICE clause.

    A variable ``?service``, a prefixed name or a literal with that word is no such clause.
    """
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            raise QueryRefused(
                "This server does not ask other endpoints (SERVICE)",
                where=f"line {token.line}, column {token.column}",
                remedy="Leave SERVICE out, or run the query on an endpoint of your own.",
            )


def dataset_graphs(query: str) -> list[tuple[str, Token]]:
    """Return the absolute IRIs of the graphs in FROM and FROM NAMED, each with its token.

    Prefixes are resolved by the query's own PREFIX declarations; what cannot be resolved is left
    to the engine, which reports it as a syntax error.
    """
    prefixes: dict[str, str] = {}
    found: list[tuple[str, Token]] = []
    previous: list[Token] = []
    for token in tokens(query):
        words = [t.text.upper() if t.kind == "word" else "" for t in previous[-2:]]
        if token.kind == "iri" and len(words) == 2 and words[0] == "PREFIX":
            prefixes[previous[-1].text] = token.text[1:-1]
        if words[-1:] == ["FROM"] or words == ["FROM", "NAMED"]:
            prefix, colon, local = token.text.partition(":")
            if token.kind == "iri" and _ABSOLUTE.match(token.text[1:]):
                found.append((token.text[1:-1], token))
            elif token.kind == "prefixed" and prefix + colon in prefixes:
                found.append((prefixes[prefix + colon] + local.replace("\\", ""), token))
        previous = [*previous[-1:], token]
    return found


def _unescape(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    valid = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if valid else match.group()
