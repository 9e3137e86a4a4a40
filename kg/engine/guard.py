"""What a query may not ask: found by tokens, not by substrings, before evaluation."""

import re
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from urllib.parse import urljoin
from urllib.parse import urlsplit

from kg.engine.tokens import Token
from kg.engine.tokens import tokens
from kg.engine.tokens import unescape
from kg.errors import QueryRefused

_SERVICE = "SERVICE"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def asks_elsewhere(query: str, allowed: Collection[str] = (), base: str | None = None) -> bool:
    """Return whether ``query`` has SERVICE clauses, all of them for ``allowed`` endpoints.

    Raises :class:`~kg.errors.QueryRefused` for any other SERVICE clause. A variable ``?service``, a
    prefixed name or a literal with that word is no such clause. The query is read as it stands and
    with its code point escapes resolved first, because engines differ in this; it is refused if
    either reading has a clause that is not allowed.
    """
    readings = dict.fromkeys((query, unescape(query)))
    # Most queries do not have the word at all, so they need not be looked at any closer.
    if not any(_SERVICE in reading.upper() for reading in readings):
        return False
    asks = False
    for reading in readings:
        found = list(tokens(reading))
        prefixes = prefixes_of(found, base or "")
        for place, token in enumerate(found):
            if not (_is_service(found, place) or _is_ambiguous(token)):
                continue
            endpoint = _endpoint(found, place, prefixes, base or "")
            if endpoint is None or not _is_allowed(endpoint, allowed):
                raise _refused(token, endpoint, bool(allowed))
            asks = True
    return asks


def _is_allowed(endpoint: str, allowed: Collection[str]) -> bool:
    """Return whether ``endpoint`` is ``allowed``; `http://host:*` allows all of that host."""
    if endpoint in allowed:
        return True
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    if "@" in parts.netloc or "\\" in endpoint:  # what is before it is not the host
        return False
    return f"{parts.scheme}://{parts.hostname}:*" in allowed


def _endpoint(found: list[Token], place: int, prefixes: dict[str, str], base: str) -> str | None:
    """Return the endpoint of ``SERVICE [SILENT] iri``, or ``None`` for any other form."""
    if found[place].text.upper() != _SERVICE:
        return None
    rest = found[place + 1 : place + 3]
    if rest and rest[0].kind == "word" and rest[0].text.upper() == "SILENT":
        rest = rest[1:]
    if not rest:
        return None
    return iri_of(rest[0], prefixes, base)


def iri_of(token: Token, prefixes: Mapping[str, str], base: str) -> str | None:
    """Return the IRI that ``token`` is, or ``None`` if that cannot be told."""
    if token.kind == "iri":
        return _resolved(token.text, base)
    prefix, _, local = token.text.partition(":")
    if token.kind == "prefixed" and prefix + ":" in prefixes and "\\" not in local:
        return prefixes[prefix + ":"] + local
    return None


def prefixes_of(found: Sequence[Token], base: str) -> dict[str, str]:
    """Return the prefixes that ``found`` declares, each with its colon, and what they stand for."""
    prefixes: dict[str, str] = {}
    for word, name, iri in zip(found, found[1:], found[2:], strict=False):
        if word.text.upper() == "PREFIX" and name.kind == "prefixed" and iri.kind == "iri":
            if name.text in prefixes:
                prefixes[name.text] = ""  # declared twice: which one counts is not for us to guess
            else:
                prefixes[name.text] = _resolved(iri.text, base)
    return prefixes


def _refused(token: Token, endpoint: str | None, some_are_allowed: bool) -> QueryRefused:
    detail = "This server does not ask other endpoints (SERVICE)"
    if some_are_allowed:
        named = f"<{endpoint}>" if endpoint else "one that is not named in the query"
        detail = f"This server asks only endpoints that its settings name (SERVICE), not {named}"
    return QueryRefused(
        detail,
        where=f"line {token.line}, column {token.column}",
        remedy="Leave SERVICE out, or run the query on an endpoint of your own.",
    )


def without_load(update: str) -> str:
    """Return ``update`` with a LOAD SILENT replaced by an operation that does nothing.

    It fails here, and silence about that is what it asks for. Raises
    :class:`~kg.errors.QueryRefused` for any other LOAD.
    """
    depth = 0
    pieces = []
    written = 0
    found = list(tokens(update))
    for place, token in enumerate(found):
        if token.kind == "brace":
            depth += 1 if token.text == "{" else -1
        elif token.kind == "word" and not depth and token.text.upper().startswith("LOAD"):
            end = _end_of_load_silent(found[place : place + 6])
            if end is None:
                raise QueryRefused(
                    "This server does not fetch documents (LOAD)",
                    where=f"line {token.line}, column {token.column}",
                    remedy="Send the document itself to the graph store.",
                )
            pieces += [update[written : token.start], "INSERT DATA {}"]
            written = end
    return "".join([*pieces, update[written:]])


def _end_of_load_silent(found: list[Token]) -> int | None:
    """Return the offset after ``LOAD SILENT iri [INTO GRAPH iri]``, which ``found`` begins with."""
    words = [token.text.upper() if token.kind == "word" else token.kind for token in found[:6]]
    if words[:3] not in (["LOAD", "SILENT", "iri"], ["LOAD", "SILENT", "prefixed"]):
        return None
    last = found[5] if words[3:5] == ["INTO", "GRAPH"] and len(found) > 5 else found[2]
    return last.start + len(last.text)


def dataset_graphs(query: str, base: str | None = None) -> list[tuple[str, Token]]:
    """Return the IRIs of the graphs in FROM and FROM NAMED, each with its token.

    Prefixes and relative IRIs are resolved by the query's own declarations and by ``base``; what
    cannot be resolved is left to the engine, which reports it as a syntax error. Raises
    :class:`~kg.errors.QueryRefused` for a FROM that is written in one with what follows.
    """
    if "FROM" not in query.upper():
        return []
    upper = query.upper()
    if "FROM" not in upper and "NAMED" not in upper:  # as in most queries
        return []
    prefixes: dict[str, str] = {}
    found: list[tuple[str, Token]] = []
    before = ["", ""]
    base = base or ""
    for token in tokens(query):
        text = token.text
        if token.kind == "iri" and before[-1] == "BASE":
            base = _resolved(text, base)
        elif token.kind == "iri" and before[-2] == "PREFIX":
            prefixes[before[-1]] = _resolved(text, base)
        elif before[-1] == "FROM" or before == ["FROM", "NAMED"]:
            prefix, _, local = text.partition(":")
            if token.kind == "iri":
                iri = _resolved(text, base)
                if _ABSOLUTE.match(iri):
                    found.append((iri, token))
            elif token.kind == "prefixed" and prefix + ":" in prefixes:
                found.append((prefixes[prefix + ":"] + local.replace("\\", ""), token))
        _refuse_glued(token, prefixes, before[-1])
        before = [before[-1], text.upper() if token.kind == "word" else text]
    return found


def _is_service(found: list[Token], place: int) -> bool:
    """Say whether the engine may read a SERVICE keyword in a token.

    It needs no space around keywords: ``1SERVICE``, ``SERVICESILENT`` and ``SERVICE:x`` are read as
    several tokens where the grammar wants that. No other keyword has the word in it, and a name
    with such a prefix is no clause if no group follows, or if GRAPH or FROM precede.
    """
    token = found[place]
    if token.kind == "word":
        return _SERVICE in token.text.upper()
    if token.kind != "prefixed" or _SERVICE not in token.text.partition(":")[0].upper():
        return False
    before = found[place - 1].text.upper() if place else ""
    after = found[place + 1].text if place + 1 < len(found) else ""
    return after == "{" and before not in ("GRAPH", "FROM", "NAMED")


def _is_ambiguous(token: Token) -> bool:
    """Say whether ``<...>`` may be a comparison with a comment or a string after it.

    An IRI with an authority before its first ``#`` or quote is none, because no operand has two
    slashes in it.
    """
    if token.kind != "iri" or not any(mark in token.text for mark in "#'"):
        return False
    return "//" not in token.text.replace("'", "#").partition("#")[0]


def _refuse_glued(token: Token, prefixes: dict[str, str], before: str) -> None:
    """Refuse ``FROM:x`` and ``FROMNAMED``, where the engine would find a graph that we did not."""
    name = token.text.partition(":")[0].upper()
    glued = (token.kind == "word" and name == "FROMNAMED") or (
        token.kind == "prefixed"
        and before != "PREFIX"
        and token.text.partition(":")[0] + ":" not in prefixes
        and name.startswith(("FROM", "NAMED"))
    )
    if glued:
        raise QueryRefused(
            f"{token.text} is not a keyword, and no prefix of that name is declared",
            where=f"line {token.line}, column {token.column}",
            remedy="Write a space after FROM and after NAMED.",
        )


def _resolved(token: str, base: str) -> str:
    """Return the IRI of ``<...>``, which may be relative to ``base``."""
    iri = unescape(token[1:-1])
    if _ABSOLUTE.match(iri):
        return iri
    joined = urljoin(base, iri)
    # urljoin drops an empty fragment, with which many prefixes end.
    return joined + "#" if iri.endswith("#") else joined
