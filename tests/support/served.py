"""Real processes of `policykg`: how they are started, and a running server."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

STARTED_WITHIN = 60  # seconds


@dataclass
class Served:
    """A running `policykg serve`: its process, its first line, and its address without a slash."""

    process: "subprocess.Popen[str]"
    first_line: str
    log: IO[str]

    def logged(self) -> str:
        """Return what it has written to its log by now."""
        # By an open file description of its own: the server writes at the place of the other.
        return Path(f"/proc/self/fd/{self.log.fileno()}").read_text(encoding="utf-8")

    @property
    def address(self) -> str:
        """The address in the first line."""
        return self.first_line.rsplit(" ", 1)[-1].strip().rstrip("/")

    def stop(self, with_signal: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send the signal; return exit status, the rest of standard output, standard error."""
        self.process.send_signal(with_signal)
        out, _ = self.process.communicate(timeout=STARTED_WITHIN)
        return self.process.returncode, out, self.logged()


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of `policykg` with ``arguments``."""
    start = "from server.cli import main; main(prog_name='policykg')"
    return [sys.executable, "-c", start, *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return the environment without settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("POLICYKG_")}


@contextmanager
def servers() -> Iterator[Callable[..., Served]]:
    """Yield a function that starts `policykg serve` with its arguments and waits for its line.

    The log goes to a file: a pipe that nobody reads would fill, and the server would wait.
    """
    running: list[subprocess.Popen[str]] = []
    with ExitStack() as opened:

        def start(*arguments: str | Path) -> Served:
            log = opened.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            process = subprocess.Popen(
                command("serve", *arguments),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(),
            )
            running.append(process)
            served = Served(process, "", log)
            assert process.stdout is not None
            served.first_line = process.stdout.readline()
            assert served.first_line, served.stop()[2]
            return served

        yield start
        for process in running:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=STARTED_WITHIN)
