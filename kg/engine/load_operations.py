"""The LOAD operations of an update: found by tokens, and put in terms of what was fetched for them.

The engine itself never fetches. Where a document is allowed and has been fetched, its LOAD is
replaced by an INSERT DATA of the document's statements, which the engine runs in its place among
the other operations.
"""

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from urllib.parse import urlsplit

from kg.engine.guard import iri_of
from kg.engine.guard import prefixes_of
from kg.engine.tokens import Token
from kg.engine.tokens import tokens
from kg.errors import QueryRefused

NOTHING: Final = "INSERT DATA {}"


@dataclass(frozen=True, slots=True)
class LoadOperation:
    """A LOAD: the IRI of the document (``None`` if it cannot be told), the graph as it is written
    (empty: the default graph), whether it is SILENT, and where in the update it stands.
    """

    source: str | None
    graph: str
    silent: bool
    token: Token
    end: int


def load_operations(update: str, base: str | None = None) -> list[LoadOperation]:
    """Return the LOAD operations of ``update``.

    Raises :class:`~kg.errors.QueryRefused` for what may be one and is not written as one. The
    engine takes no escapes in keywords.
    """
    if "LOAD" not in update.upper():
        return []
    found = list(tokens(update))
    prefixes = prefixes_of(found, base or "")
    return list(_operations(found, prefixes, base or ""))


def is_allowed(source: str, allowed: Collection[str]) -> bool:
    """Return whether the document ``source`` is one of ``allowed``, or below one of them that ends
    with a slash.
    """
    try:
        parts = urlsplit(source)
        segments = unquote(unquote(parts.path)).split("/")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "\\" in unquote(source):
        return False
    if any(segment in (".", "..") for segment in segments) or not parts.hostname:
        return False
    if re.search(r"[\x00-\x20\x7f]", source):
        return False
    return any(
        source == one or (one.endswith("/") and urlsplit(one).netloc and source.startswith(one))
        for one in allowed
    )


def with_documents(update: str, loads: Sequence[LoadOperation], documents: Sequence[str]) -> str:
    """Return ``update`` with each of its ``loads`` replaced by the statements of its document, in
    N-Triples.
    """
    pieces = []
    written = 0
    for load, statements in zip(loads, documents, strict=True):
        data = f"GRAPH {load.graph} {{ {statements} }}" if load.graph else statements
        pieces += [update[written : load.token.start], f"INSERT DATA {{ {data} }}"]
        written = load.end
    return "".join([*pieces, update[written:]])


def refused(load: LoadOperation, allowed: Collection[str]) -> QueryRefused:
    """Return the error for a document that is not ``allowed``."""
    if not allowed:
        return _refused(load.token, "This server does not fetch documents (LOAD)")
    named = f"<{load.source}>" if load.source else "one whose address cannot be told"
    return _refused(
        load.token,
        f"This server loads only documents that its settings name (POLICYKG_LOAD_SOURCES), not "
        f"{named}",
    )


def _operations(found: list[Token], prefixes: dict[str, str], base: str) -> Iterator[LoadOperation]:
    depth = 0
    for place, token in enumerate(found):
        if token.kind == "brace":
            depth += 1 if token.text == "{" else -1
        elif token.kind == "word" and not depth and token.text.upper().startswith("LOAD"):
            yield _operation(found[place : place + 6], prefixes, base)


def _operation(found: list[Token], prefixes: dict[str, str], base: str) -> LoadOperation:
    """Return ``LOAD [SILENT] iri [INTO GRAPH iri]``, which ``found`` begins with."""
    rest = found[1:]
    silent = bool(rest) and rest[0].kind == "word" and rest[0].text.upper() == "SILENT"
    if silent:
        rest = rest[1:]
    if found[0].text.upper() != "LOAD" or not rest or rest[0].kind not in ("iri", "prefixed"):
        raise _refused(found[0], "There is a LOAD that cannot be read")
    source, last, graph = rest[0], rest[0], ""
    words = [token.text.upper() for token in rest[1:3] if token.kind == "word"]
    if words == ["INTO", "GRAPH"] and len(rest) > 3 and rest[3].kind in ("iri", "prefixed"):
        last = rest[3]
        graph = last.text
    elif words[:1] == ["INTO"]:
        raise _refused(found[0], "There is a LOAD that cannot be read")
    iri = iri_of(source, prefixes, base)
    return LoadOperation(iri, graph, silent, found[0], last.start + len(last.text))


def _refused(token: Token, detail: str) -> QueryRefused:
    return QueryRefused(
        detail,
        where=f"line {token.line}, column {token.column}",
        remedy="Send the document itself to the graph store.",
    )
