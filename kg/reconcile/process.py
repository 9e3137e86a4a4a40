"""The process that reconciles, seen from the server: started when needed, ended when it hangs."""

import os
import subprocess
import sys
import weakref
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from kg.engine.isolation.channel import error_from
from kg.errors import ClientGone
from kg.errors import QueryTimeout
from kg.errors import ServiceBusy
from kg.settings import Settings


@dataclass(frozen=True, slots=True)
class _Running:
    process: "subprocess.Popen[bytes]"
    channel: Connection

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.channel.close()


class ReconcileProcess:
    """A process that has the index of the graph of ``settings``. Its user holds a lock."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: _Running | None = None
        self._ended: Any = None

    def ask(self, operation: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        """Return what the process answers within ``seconds``.

        Raises what the operation raises, :class:`~kg.errors.QueryTimeout` after that time, and
        :class:`~kg.errors.ServiceBusy` if the process ends; the next call starts another.
        """
        running = self._running or self._start()
        try:
            running.channel.send((operation, arguments))
            if not running.channel.poll(max(0.0, seconds)):
                raise QueryTimeout(
                    f"Reconciling took longer than {self._settings.query_seconds:g} seconds "
                    "(POLICYKG_QUERY_SECONDS)",
                    remedy="Send fewer names at once.",
                )
            done, answer = running.channel.recv()
        except (EOFError, OSError):
            self.stop()
            raise ServiceBusy(
                "The process that reconciles has ended", remedy="Try again in a few seconds."
            ) from None
        except BaseException:  # what it sends later would be taken for the next answer
            self.stop()
            raise
        if not done:
            raise error_from(answer)
        return answer

    def stop(self) -> None:
        """End the process, if it runs."""
        if self._ended is not None:
            self._ended()
        self._running = self._ended = None

    def _start(self) -> _Running:
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "kg.reconcile.child", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        running = _Running(process, ours)
        self._running, self._ended = running, weakref.finalize(self, running.end)
        ours.send(self._settings)
        return running


def left() -> ClientGone:
    """Return the error for a client that hung up before its answer was there."""
    return ClientGone("The client left while its names were compared")
