"""One matcher for one version of the graph: made when it is first needed, and kept."""

import threading
from dataclasses import dataclass

from kg.engine.interface import Engine
from kg.engine.interface import Version
from kg.namespaces import BASE
from kg.reconcile.index import Index
from kg.reconcile.matching import Matcher
from kg.reconcile.properties import Properties
from kg.reconcile.reading import read_entries
from kg.reconcile.suggesting import Suggester


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a version of the graph can be asked: matches, suggestions, values of properties."""

    version: Version
    matcher: Matcher
    suggester: Suggester
    properties: Properties


class Reconciler:
    """Keeps the index of the version in service of ``engine``. Several threads may use one."""

    def __init__(self, engine: Engine, base: str = BASE) -> None:
        self._engine = engine
        self._base = base
        self._lock = threading.Lock()
        self._current: Reconciliation | None = None

    def current(self) -> Reconciliation:
        """Return what answers for the version in service, after reading the graph if it is new.

        Raises what a query of the engine raises.
        """
        version = self._engine.version()
        current = self._current
        if current and current.version == version:
            return current
        with self._lock:
            current = self._current
            if current is None or current.version != version:
                index = Index(*read_entries(self._engine, self._base))
                current = Reconciliation(
                    version, Matcher(index), Suggester(index), Properties(index, self._engine)
                )
                self._current = current
            return current
