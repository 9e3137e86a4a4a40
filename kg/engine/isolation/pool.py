"""The pool: runs a query in a worker within its limits, and relays what comes out."""

import os
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import Final

from kg.engine.figures import PoolFigures
from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.guard import asks_elsewhere
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.admission import Admission
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import error_from
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.orders import Orders
from kg.engine.isolation.overseer import Overseer
from kg.engine.isolation.process import Worker
from kg.engine.isolation.process import Zygote
from kg.engine.isolation.run import Relayed
from kg.engine.isolation.run import Run
from kg.engine.isolation.run import died
from kg.engine.isolation.workers import Workers
from kg.engine.isolation.workers import ask
from kg.errors import ResultTooLarge

_LOOK_SECONDS: Final = 0.05
_CHUNK: Final = 256 << 10
_FORMS: Final = frozenset(("bindings", "boolean", "graph"))
_MEDIA_TYPES: Final = frozenset(
    [known.media_type for known in RESULT_FORMATS] + [known.media_type for known in GRAPH_FORMATS]
)


class Pool:
    """Worker processes for queries on immutable versions; several threads may use one pool."""

    def __init__(
        self, zygote: Zygote, limits: Limits, union: bool = True, services: Sequence[str] = ()
    ) -> None:
        self.limits = limits
        self.admission = Admission(limits)
        self.workers = Workers(zygote, limits, union)
        self.overseer = Overseer(limits, self.admission)
        self._services = tuple(services)
        self._orders = Orders(limits)

    def start(self, store: Path) -> None:
        """Have a first worker for ``store`` ready ahead of the first query."""
        self.workers.start(store)

    def run(self, store: Path, query: Query, formats: Formats, caller: Caller) -> Relayed:
        """Run ``query`` on the version whose store lies in ``store``.

        Returns when the answer is whole, or so large that it is sent while it grows; its chunks
        then raise if the query fails, so that the transfer breaks off. Raises the
        errors of the query and of the limits (:class:`~kg.errors.LimitError`).
        """
        self.admission.enter(caller.client, caller.abandoned)
        entered = time.monotonic()

        def leave() -> None:
            self.admission.leave(caller.client, time.monotonic() - entered)

        try:
            self.overseer.company.begun(caller.client)
            run = self._begin(store, query, formats, caller.client)
        except BaseException:
            leave()
            raise
        try:
            while not run.is_sure():
                self.step(run, caller, _LOOK_SECONDS)
        except BaseException:
            if not run.ended:
                run.worker.kill()  # whatever went wrong, nothing is left running
            run.close()
            leave()
            raise
        size = run.size() if run.ended else None
        if run.ended:
            leave()
        chunks = self._chunks(run, caller, None if run.ended else leave)
        next(chunks)
        return Relayed(run.head["form"], run.head["media_type"], chunks, size)

    def idle(self, store: Path, client: str) -> Worker | None:
        """Return an idle worker for ``store`` and for a query of ``client``, if there is one.

        While others ask something, the last is left to those who used little, lest they wait for a
        new one to come up.
        """
        is_last = self.limits.workers > 1 and self.workers.count_idle() == 1
        others_ask = is_last and self.overseer.company.is_there(client, 0.0)
        if others_ask and not self.admission.is_light(client):
            return None
        return self.workers.idle(store)

    def begin(self, store: Path, query: Query, formats: Formats, worker: Worker) -> Run | None:
        """Have ``worker`` run ``query``; ``None`` if it died while it was idle."""
        return self._asked(worker, store, self._orders.of(query, formats), query)

    def may_ask_elsewhere(self, query: Query) -> bool:
        """Return whether ``query`` needs a worker with a network, which serves no other.

        Raises :class:`~kg.errors.QueryRefused` if it asks an endpoint that is not allowed. Where
        there is nothing to allow, the worker refuses: reading takes time, which here would be
        everybody's.
        """
        return bool(self._services) and asks_elsewhere(query.text, self._services, query.base_iri)

    def step(self, run: Run, caller: Caller, seconds: float) -> bool:
        """Wait for the worker at most so long; take its message, and see whether it must end.

        Returns whether there was a message, and so perhaps another behind it. Raises why ``run``
        has failed; its worker has been killed or given back then.
        """
        remaining = max(0.0, run.deadline - time.monotonic()) if seconds else 0.0
        message = run.worker.message(min(seconds, remaining))
        if message is None:
            raise self.overseer.end(run, "memory", died(run.worker.last_words(), self.limits))
        if isinstance(message, Message):
            self._take_in(run, message)
        if not run.ended:
            if seconds:
                self.overseer.look_at(run, caller)
            elif run.spooling:
                self.overseer.give_way(run, caller.client)
        return message is not False

    def figures(self, name: str) -> PoolFigures:
        """Return how busy the workers are, which are called ``name``."""
        running, waiting = self.admission.counts()
        places, idle = self.limits.workers, self.workers.count_idle()
        return PoolFigures(name, places, running, waiting, idle, dict(self.overseer.ended))

    def stop(self) -> None:
        """Kill all idle workers."""
        self.workers.stop()

    def _begin(self, store: Path, query: Query, formats: Formats, client: str) -> Run:
        elsewhere = self.may_ask_elsewhere(query)
        order = self._orders.of(query, formats)
        while True:
            if elsewhere:
                worker = self.workers.new(store, self._services)
            else:
                worker = self.idle(store, client) or self.workers.new(store)
            run = self._asked(worker, store, order, query)
            if run:
                if elsewhere:
                    run.once = True
                    run.deadline = run.began + self.limits.service_seconds
                return run

    def _asked(self, worker: Worker, store: Path, order: bytes, query: Query) -> Run | None:
        if not ask(worker, order, query.text.encode()):
            worker.kill()
            return None
        now = time.monotonic()
        return Run(worker, store, now, now + self.limits.query_seconds)

    def _take_in(self, run: Run, message: Message) -> None:
        values = message.values
        if "end" in values:
            run.head = _checked(values)
            run.inline = message.body
            run.ended = True
            self.workers.give_back(run)
        elif "begin" in values and not run.spooling:
            run.head = _checked(values)
            # The worker is given another file for its next query.
            run.spool, run.worker.spool = run.worker.spool, -1
            run.spooling = True
        elif "error" in values:
            error = error_from(values)  # what no worker says is found out while it is still ours
            run.ended = True  # the worker is another query's from now on
            self.workers.give_back(run)
            self.overseer.ended["size"] += isinstance(error, ResultTooLarge)
            raise error

    def _chunks(
        self, run: Run, caller: Caller, leave: Callable[[], None] | None
    ) -> Iterator[bytes]:
        try:
            # A generator that never began would not clean up, so that :meth:`run` begins it.
            yield b""
            if not run.spooling:
                yield run.inline
                return
            offset = 0
            while True:
                ended = run.ended
                while data := os.pread(run.spool, _CHUNK, offset):
                    offset += len(data)
                    yield data
                if ended:
                    return
                self.step(run, caller, _LOOK_SECONDS)
        finally:
            run.close()
            if not run.ended:
                run.worker.kill()  # nobody reads on
            if leave:
                leave()


def _checked(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a worker says of its result; raises ``ValueError`` if no worker says that."""
    if values.get("form") not in _FORMS or values.get("media_type") not in _MEDIA_TYPES:
        raise ValueError(f"{values!r:.100} is no result")
    return values
