"""SIGHUP: changed settings are taken in while clients read, and none of them notices."""

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from served import Served
from served import environment

from kg.settings import Settings
from server.reloading import RELOADABLE
from server.reloading import Reloading
from tests.server.reading_on import reading
from tests.server.writing import Writer

Start = Callable[..., Served]
WITHIN = 60


def until(holds: Callable[[], object], what: str) -> None:
    """Return when ``holds`` is true."""
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def start_on() -> Iterator[Callable[[socket.socket, Path], Served]]:
    """Return a function that starts a server on a socket that is there, as systemd does: it is
    descriptor 3, and LISTEN_PID is the number of the process itself.
    """
    with ExitStack() as ending:

        def start(listener: socket.socket, data: Path) -> Served:
            code = (
                f"import os; os.dup2({listener.fileno()}, 3); "
                "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); "
                "from server.cli import main; main(prog_name='policykg')"
            )
            log = ending.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            process = subprocess.Popen(
                [sys.executable, "-c", code, "serve", "--no-build", "--data", str(data)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(),
                pass_fds=[listener.fileno()],
            )
            ending.callback(process.kill)
            assert process.stdout is not None
            ending.enter_context(process.stdout)
            return Served(process, process.stdout.readline(), log)

        yield start


def test_settings_are_taken_in_while_clients_read(
    start: Start, built: Path, tmp_path: Path
) -> None:
    config = tmp_path / "policykg.toml"
    config.write_text('metrics = "off"\n', encoding="utf-8")
    served = start("--no-build", "--port", "0", "--data", built, "--config", config)
    writer = Writer(served.address, {})
    assert writer.send("GET", "/metrics").status == 404
    with reading(lambda: served.address) as readers:
        until(lambda: readers.answered() > 20, "nothing is read")
        config.write_text('metrics = "open"\nlog_level = "warning"\nworkers = 3\n')
        served.process.send_signal(signal.SIGHUP)
        until(lambda: writer.send("GET", "/metrics").status == 200, "nothing was taken in")
        so_far = readers.answered()
        until(lambda: readers.answered() > so_far + 20, "nothing is read any more")
    assert (readers.failures, set(readers.told)) == ([], {200})
    quiet = len(served.logged())
    assert (
        served.logged()
        .splitlines()[-1]
        .endswith(
            "WARNING The settings were read again. Changed: log_level, metrics. "
            "To be changed by a restart: workers."
        )
    )
    assert writer.send("GET", "/healthz").status == 200
    assert len(served.logged()) == quiet  # no line a request from now on

    config.write_text("page_rows = many\n", encoding="utf-8")
    served.process.send_signal(signal.SIGHUP)
    until(lambda: "stay as they were: The settings file cannot be read" in served.logged(), "?")
    assert writer.send("GET", "/metrics").status == 200
    code, out, _ = served.stop()
    assert (code, out) == (0, "")


def test_the_system_keeps_the_socket_so_that_a_restart_is_not_noticed(
    start_on: Callable[[socket.socket, Path], Served], built: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as kept:
        address = f"http://127.0.0.1:{kept.getsockname()[1]}"
        first = start_on(kept, built)
        assert first.address == address
        with reading(lambda: address, keep_alive=False) as readers:
            until(lambda: readers.answered() > 20, "nothing is read")
            assert first.stop()[0] == 0
            so_far = readers.answered()
            second = start_on(kept, built)
            until(lambda: readers.answered() > so_far + 20, "nothing is read any more")
        assert (readers.failures, set(readers.told)) == ([], {200})
        assert second.stop()[0] == 0


def test_what_may_change_is_a_setting() -> None:
    assert set(Settings.__slots__) > RELOADABLE


def test_nothing_is_done_where_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.reloading.set_level", lambda level: None)
    used: list[Settings] = []
    settings = Settings(port=1234)
    reloading = Reloading(settings, lambda: Settings(port=0), used.append)
    reloading.reload()
    assert used == []
    reloading = Reloading(settings, lambda: Settings(port=0, page_rows=7, workers=9), used.append)
    reloading.reload()
    assert [(s.port, s.page_rows, s.workers) for s in used] == [(1234, 7, settings.workers)]
