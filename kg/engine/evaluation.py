"""Evaluating one query on one store, and writing what comes out."""

import re
from collections.abc import Collection
from typing import IO
from typing import Any
from typing import TypeAlias

from pyoxigraph import NamedNode
from pyoxigraph import QueryBoolean
from pyoxigraph import QuerySolutions
from pyoxigraph import QueryTriples
from pyoxigraph import Store
from pyoxigraph import Variable

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.formats import graph_format
from kg.engine.formats import result_format
from kg.engine.guard import asks_elsewhere
from kg.engine.guard import dataset_graphs
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.plain_syntax import plain_reason
from kg.errors import NotAcceptable
from kg.errors import QuerySyntaxError

Results: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples

_POSITION = re.compile(r"^(?:error )?at (\d+):(\d+): (.*)$", re.DOTALL)


def evaluate(
    store: Store, query: Query, *, union: bool = True, services: Collection[str] = ()
) -> Results:
    """Return the results of ``query``, which must be read in the thread that asked for them.

    Without a dataset in the query the default graph is the union of all graphs if ``union``, else
    the store's own. SERVICE may ask the endpoints ``services`` only. Raises
    :class:`~kg.errors.QuerySyntaxError` and :class:`~kg.errors.QueryRefused`.
    """
    asks_elsewhere(query.text, services, query.base_iri)
    dataset: dict[str, Any] = {}
    if query.default_graphs or query.named_graphs:
        # SPARQL 1.1 Protocol, 2.1.4: the request's dataset goes before that of the query.
        dataset["default_graph"] = [NamedNode(iri) for iri in query.default_graphs]
        dataset["named_graphs"] = [NamedNode(iri) for iri in query.named_graphs]
    elif not dataset_graphs(query.text, query.base_iri):
        dataset["use_default_graph_as_union"] = union
    if query.bindings:
        dataset["substitutions"] = {Variable(name): v for name, v in query.bindings.items()}
    try:
        return store.query(query.text, base_iri=query.base_iri, **dataset)
    except SyntaxError as error:
        raise syntax_error(str(error), query.text) from None
    except ValueError as error:
        raise QuerySyntaxError(str(error)) from None


def solution_rows(solutions: QuerySolutions) -> list[dict[str, Term]]:
    """Return each solution as a mapping of names to values, unbound variables left out."""
    names = [variable.value for variable in solutions.variables]
    return [
        {name: value for name in names if (value := solution[name]) is not None}
        for solution in solutions
    ]


def syntax_error(message: str, text: str = "") -> QuerySyntaxError:
    """Return the error for the engine's ``message``, with line and column where it has them; given
    the ``text`` of the query, in plain words.
    """
    match = _POSITION.match(message)
    if not match:
        return QuerySyntaxError(f"The query does not parse: {message}")
    line, column, reason = int(match[1]), int(match[2]), match[3]
    if text:
        reason = plain_reason(reason, text, line, column)
    return QuerySyntaxError(f"The query does not parse: {reason}", line=line, column=column)


def plain_message(error: SyntaxError) -> str:
    """Return what a parser of RDF says, without the place, which the error has besides."""
    return re.sub(r"^Parser error (?:at|between) .*?: ", "", error.msg or "not well formed")


def write_result(
    results: Results, formats: Formats, output: IO[bytes], head: dict[str, Any]
) -> None:
    """Write ``results`` to ``output``; before that, put ``form`` and ``media_type`` into ``head``.

    Raises :class:`~kg.errors.NotAcceptable` if ``formats`` has none for what the results are.
    """
    if isinstance(results, QueryTriples):
        graph = graph_format(formats.graph) if formats.graph else None
        if graph is None:
            raise _not_acceptable("a graph", GRAPH_FORMATS)
        head.update(form="graph", media_type=graph.media_type)
        results.serialize(output, format=graph.engine)
        return
    chosen = result_format(formats.bindings) if formats.bindings else None
    if chosen is None:
        raise _not_acceptable("bindings", RESULT_FORMATS)
    form = "boolean" if isinstance(results, QueryBoolean) else "bindings"
    head.update(form=form, media_type=chosen.media_type)
    results.serialize(output, format=chosen.engine)


def _not_acceptable(what: str, table: Any) -> NotAcceptable:
    offered = tuple(candidate.media_type for candidate in table)
    return NotAcceptable(
        f"The result is {what}, and no format for it is acceptable", offered=offered
    )
