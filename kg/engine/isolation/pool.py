"""The pool: runs a query in a worker within its limits, and relays what comes out."""

import os
import tempfile
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

from kg.engine.guard import asks_elsewhere
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.admission import Admission
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import error_from
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.memory import SharedMemory
from kg.engine.isolation.process import Worker
from kg.engine.isolation.process import Zygote
from kg.engine.wire import query_values
from kg.errors import ClientGone
from kg.errors import PolicykgError
from kg.errors import QueryTimeout
from kg.errors import QueryTooDeep
from kg.errors import QueryTooLarge

HELD_BACK: Final = 256 << 10  # bytes of an answer that wait until it is sure or larger
DEMOTE_SECONDS: Final = 0.5  # a query that runs longer yields the processor to others
_LOOK_SECONDS: Final = 0.05
_KEPT_MEMORY: Final = 96 << 20  # bytes that a worker may have to be used again
_CHUNK: Final = 64 << 10


@dataclass(slots=True)
class Run:
    """A query that runs or has ended: what is known of the result, and where its bytes are."""

    worker: Worker
    store: Path
    deadline: float
    began: float
    head: dict[str, Any]
    inline: bytes = b""
    once: bool = False
    spooling: bool = False
    ended: bool = False
    spool: int = -1  # the file to which the result goes, once it does

    def size(self) -> int:
        """Return how many bytes of the result there are by now."""
        return os.fstat(self.spool).st_size if self.spooling else len(self.inline)

    def close(self) -> None:
        """Let go of the result."""
        if self.spooling:
            os.close(self.spool)


@dataclass(frozen=True, slots=True)
class Relayed:
    """A result on its way: ``size`` in bytes is ``None`` while the query still runs."""

    form: Any
    media_type: str
    chunks: Iterator[bytes]
    size: int | None


class Pool:
    """Worker processes for queries on immutable versions; several threads may use one pool."""

    def __init__(
        self, zygote: Zygote, limits: Limits, union: bool = True, services: Sequence[str] = ()
    ) -> None:
        self.limits = limits
        self.admission = Admission(limits)
        self._memory = SharedMemory(limits.memory)
        self._union = union
        self._services = tuple(services)
        self._zygote = zygote
        self._idle: list[tuple[Path, Worker]] = []
        self._lock = threading.Lock()

    def start(self, store: Path) -> None:
        """Have a first worker for ``store`` ready ahead of the first query."""
        self._idle.append((store, self._new(store)))

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
            run = self._begin(store, query, formats)
        except BaseException:
            leave()
            raise
        try:
            while not run.ended and run.size() <= HELD_BACK:
                self._step(run, caller)
        except BaseException:
            if not run.ended:
                run.worker.kill()  # whatever went wrong, nothing is left running
            run.close()
            leave()
            raise
        if run.ended:
            leave()
            size = run.size()
        chunks = self._chunks(run, caller, None if run.ended else leave)
        next(chunks)
        return Relayed(
            run.head["form"], run.head["media_type"], chunks, size if run.ended else None
        )

    def stop(self) -> None:
        """Kill all workers."""
        with self._lock:
            for _, worker in self._idle:
                worker.kill()
            self._idle.clear()

    def _begin(self, store: Path, query: Query, formats: Formats) -> Run:
        # Only a query that may ask elsewhere gets a worker with a network, which serves no other.
        # Where there is nothing to allow, the worker refuses: reading takes time, which here would
        # be everybody's.
        elsewhere = bool(self._services) and asks_elsewhere(
            query.text, self._services, query.base_iri
        )
        values = {
            "query": query_values(query),
            "formats": {"bindings": formats.bindings, "graph": formats.graph},
            "limit": self.limits.result,
        }
        text = query.text.encode()
        while True:
            worker = self._new(store, self._services) if elsewhere else self._take(store)
            if _ask(worker, values, text):
                break
            worker.kill()  # it died while it was idle
        now = time.monotonic()
        return Run(worker, store, now + self.limits.query_seconds, now, {}, once=elsewhere)

    def _step(self, run: Run, caller: Caller) -> None:
        """Wait a moment for the worker; take its message, or see whether it must end."""
        now = time.monotonic()
        message = run.worker.message(min(_LOOK_SECONDS, run.deadline - now))
        if message is None:
            words = run.worker.last_words()
            run.worker.kill()
            raise _died(words, self.limits)
        if isinstance(message, Message):
            self._take_in(run, message)
        elif time.monotonic() >= run.deadline:
            run.worker.kill()
            raise QueryTimeout(
                f"The query took longer than {self.limits.query_seconds:g} seconds "
                "(POLICYKG_QUERY_SECONDS)",
                remedy="Ask for less: fewer patterns without a common variable, a smaller LIMIT.",
            )
        elif caller.abandoned():
            run.worker.kill()
            raise ClientGone("The client left while its query was running")
        elif self._memory.must_go(run.worker, run.worker.memory()):
            run.worker.kill()
            error = QueryTooLarge(
                f"All queries together need more than {self.limits.memory >> 20} MB of memory "
                "(POLICYKG_MEMORY_MB), and this one the most",
                remedy="Try again in a few seconds, or ask for less.",
            )
            error.retry_after = 5
            raise error
        elif not run.worker.demoted and now - run.began > DEMOTE_SECONDS:
            run.worker.demote()

    def _take_in(self, run: Run, message: Message) -> None:
        values = dict(message.values)
        if "error" in values:
            run.ended = True  # the worker is another query's from now on
            self._give_back(run)
            raise error_from(values)
        run.head.update(values)
        if "begin" in values:
            # The worker is given another file for its next query.
            run.spool, run.worker.spool = run.worker.spool, -1
            run.spooling = True
        else:
            run.inline = message.body
            run.ended = True
            self._give_back(run)

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
                self._step(run, caller)
        finally:
            run.close()
            if not run.ended:
                run.worker.kill()  # nobody reads on
            if leave:
                leave()

    def _take(self, store: Path) -> Worker:
        while True:
            with self._lock:
                opened, worker = self._idle.pop() if self._idle else (store, None)
            if worker is None:
                return self._new(store)
            if opened == store:
                return worker
            worker.kill()  # it serves an older version

    def _new(self, store: Path, services: Sequence[str] = ()) -> Worker:
        order = {
            "store": str(store),
            "memory": self.limits.query_memory,
            "union": self._union,
            "services": services,
        }
        return self._zygote.worker("reader", order)

    def _give_back(self, run: Run) -> None:
        # A worker that was demoted cannot be promoted again, and memory is seldom given back.
        grown = time.monotonic() - run.began > _LOOK_SECONDS and (
            run.worker.memory() > _KEPT_MEMORY
        )
        if run.worker.demoted or run.once or grown:
            run.worker.kill()
            return
        with self._lock:
            self._idle.append((run.store, run.worker))


def _ask(worker: Worker, values: dict[str, Any], text: bytes) -> bool:
    """Send a query to ``worker``, with a file for a large result if it has none; say if it could
    be sent.
    """
    new: tuple[int, ...] = ()
    if worker.spool < 0:
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        worker.spool = os.open(tempfile.gettempdir(), flags, 0o600)
        new = (worker.spool,)
    return worker.ask(Message(values, text, new))


def _died(words: str, limits: Limits) -> PolicykgError:
    """Return the error for a worker that died and left ``words`` on its error output."""
    if "overflowed its stack" in words or "stack overflow" in words:
        return QueryTooDeep(
            "The query nests more deeply than it can be read",
            remedy="Write it with fewer brackets inside one another.",
        )
    return QueryTooLarge(
        f"The query needs more than {limits.query_memory >> 20} MB of memory "
        "(POLICYKG_QUERY_MEMORY_MB), or nests too deeply",
        remedy="Ask for less: fewer patterns without a common variable, less to sort or to group.",
    )
