"""The embedded engine: Oxigraph on the checkpoint of the current version, read-only."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from kg.engine.guard import dataset_graphs
from kg.engine.guard import refuse_service
from kg.engine.interface import Answer
from kg.engine.interface import Form
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.engine.versions import VersionStore
from kg.errors import NotAcceptable
from kg.errors import QueryRefused
from kg.errors import QuerySyntaxError
from kg.errors import StoreError

_POSITION = re.compile(r"^(?:error )?at (\d+):(\d+): (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Reader:
    """An open version: what the link pointed to, the version, and its store."""

    target: str
    version: Version
    store: Store


class EmbeddedEngine:
    """Answers from the version in service of a data folder, and notices when a newer one is.

    Several threads may use one engine. A query that has begun keeps the version it began with.
    """

    def __init__(self, data: Path) -> None:
        self._versions = VersionStore(data)
        self._reader: _Reader | None = None

    def version(self) -> Version:
        """Return the version in service; see :class:`~kg.engine.interface.Engine`."""
        return self._current().version

    def answer(self, query: Query, formats: Formats) -> Answer:
        """Return the serialised result; see :class:`~kg.engine.interface.Engine`."""
        reader = self._current()
        results = _evaluate(reader.store, query)
        # Results are serialised here, in the thread that ran the query, as pyoxigraph demands.
        if isinstance(results, QueryTriples):
            if formats.graph is None:
                raise _not_acceptable("a graph", GRAPH_FORMATS)
            graph = graph_format(formats.graph)
            if graph is None:
                raise _not_acceptable("a graph", GRAPH_FORMATS)
            body = results.serialize(format=graph.engine)
            return Answer("graph", graph.media_type, _bytes(body), reader.version)
        chosen = result_format(formats.bindings) if formats.bindings else None
        if chosen is None:
            raise _not_acceptable("bindings", RESULT_FORMATS)
        form: Form = "boolean" if isinstance(results, QueryBoolean) else "bindings"
        body = results.serialize(format=chosen.engine)
        return Answer(form, chosen.media_type, _bytes(body), reader.version)

    def rows(self, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query; see :class:`~kg.engine.interface.Engine`."""
        results = _evaluate(self._current().store, query)
        if not isinstance(results, QuerySolutions):
            raise QueryRefused("Only a SELECT query has rows")
        names = [variable.value for variable in results.variables]
        rows: list[dict[str, Term]] = []
        for solution in results:
            values = ((name, solution[name]) for name in names)
            rows.append({name: value for name, value in values if value is not None})
        return rows

    def close(self) -> None:
        """Let go of the store."""
        self._reader = None

    def _current(self) -> _Reader:
        """Return the open reader, after switching to a newer version if there is one.

        Reading a symbolic link costs microseconds, so it is done for each query; two threads that
        notice a new version at once open it twice, which is harmless.
        """
        reader = self._reader
        try:
            target = os.readlink(self._versions.current_link)
        except OSError:
            target = ""
        if reader and reader.target == target:
            return reader
        version = self._versions.current()
        path = self._versions.store_path(version)
        try:
            store = Store.read_only(str(path))
        except OSError as error:
            raise StoreError(
                f"The store of version {version.number} cannot be opened: {error}",
                where=str(path),
                remedy="Run `policykg build` to make a new version.",
            ) from None
        self._reader = _Reader(target, version, store)
        return self._reader


def _evaluate(store: Store, query: Query) -> Any:
    refuse_service(query.text)
    clauses = dataset_graphs(query.text)
    for iri, token in clauses:
        if not store.contains_named_graph(NamedNode(iri)):
            raise QueryRefused(
                f"There is no graph <{iri}> here",
                where=f"line {token.line}, column {token.column}",
                remedy="FROM takes graphs of this store only; `policykg info` lists them.",
            )
    dataset: dict[str, Any] = {}
    if query.default_graphs or query.named_graphs:
        dataset["default_graph"] = [NamedNode(iri) for iri in query.default_graphs]
        dataset["named_graphs"] = [NamedNode(iri) for iri in query.named_graphs]
    elif not clauses:
        dataset["use_default_graph_as_union"] = True
    if query.bindings:
        dataset["substitutions"] = {Variable(name): v for name, v in query.bindings.items()}
    try:
        return store.query(query.text, base_iri=query.base_iri, **dataset)
    except SyntaxError as error:
        raise syntax_error(str(error)) from None
    except ValueError as error:
        raise QuerySyntaxError(str(error)) from None


def syntax_error(message: str) -> QuerySyntaxError:
    """Return the error for the engine's ``message``, with line and column where it has them."""
    match = _POSITION.match(message)
    if not match:
        return QuerySyntaxError(f"The query does not parse: {message}")
    line, column, reason = int(match[1]), int(match[2]), match[3]
    return QuerySyntaxError(f"The query does not parse: {reason}", line=line, column=column)


def _not_acceptable(what: str, table: Any) -> NotAcceptable:
    offered = tuple(candidate.media_type for candidate in table)
    return NotAcceptable(
        f"The result is {what}, and no format for it is acceptable", offered=offered
    )


def _bytes(body: bytes | None) -> bytes:
    return body or b""
