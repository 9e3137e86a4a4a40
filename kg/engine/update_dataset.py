"""Giving an update the dataset that its request names (SPARQL 1.1 Protocol, section 2.2.3).

The engine takes no dataset for updates, so USING clauses are written into the text, by tokens.
"""

from collections.abc import Sequence

from kg.engine.tokens import Token
from kg.engine.tokens import tokens
from kg.errors import BadParameter


def with_dataset(update: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """Return ``update`` with USING and USING NAMED in each operation that has a WHERE.

    Raises :class:`~kg.errors.BadParameter` if the update has USING or WITH of its own.
    """
    if not using and not using_named:
        return update
    clauses = "".join(f" USING <{iri}>" for iri in using)
    clauses += "".join(f" USING NAMED <{iri}>" for iri in using_named)
    pieces: list[str] = []
    written = 0
    depth = 0
    deleted: tuple[int, int] | None = None  # where the pattern of DELETE WHERE is
    previous: Token | None = None
    for token in tokens(update):
        if token.kind == "brace":
            depth += 1 if token.text == "{" else -1
            if deleted and not depth and token.text == "}":
                # DELETE WHERE {p} takes no USING; it means DELETE {p} WHERE {p}.
                pattern = update[deleted[1] : token.start + 1]
                pieces += [update[written : deleted[0]], pattern, clauses, " WHERE ", pattern]
                written = token.start + 1
                deleted = None
        elif token.kind == "word" and not depth:
            word = token.text.upper()
            if word in ("USING", "WITH"):
                raise BadParameter(
                    f"The update has {word} of its own",
                    where="using-graph-uri",
                    remedy="Name the dataset in the update or in the request, not in both.",
                )
            if word == "WHERE":
                if previous and previous.text.upper() == "DELETE":
                    deleted = (token.start, token.start + len(token.text))
                else:
                    pieces += [update[written : token.start], clauses, " "]
                    written = token.start
        previous = token
    return "".join([*pieces, update[written:]])
