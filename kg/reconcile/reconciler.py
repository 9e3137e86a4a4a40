"""One matcher for one version of the graph: made when it is first needed, and kept."""

import threading
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.engine.interface import Engine
from kg.engine.interface import Version
from kg.namespaces import BASE
from kg.namespaces import PREFIXES
from kg.namespaces import expand
from kg.reconcile.entry import Entry
from kg.reconcile.index import Index
from kg.reconcile.matching import Asked
from kg.reconcile.matching import Candidate
from kg.reconcile.matching import Matcher
from kg.reconcile.properties import Properties
from kg.reconcile.properties import Value
from kg.reconcile.reading import read_entries
from kg.reconcile.suggesting import Suggester


class Suggesting(Protocol):
    """What :class:`~kg.reconcile.suggesting.Suggester` can be asked, here or in a process."""

    @property
    def classes(self) -> dict[str, str]:
        """The classes that things are of, each with its name."""
        ...

    def class_iri(self, name: str) -> str:
        """Return the IRI of the class ``name``."""
        ...

    def entities(self, typed: str, classes: tuple[str, ...] = ()) -> list[Entry]:
        """Return the things that have a name that begins as ``typed``."""
        ...

    def types(self, typed: str) -> list[tuple[str, str]]:
        """Return the classes in whose name ``typed`` stands."""
        ...

    def properties(self, typed: str) -> list[tuple[str, str]]:
        """Return the properties in whose name ``typed`` stands."""
        ...


class Extending(Protocol):
    """What :class:`~kg.reconcile.properties.Properties` can be asked, here or in a process."""

    def proposed(self, kind: str | None, limit: int) -> list[tuple[str, str]]:
        """Return the properties that things of the class ``kind`` have."""
        ...

    def name(self, property_id: str) -> str:
        """Return the name of a property."""
        ...

    def values(self, entry: Entry, property_ids: list[str]) -> dict[str, list[Value]]:
        """Return what ``entry`` has under each property."""
        ...


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a graph can be asked: matches of names, things by identifier, suggestions, values."""

    matches: Callable[[Sequence[Asked]], list[list[Candidate]]]
    find: Callable[[str], Entry | None]
    suggester: Suggesting
    properties: Extending


@dataclass(frozen=True, slots=True)
class Indexed:
    """A version of the graph, indexed in this process."""

    version: Version
    matcher: Matcher
    suggester: Suggester
    properties: Properties

    def matches(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        """Return the candidates of each query; see :meth:`~kg.reconcile.matching.Matcher.match`."""
        return [self.matcher.match(one) for one in asked]

    def find(self, id_: str) -> Entry | None:
        """Return the thing of the IRI, prefixed name, or IRI elsewhere ``id_``."""
        index = self.matcher.index
        found = index.entries.get(id_)
        if found is None and id_.partition(":")[0] in PREFIXES and ":" in id_:
            found = index.entries.get(expand(id_))
        if found is None:
            same = [entry for scheme, entry in index.by_code(id_) if scheme == "iri"]
            found = same[0] if len(same) == 1 else None
        return found

    def reconciliation(self) -> Reconciliation:
        """Return what this version can be asked."""
        return Reconciliation(self.matches, self.find, self.suggester, self.properties)


class Reconciler:
    """Keeps the index of the version in service of ``engine``. Several threads may use one."""

    def __init__(self, engine: Engine, base: str = BASE) -> None:
        self._engine = engine
        self._base = base
        self._lock = threading.Lock()
        self._current: Indexed | None = None

    def current(self) -> Indexed:
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
                current = Indexed(
                    version, Matcher(index), Suggester(index), Properties(index, self._engine)
                )
                self._current = current
            return current
