"""Workers as the server sees them: started by way of the zygote, asked, and killed."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Final

from kg.engine.isolation.channel import Inbox
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import encoded
from kg.engine.isolation.channel import error_from
from kg.engine.isolation.channel import receive
from kg.engine.isolation.channel import send
from kg.engine.isolation.channel import send_encoded
from kg.errors import StoreError

START_SECONDS: Final = 30.0
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Worker:
    """A worker process."""

    def __init__(self, channel: socket.socket, errors: int, pid: int) -> None:
        self.demoted = False
        self.spool = -1  # a file for large results that the worker has as well; -1: none
        self._channel = channel
        self._inbox = Inbox(channel)
        # Not select(), which knows no descriptors above 1023.
        self._readable = select.poll()
        self._readable.register(channel, select.POLLIN)
        self._errors = errors
        self._pid = pid
        # Unlike its number, a descriptor of the process can never mean another process.
        try:
            self._process = os.pidfd_open(pid) if pid > 0 else -1
        except ProcessLookupError:
            self._process = -1  # it has ended already

    def ask(self, message: Message) -> bool:
        """Send ``message``; what comes of it comes as messages. Returns whether it is there."""
        return self.ask_encoded(encoded(message.values), message.body, message.descriptors)

    def ask_encoded(self, text: bytes, body: bytes, descriptors: Sequence[int] = ()) -> bool:
        """Send a message whose values are encoded already; see :meth:`ask`."""
        try:
            send_encoded(self._channel, text, body, descriptors)
        except OSError:
            return False
        return True

    def message(self, seconds: float) -> Message | None | bool:
        """Return the next message, ``None`` if the worker has died, ``False`` if none came in
        ``seconds``.
        """
        message = self._inbox.take()
        if message is not False or seconds <= 0:
            return message
        self._readable.poll(seconds * 1000)
        return self._inbox.take()

    def fileno(self) -> int:
        """Return the descriptor that is readable when a message comes; -1 once it was killed."""
        return self._channel.fileno()

    def demote(self) -> None:
        """Let others have the processor first, for the rest of this worker's life.

        Whatever else wants to run then does so at once; priority by niceness alone would let
        short queries wait for their turn.
        """
        if self.demoted or self._process < 0:
            return
        self.demoted = True
        # Each thread has a priority of its own, and the query does not run in the first one.
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{self._pid}/task"):
                os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))

    def memory(self) -> int:
        """Return how many bytes of memory the process has that it shares with no file."""
        try:
            with open(f"/proc/{self._pid}/statm", "rb") as file:
                _, resident, shared, *_ = map(int, file.read().split())
        except OSError:  # it has ended, or this system does not say
            return 0
        return (resident - shared) * _PAGE

    def last_words(self) -> str:
        """Return what the worker wrote to its error output."""
        return os.pread(self._errors, 4096, 0).decode(errors="replace")

    def kill(self) -> None:
        """End the process at once, whatever it does. To do so again does nothing."""
        if self._process >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
        # Forgotten at once: a number that is closed twice is somebody else's by then.
        mine = (self._process, self._errors, self.spool)
        self._process = self._errors = self.spool = -1
        for descriptor in mine:
            if descriptor >= 0:
                os.close(descriptor)
        self._channel.close()


class Zygote:
    """Starts workers, by a process that is itself started when needed, and again if it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Start the process ahead of need."""
        with self._lock:
            self._running()

    def worker(self, role: str, order_values: Mapping[str, Any]) -> Worker:
        """Return a new worker that is ready; the order says what its role needs to know.

        Raises :class:`~kg.errors.StoreError` if it cannot open the store or does not come up.
        """
        ours, theirs = socket.socketpair()
        errors = os.memfd_create("policykg-worker-errors")
        values = {"role": role, **order_values}
        order = Message(values, b"", (theirs.fileno(), errors))
        with self._lock:
            started = self._order(order)
        theirs.close()
        worker = Worker(ours, errors, int(started.values["pid"]) if started else -1)
        until = time.monotonic() + START_SECONDS
        hello = worker.message(until - time.monotonic()) if started else None
        if isinstance(hello, Message) and "ready" in hello.values:
            return worker
        words = worker.last_words()
        worker.kill()
        if isinstance(hello, Message):
            raise error_from(hello.values)
        raise StoreError(
            "A worker did not come up",
            where=words.strip().splitlines()[-1] if words.strip() else None,
            remedy="Try again; if it stays so, look into the server's log.",
        )

    def stop(self) -> None:
        """End the process and with it all workers."""
        with self._lock:
            if self._control:
                self._control.close()
            if self._process:
                self._process.kill()
                self._process.wait()
            self._process = self._control = None

    def _order(self, order: Message) -> Message | None:
        for _ in range(2):  # once more if the process turns out to be dead
            control = self._running()
            try:
                send(control, order)
                answer = receive(control)
            except OSError:
                answer = None
            if answer is not None:
                return answer
            self._process = None
        return None

    def _running(self) -> socket.socket:
        if self._process is None or self._process.poll() is not None or self._control is None:
            if self._control:
                self._control.close()
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "kg.engine.isolation.zygote", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    # glibc would reserve 64 MB of address space for each thread.
                    env={**os.environ, "MALLOC_ARENA_MAX": "2"},
                )
        return self._control
