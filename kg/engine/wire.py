"""A query as values that can be sent to another process."""

from collections.abc import Mapping
from typing import Any

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term


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
