"""Values of parameters: checked strictly, and turned into RDF terms."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.catalogue.model import CatalogueQuery
from kg.catalogue.model import Parameter
from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.errors import BadParameter
from kg.namespaces import RDFS
from kg.namespaces import XSD
from kg.namespaces import expand

# RFC 3987: an authority must be there, and these characters stand nowhere in an IRI.
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\/?#][^\x00-\x20<>\"{}|^`\\]*")
# The engine counts with 64 bits; what is longer would silently match nothing.
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "integer": re.compile(r"[+-]?[0-9]{1,18}"),
    "decimal": re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "boolean": re.compile(r"true|false"),
}
_TAKES: Final[Mapping[str, str]] = {
    "iri": "an absolute http or https IRI, or a prefixed name such as pol:certain",
    "string": "text that is not empty",
    "integer": "a whole number of at most 18 digits",
    "decimal": "a decimal number such as 0.75, of at most 12 digits on either side of the point",
    "date": "a day of the calendar, written YYYY-MM-DD",
    "boolean": "true or false",
}
_SHOWN: Final = 80


def bind(query: CatalogueQuery, values: Mapping[str, str]) -> dict[str, Term]:
    """Return ``values`` as the terms to which the parameters of ``query`` are bound.

    Raises :class:`~kg.errors.BadParameter` for a value that does not fit, for a parameter without
    a value, and for a name that is no parameter of the query.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            raise BadParameter(
                f"The query {query.name} has no parameter {_shown(name)}",
                where=_shown(name),
                remedy=f"Its parameters: {', '.join(known)}."
                if known
                else "It takes no parameters.",
            )
    return {name: _bound(known[name], values.get(name)) for name in known}


def choices(engine: Engine, parameter: Parameter, limit: int) -> list[tuple[str, str]]:
    """Return at most ``limit`` values to choose from, each an IRI with its label.

    They are the members of the class that the parameter names, in the order of their labels; of
    several labels the first one in that order. Without such a class the list is empty.
    """
    if parameter.choices is None:
        return []
    text = f"""
        SELECT ?choice (MIN(STR(?name)) AS ?label) ?class
        WHERE {{ ?choice a ?class ; <{RDFS}label> ?name }}
        GROUP BY ?choice ?class
        ORDER BY ?label ?choice
        LIMIT {limit:d}"""
    rows = engine.rows(Query(text, bindings={"class": NamedNode(parameter.choices)}))
    return [(_text(row["choice"]), _text(row["label"])) for row in rows]


def unfit(kind: str, value: str) -> str:
    """Return why ``value`` is no value of ``kind``, as the end of a sentence, or an empty text."""
    if not value:
        return f"is empty; it takes {_TAKES[kind]}"
    try:
        _term(kind, value)
    except (KeyError, ValueError):
        return f"is {_shown(value)}; it takes {_TAKES[kind]}"
    return ""


def _bound(parameter: Parameter, value: str | None) -> Term:
    if value is None:
        raise BadParameter(
            f"The parameter {parameter.name} has no value",
            where=parameter.name,
            remedy=f"Give {_TAKES[parameter.kind]}; for example {parameter.example}.",
        )
    wrong = unfit(parameter.kind, value)
    if wrong:
        raise BadParameter(
            f"The value of the parameter {parameter.name} {wrong}",
            where=parameter.name,
            remedy=f"An example of a value: {parameter.example}.",
        )
    return _term(parameter.kind, value)


def _term(kind: str, value: str) -> NamedNode | Literal:
    """Return the term; raises ``KeyError`` or ``ValueError`` if ``value`` does not fit."""
    if kind == "iri":
        absolute = value.startswith(("http://", "https://"))
        iri = value if absolute else expand(value)
        if not _IRI.fullmatch(iri):
            raise ValueError(iri)
        return NamedNode(iri)
    # A lone surrogate is no character: it cannot be sent, and the engine would refuse it later.
    value.encode()
    if kind == "string":
        return Literal(value)
    if not _FORMS[kind].fullmatch(value):
        raise ValueError(value)
    if kind == "date":
        date.fromisoformat(value)
    return Literal(value, datatype=NamedNode(XSD + kind))


def _shown(value: str) -> str:
    """Return ``value`` for a message: quoted, escaped, and cut if it is long."""
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
