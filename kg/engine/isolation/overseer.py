"""Whether a query that runs must end, or give way to those of others."""

import time
from collections import Counter
from typing import Final

from kg.engine.interface import Caller
from kg.engine.isolation.admission import Admission
from kg.engine.isolation.company import Company
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.memory import SharedMemory
from kg.engine.isolation.refusals import ended_for_others
from kg.engine.isolation.run import Run
from kg.engine.isolation.run import asked_too_long
from kg.engine.isolation.run import took_most_memory
from kg.engine.isolation.run import took_too_long
from kg.errors import ClientGone
from kg.errors import PolicykgError

DEMOTE_SECONDS: Final = 0.5  # a query that runs longer yields the processor to those of others
DEMOTE_BYTES: Final = 1 << 20  # and so does one whose result is larger
# One of a client that used much does so sooner, and if its result is no small one.
_HEAVY_SECONDS: Final = 0.05
YIELD_SECONDS: Final = 2.0  # one that runs longer than that yields in any case


class Overseer:
    """Sees to the queries of a pool; several threads may use one object."""

    def __init__(self, limits: Limits, admission: Admission) -> None:
        self._limits = limits
        self._admission = admission
        self._memory = SharedMemory(limits.memory)
        self.company = Company()
        self.ended: Counter[str] = Counter()  # queries that were ended, by the limit they reached

    def look_at(self, run: Run, caller: Caller) -> None:
        """See whether ``run`` must end, or give way to others. Raises why it must end."""
        now = time.monotonic()
        if now >= run.deadline:
            error = asked_too_long(self._limits) if run.once else took_too_long(self._limits)
            raise self.end(run, "time", error)
        if caller.abandoned():
            left = ClientGone("The client left while its query was running")
            raise self.end(run, "client", left)
        if self._memory.must_go(run.worker, run.worker.memory()):
            raise self.end(run, "shared_memory", took_most_memory(self._limits))
        if self._admission.must_yield(caller.client, now - run.began):
            raise self.end(run, "others", ended_for_others(self._limits))
        self.give_way(run, caller.client)

    def give_way(self, run: Run, client: str) -> None:
        """Let others have the processor before ``run``, if it is no short query and they ask
        something, now or as soon as they do.

        Without them other programs would be let go first, for nothing. Many people may share one
        address, so that in the end every query gives way.
        """
        seconds = time.monotonic() - run.began
        if run.worker.demoted or (run.alone and seconds <= YIELD_SECONDS):
            return
        is_long = seconds > DEMOTE_SECONDS or run.size() > DEMOTE_BYTES
        if not is_long and (run.spooling or seconds > _HEAVY_SECONDS):
            is_long = not self._admission.is_light(client)
        if seconds > YIELD_SECONDS or (is_long and self.company.is_there(client, run.began)):
            run.give_way()
        elif is_long:
            run.alone = True
            self.company.expect(client, run)

    def end(self, run: Run, limit: str, error: PolicykgError) -> PolicykgError:
        """Kill the worker of ``run``, which has reached ``limit``; return the ``error`` of that."""
        run.worker.kill()
        self.ended[limit] += 1
        return error
