"""Reconciling in a process of its own: for one client at a time, by turns, within limits."""

import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import Any
from typing import Final

from kg.engine.interface import Caller
from kg.engine.isolation.admission import Admission
from kg.engine.isolation.limits import Limits
from kg.errors import QueryTimeout
from kg.errors import ServiceBusy
from kg.reconcile.entry import Entry
from kg.reconcile.matching import LONGEST
from kg.reconcile.matching import Asked
from kg.reconcile.matching import Candidate
from kg.reconcile.process import ReconcileProcess
from kg.reconcile.process import left
from kg.reconcile.properties import Value
from kg.reconcile.reconciler import Reconciliation
from kg.settings import Settings

SLICE: Final = 20  # names that are compared before it is another client's turn
FIRST_SECONDS: Final = 120.0  # for the index of a new version, which is nobody's fault


class ReconcileOffice:
    """Gives the one process that reconciles to those who ask, in fair shares.

    The shares are those of queries: a client that used little goes first, may have so many requests
    under way, and so many seconds in a minute (settings ``client_queries``,
    ``client_query_seconds``, ``queue_length``, ``queue_seconds``).
    """

    def __init__(self, settings: Settings) -> None:
        self._limits = replace(Limits.of(settings), workers=1)
        self._admission = Admission(self._limits)
        self._process = ReconcileProcess(settings)
        self._version: object = None  # the last one of which the process has the index

    def ask(self, turn: "_Turn", operation: str, *arguments: Any) -> Any:
        """Return what the process answers before the time of ``turn`` is over.

        Raises what :meth:`~kg.engine.isolation.admission.Admission.enter` and
        :meth:`~kg.reconcile.process.ReconcileProcess.ask` raise.
        """
        caller = turn.caller
        self._admission.enter(caller.client, caller.abandoned)
        began = time.monotonic()
        try:
            if caller.abandoned():
                raise left()
            if turn.version != self._version:
                self._process.ask("classes", (), FIRST_SECONDS)
                self._version = turn.version
                turn.until += time.monotonic() - began
            return self._process.ask(operation, arguments, turn.until - time.monotonic())
        except (QueryTimeout, ServiceBusy):
            self._version = None  # another process has no index yet
            raise
        finally:
            self._admission.leave(caller.client, time.monotonic() - began)

    def reconciliation(self, caller: Caller, version: object) -> Reconciliation:
        """Return what ``caller`` may ask, for at most ``query_seconds`` from now on."""
        turn = _Turn(caller, version, time.monotonic() + self._limits.query_seconds)
        ask = partial(self.ask, turn)
        return Reconciliation(
            _matches(ask), partial(ask, "find"), _Suggester(ask), _Properties(ask)
        )

    def stop(self) -> None:
        """End the process."""
        self._process.stop()


@dataclass(slots=True)
class _Turn:
    """A request: who asks, of which version, and until when (monotonic seconds)."""

    caller: Caller
    version: object
    until: float


_Ask = Callable[..., Any]


def _matches(ask: _Ask) -> Callable[[Sequence[Asked]], list[list[Candidate]]]:
    def matches(asked: Sequence[Asked]) -> list[list[Candidate]]:
        found: list[list[Candidate]] = []
        for start in range(0, len(asked), SLICE):
            part = asked[start : start + SLICE]
            found += ask("matches", [replace(one, name=one.name[:LONGEST]) for one in part])
        return found

    return matches


class _Suggester:
    """:class:`~kg.reconcile.reconciler.Suggesting`, asked of the process."""

    def __init__(self, ask: _Ask) -> None:
        self._ask = ask
        self._iris: dict[str, str] = {}
        self._classes: dict[str, str] | None = None

    @property
    def classes(self) -> dict[str, str]:
        if self._classes is None:
            self._classes = self._ask("classes")
        return self._classes

    def class_iri(self, name: str) -> str:
        if name not in self._iris:
            self._iris[name] = self._ask("class_iri", name)
        return self._iris[name]

    def entities(self, typed: str, classes: tuple[str, ...] = ()) -> list[Entry]:
        found: list[Entry] = self._ask("entities", typed, classes)
        return found

    def types(self, typed: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._ask("types", typed)
        return found

    def properties(self, typed: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._ask("properties", typed)
        return found


class _Properties:
    """:class:`~kg.reconcile.reconciler.Extending`, asked of the process."""

    def __init__(self, ask: _Ask) -> None:
        self._ask = ask

    def proposed(self, kind: str | None, limit: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._ask("proposed", kind, limit)
        return found

    def name(self, property_id: str) -> str:
        return str(self._ask("name", property_id))

    def values(self, entry: Entry, property_ids: list[str]) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = self._ask("values", entry, property_ids)
        return found
