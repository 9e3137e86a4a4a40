"""Running queries by events rather than a thread each, for a server that has an event loop.

A query waits for its place, has a worker and gives its result, within the same limits as in
:meth:`kg.engine.isolation.pool.Pool.run`; nothing here waits.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final
from typing import Protocol

from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.job import Job
from kg.engine.isolation.pool import Pool
from kg.engine.isolation.process import Worker
from kg.engine.isolation.refusals import left_while_waiting
from kg.engine.isolation.refusals import waited_too_long
from kg.engine.isolation.run import Run
from kg.errors import PolicykgError

_LOOK_SECONDS: Final = 0.05
_MOST_MESSAGES: Final = 2000  # of a worker at once; a channel has no room for so many


class Loop(Protocol):
    """What is needed of an event loop."""

    def watch(self, descriptor: int, readable: Callable[[], None]) -> None:
        """Call ``readable`` whenever ``descriptor`` can be read."""
        ...

    def forget(self, descriptor: int) -> None:
        """Watch ``descriptor`` no longer."""
        ...

    def wake(self) -> None:
        """Have :meth:`Dispatch.proceed` called soon; called in any thread."""
        ...


class Dispatch:
    """Runs queries in the workers of a pool; all but waking happens in the thread of the loop."""

    def __init__(self, pool: Pool, loop: Loop) -> None:
        self._pool = pool
        self._loop = loop
        self._thread = threading.get_ident()
        self._admitted: deque[Job] = deque()
        self._come_up: deque[tuple[Job, Worker | PolicykgError]] = deque()
        self._jobs: set[Job] = set()
        self._next_look = 0.0

    def __len__(self) -> int:
        """Return how many queries wait or run."""
        return len(self._jobs)

    def submit(
        self,
        store: Path,
        query: Query,
        formats: Formats,
        caller: Caller,
        changed: Callable[[Job], None],
    ) -> Job:
        """Run ``query`` on the version whose store lies in ``store``, and return at once.

        ``changed`` is called, perhaps before that, when the query has failed, and when its result
        is sure (see :meth:`~kg.engine.isolation.run.Run.is_sure`) and whenever it has grown then;
        its result is the receiver's to close. The query asks
        no other service. Raises what :meth:`kg.engine.isolation.admission.Admission.apply` does.
        """
        job = Job(store, query, formats, caller, changed)

        def admitted() -> None:
            self._admitted.append(job)
            if threading.get_ident() != self._thread:
                self._loop.wake()

        job.ticket = self._pool.admission.apply(caller.client, admitted)
        self._jobs.add(job)
        self.proceed()
        return job

    def proceed(self) -> None:
        """Go on with what has been given a place or a worker, and now and then look at the rest."""
        while self._admitted or self._come_up:
            if self._come_up:
                job, outcome = self._come_up.popleft()
                if isinstance(outcome, Worker):
                    self._begin(job, outcome)
                else:
                    self._fail(job, outcome)
            else:
                self._start(self._admitted.popleft())
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOK_SECONDS
            for job in list(self._jobs):
                self._look_at(job, now)

    def cancel(self, job: Job) -> None:
        """Let go of ``job``, which nobody is interested in any more; what runs of it ends."""
        run = job.run
        if run and not run.ended and not job.error:
            self._unwatch(job)
            run.worker.kill()
        if run:
            run.close()
        self._leave(job)

    def _start(self, job: Job) -> None:
        if job.done:
            return
        job.entered = time.monotonic()
        self._pool.overseer.company.begun(job.caller.client)
        worker = self._pool.idle(job.store, job.caller.client)
        if worker:
            self._begin(job, worker)
        else:
            threading.Thread(target=self._bring_up, args=(job,), daemon=True).start()

    def _bring_up(self, job: Job) -> None:
        outcome: Worker | PolicykgError
        try:
            outcome = self._pool.workers.new(job.store)
        except PolicykgError as error:
            outcome = error
        except Exception as error:
            outcome = PolicykgError(f"A worker could not be started: {error}")
        self._come_up.append((job, outcome))
        self._loop.wake()

    def _begin(self, job: Job, worker: Worker) -> None:
        if job.done:  # its client has left meanwhile
            self._pool.workers.keep(job.store, worker)
            return
        run = self._pool.begin(job.store, job.query, job.formats, worker)
        if run is None:  # it died while it was idle
            self._start(job)
            return
        job.run = run
        job.watched = worker.fileno()
        self._loop.watch(job.watched, lambda: self._step(job))
        if not self._pool.workers.count_idle():
            running, _ = self._pool.admission.counts()
            if running < self._pool.limits.workers:
                self._pool.workers.prepare(job.store)

    def _step(self, job: Job) -> None:
        run = job.run
        if run is None or run.ended or job.error:
            return
        try:
            self._take_all(job, run)
        except PolicykgError as error:
            self._fail(job, error)
            return
        except Exception as error:
            # A worker may be somebody else's by now: what it sends is not to be trusted.
            run.worker.kill()
            self._fail(job, PolicykgError(f"A worker sent what it should not: {error!r}"))
            return
        if run.ended:
            self._unwatch(job)
            self._leave(job)
        if run.is_sure():
            job.changed(job)
        if run.ended:
            self.proceed()

    def _take_all(self, job: Job, run: Run) -> None:
        """Take the messages that are there: those that came together make nothing readable again.

        Raises why ``run`` has failed.
        """
        for _ in range(_MOST_MESSAGES):
            if not self._pool.step(run, job.caller, 0) or run.ended:
                return
        raise ValueError("more messages than there is to tell")

    def _look_at(self, job: Job, now: float) -> None:
        try:
            if job.run is None:
                if job.caller.abandoned():
                    raise left_while_waiting()
                admitted = job.ticket and job.ticket.admitted
                if not admitted and now - job.began > self._pool.limits.queue_seconds:
                    raise waited_too_long(self._pool.limits)
            elif not job.run.ended and not job.error:
                self._pool.overseer.look_at(job.run, job.caller)
                if job.run.is_sure():
                    job.changed(job)
        except PolicykgError as error:
            self._fail(job, error)

    def _fail(self, job: Job, error: PolicykgError) -> None:
        if job.done:
            return
        job.error = error
        self._unwatch(job)
        self._leave(job)
        job.changed(job)
        if job.run:
            job.run.close()

    def _unwatch(self, job: Job) -> None:
        if job.watched >= 0:
            self._loop.forget(job.watched)
            job.watched = -1

    def _leave(self, job: Job) -> None:
        """Give back the place of ``job``, or wait no longer for one."""
        if job.done:
            return
        job.done = True
        self._jobs.discard(job)
        ticket, job.ticket = job.ticket, None  # which knows the job
        if ticket is None:
            return
        if ticket.admitted:
            self._pool.admission.leave(job.caller.client, time.monotonic() - job.entered)
        else:
            self._pool.admission.withdraw(ticket)
