"""A query as the fields of a request (SPARQL 1.1 Protocol, section 2.1)."""

from collections.abc import Sequence

from kg.engine.guard import asks_elsewhere
from kg.engine.guard import dataset_graphs
from kg.engine.interface import Query
from kg.engine.remote.binding import with_values
from kg.engine.tokens import tokens
from kg.errors import QueryRefused
from kg.settings import Settings


def request_fields(
    query: Query, graphs: Sequence[str], settings: Settings
) -> tuple[list[tuple[str, str]], int]:
    """Return the fields, and how many characters stand before the query on its first line.

    ``graphs`` are what a query without a dataset sees; with none it is left to the service. Raises
    :class:`~kg.errors.QueryRefused`.
    """
    asks_elsewhere(query.text, settings.services, query.base_iri)
    _refuse_pragmas(query.text)
    # On the query's first line, so that its lines keep their numbers.
    base = f"BASE <{query.base_iri}> " if query.base_iri else ""
    text = base + with_values(query.text, query.bindings)
    fields = [("query", text)]
    default, named = query.default_graphs, query.named_graphs
    free = not (default or named) and settings.default_graph == "union"
    if free and not dataset_graphs(query.text, query.base_iri):
        default = named = tuple(graphs)
    fields += [("default-graph-uri", iri) for iri in default]
    fields += [("named-graph-uri", iri) for iri in named]
    return fields, len(base)


def _refuse_pragmas(text: str) -> None:
    """Refuse Virtuoso's DEFINE, which can make it fetch what a query names."""
    if "DEFINE" not in text.upper():
        return
    if any(token.kind == "word" and token.text.upper() == "DEFINE" for token in tokens(text)):
        raise QueryRefused("DEFINE is not SPARQL", remedy="Leave it out.")
