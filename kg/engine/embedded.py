"""The embedded engine: Oxigraph on the checkpoint of the current version, in this process."""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode
from pyoxigraph import QuerySolutions
from pyoxigraph import Store

from kg.engine.evaluation import evaluate
from kg.engine.evaluation import solution_rows
from kg.engine.evaluation import write_result
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.engine.versions import VersionStore
from kg.errors import QueryRefused


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
        self._current_link = os.fspath(self._versions.current_link)
        self._reader: _Reader | None = None

    def version(self) -> Version:
        """Return the version in service; see :class:`~kg.engine.interface.Engine`."""
        return self._current().version

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the serialised result; see :class:`~kg.engine.interface.Engine`."""
        reader = self._current()
        results = evaluate(reader.store, query)
        # Results are serialised here, in the thread that ran the query, as pyoxigraph demands.
        head: dict[str, Any] = {}
        output = io.BytesIO()
        write_result(results, formats, output, head)
        body = output.getvalue()
        return Answer(head["form"], head["media_type"], (body,), reader.version, len(body))

    def rows(self, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query; see :class:`~kg.engine.interface.Engine`."""
        results = evaluate(self._current().store, query)
        if not isinstance(results, QuerySolutions):
            raise QueryRefused("Only a SELECT query has rows")
        return solution_rows(results)

    def has_graph(self, iri: str) -> bool:
        """Return whether there is the graph; see :class:`~kg.engine.interface.Engine`."""
        return self._current().store.contains_named_graph(NamedNode(iri))

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
            target = os.readlink(self._current_link)
        except OSError:
            target = ""
        if reader and reader.target == target:
            return reader
        version = self._versions.current()
        store = self._versions.open(version)
        self._reader = _Reader(target, version, store)
        return self._reader
