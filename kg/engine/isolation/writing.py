"""Writes as the server sees them: one after the other, each in a process of its own."""

import threading
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from kg.engine.interface import Caller
from kg.engine.interface import Version
from kg.engine.interface import Write
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import error_from
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.process import Zygote
from kg.engine.load_operations import load_operations
from kg.engine.wire import write_values
from kg.errors import ClientGone
from kg.errors import QueryTimeout
from kg.errors import QueryTooLarge
from kg.errors import ServiceBusy

_LOOK_SECONDS = 0.05
_LONGEST = 1 << 20  # characters of an update that may load documents


class Writing:
    """Runs writes on one data folder."""

    def __init__(
        self, zygote: Zygote, data: Path, limits: Limits, load_sources: Collection[str] = ()
    ) -> None:
        self._zygote = zygote
        self._load_sources = load_sources
        self._data = data
        self._limits = limits
        self._one_at_a_time = threading.Lock()

    def write(self, write: Write, caller: Caller) -> tuple[Version, bool]:
        """Do ``write``; return the version that it made, and whether it made a new graph.

        The version is in service and on disk. Raises what :func:`kg.engine.writes.apply` does, and
        :class:`~kg.errors.LimitError`; then nothing was changed.
        """
        until = time.monotonic() + self._limits.update_seconds
        write = self._with_documents(write, until)
        if not self._one_at_a_time.acquire(timeout=self._limits.update_seconds):
            raise ServiceBusy(
                f"Other writes took longer than {self._limits.update_seconds:g} seconds "
                "(POLICYKG_UPDATE_SECONDS)",
                remedy="Nothing was changed. Try again in a few seconds.",
            )
        try:
            return self._write(write, caller, until)
        finally:
            self._one_at_a_time.release()

    def _with_documents(self, write: Write, until: float) -> Write:
        """Return ``write`` with the documents that it loads, fetched before others have to wait.

        Without them its LOADs are refused when it is done. Reading a long text takes time, which
        here would be everybody's.
        """
        if write.kind != "update" or not self._load_sources or len(write.text) > _LONGEST:
            return write
        loads = load_operations(write.text, write.base_iri)
        if not loads:
            return write
        from kg.engine.fetching import Sources  # most servers never fetch
        from kg.engine.fetching import fetch

        seconds = min(self._limits.load_seconds, until - time.monotonic())
        sources = Sources(self._load_sources, self._limits.upload, seconds)
        return replace(write, parts=fetch(loads, sources))

    def _write(self, write: Write, caller: Caller, until: float) -> tuple[Version, bool]:
        wait = until - time.monotonic()
        order = {"data": str(self._data), "memory": self._limits.query_memory, "wait": wait}
        worker = self._zygote.worker("scribe", order)
        try:
            values, body = write_values(write)
            worker.ask(Message(values, body))
            while True:
                message = worker.message(min(_LOOK_SECONDS, until - time.monotonic()))
                if isinstance(message, Message):
                    break
                if message is None:
                    raise QueryTooLarge(
                        f"The write needs more than {self._limits.query_memory >> 20} MB of "
                        "memory (POLICYKG_QUERY_MEMORY_MB), or nests too deeply",
                        remedy="Nothing was changed. Write in smaller pieces.",
                    )
                if time.monotonic() >= until:
                    raise QueryTimeout(
                        f"The write took longer than {self._limits.update_seconds:g} seconds "
                        "(POLICYKG_UPDATE_SECONDS)",
                        remedy="Nothing was changed. Write in smaller pieces.",
                    )
                if caller.abandoned():
                    raise ClientGone("The client left while its write was under way")
        finally:
            worker.kill()
        if "error" in message.values:
            raise error_from(message.values)
        made = message.values
        version = Version(int(made["number"]), str(made["digest"]), int(made["quads"]))
        return version, bool(made["created"])
