"""Running the commands as a user would, without the user's settings."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from server.cli import main  # with all commands, as it is installed

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `policykg` with its arguments, and text on standard input.

    Whatever is no message of ours, a traceback above all, fails the test.
    """
    for name in os.environ:
        if name.startswith("POLICYKG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def run_policykg(*arguments: str | Path, input: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(
            main, [str(argument) for argument in arguments], input=input, prog_name="policykg"
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return run_policykg
