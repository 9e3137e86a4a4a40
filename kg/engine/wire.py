"""Queries and writes as values that can be sent to another process."""

from collections.abc import Mapping
from typing import Any

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Part
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Write


def query_values(query: Query) -> dict[str, Any]:
    """Return all of ``query`` but its text."""
    return {
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
        "bindings": {name: _term_values(term) for name, term in query.bindings.items()},
        "base_iri": query.base_iri,
    }


def query_from(values: Mapping[str, Any], text: bytes) -> Query:
    """Return the query that :func:`query_values` and the UTF-8 ``text`` stand for."""
    return Query(
        text.decode(),
        tuple(values["default_graphs"]),
        tuple(values["named_graphs"]),
        {name: _term(term) for name, term in values["bindings"].items()},
        values["base_iri"],
    )


def write_values(write: Write) -> tuple[dict[str, Any], bytes]:
    """Return ``write`` as values and bytes that can be sent to another process."""
    values = {
        name: getattr(write, name)
        for name in ("kind", "token", "using", "using_named", "graph", "base_iri", "expected")
    }
    text = write.text.encode()
    values["parts"] = [(part.media_type, len(part.data)) for part in write.parts]
    return values, b"".join([*(part.data for part in write.parts), text])


def write_from(values: Mapping[str, Any], body: bytes) -> Write:
    """Return the write that :func:`write_values` made values and bytes of."""
    parts = []
    start = 0
    for media_type, length in values["parts"]:
        parts.append(Part(media_type, body[start : start + length]))
        start += length
    return Write(
        kind=values["kind"],
        token=values["token"],
        text=body[start:].decode(),
        using=tuple(values["using"]),
        using_named=tuple(values["using_named"]),
        graph=values["graph"],
        parts=tuple(parts),
        base_iri=values["base_iri"],
        expected=values["expected"],
    )


def _term_values(term: Term) -> list[str | None]:
    if isinstance(term, NamedNode):
        return ["iri", term.value]
    if isinstance(term, BlankNode):
        return ["blank", term.value]
    if isinstance(term, Literal):
        return ["literal", term.value, term.language, term.datatype.value]
    raise TypeError(f"{term} cannot be bound to a variable")


def _term(values: list[str]) -> Term:
    kind, value, *rest = values
    if kind == "iri":
        return NamedNode(value)
    if kind == "blank":
        return BlankNode(value)
    language, datatype = rest
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype))
