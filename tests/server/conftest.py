"""The application on the built report, and a real server process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app

STARTED_WITHIN = 60  # seconds


@dataclass
class Served:
    """A running `policykg serve`: its process, its first line, and its address without a slash."""

    process: "subprocess.Popen[str]"
    first_line: str

    @property
    def address(self) -> str:
        """The address in the first line."""
        return self.first_line.rsplit(" ", 1)[-1].strip().rstrip("/")

    def stop(self, with_signal: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send the signal; return exit status, the rest of standard output, standard error."""
        self.process.send_signal(with_signal)
        out, err = self.process.communicate(timeout=STARTED_WITHIN)
        return self.process.returncode, out, err


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of `policykg` with ``arguments``."""
    start = "from server.cli import main; main(prog_name='policykg')"
    return [sys.executable, "-c", start, *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return the environment without settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("POLICYKG_")}


@pytest.fixture(scope="session")
def settings(built: Path) -> Settings:
    """Return settings whose address is no real one, so that links can be told from the host."""
    return Settings(data=built, public_url="https://kg.example.org")


@pytest.fixture(scope="session")
def app(settings: Settings, engine: EmbeddedEngine) -> Flask:
    """Return the application on the built report."""
    return create_app(settings, engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that sends no Accept header of its own."""
    return app.test_client()


@pytest.fixture
def run() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Return a function that runs `policykg` with its arguments to the end."""

    def run_policykg(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*arguments),
            capture_output=True,
            text=True,
            timeout=STARTED_WITHIN,
            env=environment(),
            check=False,
        )

    return run_policykg


@pytest.fixture
def start() -> Iterator[Callable[..., Served]]:
    """Return a function that starts `policykg serve` with its arguments and waits for its line."""
    running: list[subprocess.Popen[str]] = []

    def start_policykg(*arguments: str | Path) -> Served:
        process = subprocess.Popen(
            command("serve", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        return Served(process, line)

    yield start_policykg
    for process in running:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=STARTED_WITHIN)
