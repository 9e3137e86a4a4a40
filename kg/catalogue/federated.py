"""Questions that ask another endpoint besides the graph, by SERVICE.

They stand in a folder of their own: only a server whose settings name the endpoint answers them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from kg.catalogue.files import load_catalogue
from kg.catalogue.model import CatalogueQuery
from kg.catalogue.values import bind
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.tokens import tokens
from kg.namespaces import BASE

ENDPOINT: Final = "endpoint"
_ANY_PORT: Final = ":*"
_FOLDER: Final = "queries/federated"


def load_federated(base: str = BASE, services: tuple[str, ...] = ()) -> dict[str, CatalogueQuery]:
    """Return the questions by name, for a graph with the base IRI ``base``.

    The example of an endpoint is the first one of ``services`` that is a whole address. Raises
    :class:`~kg.errors.SourceSyntaxError` as :func:`~kg.catalogue.load_catalogue` does.
    """
    named = next((one for one in services if not one.endswith(_ANY_PORT)), "")
    questions = load_catalogue(base, _FOLDER)
    return {name: _with_example(query, named) for name, query in questions.items()}


def asks_elsewhere(query: CatalogueQuery | Query) -> bool:
    """Return whether a question of the catalogue asks another endpoint."""
    return "SERVICE" in query.text


def catalogue_query(query: CatalogueQuery, values: Mapping[str, str]) -> Query:
    """Return a question, of these or of the others, with ``values`` for its parameters.

    An engine must see which endpoint a SERVICE clause asks before it asks it, so the endpoint
    stands in the text; it is written by the engine's library, and every other value is bound.
    Raises :class:`~kg.errors.BadParameter` as :func:`~kg.catalogue.bind` does.
    """
    bound = bind(query, values)
    text = _with_endpoints(query.text, bound) if asks_elsewhere(query) else query.text
    return Query(text, bindings=bound)


def _with_example(query: CatalogueQuery, endpoint: str) -> CatalogueQuery:
    parameters = tuple(
        replace(one, example=endpoint) if endpoint and one.name == ENDPOINT else one
        for one in query.parameters
    )
    return replace(query, parameters=parameters)


def _with_endpoints(text: str, bound: Mapping[str, Term]) -> str:
    pieces, written = [], 0
    after_service = False
    for token in tokens(text):
        word = token.text.upper() if token.kind == "word" else ""
        value = bound.get(token.text[1:]) if token.kind == "variable" else None
        if after_service and isinstance(value, NamedNode):
            pieces += [text[written : token.start], str(value)]
            written = token.start + len(token.text)
        after_service = word == "SERVICE" or (after_service and word == "SILENT")
    return "".join([*pieces, text[written:]])
