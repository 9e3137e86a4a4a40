"""The tokens of a query, as far as it takes to tell keywords from names, texts and comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# SPARQL 1.1, section 19.8. Order matters: long strings before short ones, IRIs before operators.
# Escapes are as strict as the engine's: after an escape that it does not know it would read on
# in another way than a generous pattern, and a keyword could hide in the difference. A name begins
# where no name goes on, and a quote after a backslash begins nothing: else a long row of
# either would be read again from each of its characters, which takes minutes for a megabyte.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<string>
        \"\"\"(?:[^"\\]|\\[tbnrf"'\\]|{u}|\"(?!\"\"))*\"\"\"
      | '''(?:[^'\\]|\\[tbnrf"'\\]|{u}|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\[tbnrf"'\\]|{u})*"
      | '(?:[^'\\\n\r]|\\[tbnrf"'\\]|{u})*')
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{u})*>)
  | (?P<variable>[?$][\w\u00b7]+)
  | (?P<escaped>\\["'])
  | (?P<prefixed>(?:(?<![\w\u00b7.-])[\w\u00b7.-]+)?
        :(?:[\w\u00b7:.%-]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>\w+)
  | (?P<brace>[{{}}])
    """.format(u=r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"),
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a query: its kind, its text, the line and column where it starts, from 1, and
    that place as an offset from 0.
    """

    kind: str
    text: str
    line: int
    column: int
    start: int = 0


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query`` that matter here, without comments."""
    position, line, line_start = 0, 1, 0
    for match in _TOKEN.finditer(query):
        start = match.start()
        line += query.count("\n", position, start)
        newline = query.rfind("\n", position, start)
        if newline >= 0:
            line_start = newline + 1
        position = start
        kind = match.lastgroup or ""
        if kind not in ("comment", "escaped"):
            yield Token(kind, match.group(), line, start - line_start + 1, start)


def words(query: str) -> Iterator[str]:
    """Yield the words of ``query``, such as keywords, in capitals."""
    for match in _TOKEN.finditer(query):
        if match.lastgroup == "word":
            yield match.group().upper()


def unescape(text: str) -> str:
    """Return ``text`` with its code point escapes resolved (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    valid = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if valid else match.group()
