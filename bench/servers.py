"""The servers that are compared: how their data is prepared, and how they are run."""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from load import JSON
from pyoxigraph import RdfFormat

from kg.engine.committing import VersionWriter

_STARTED_WITHIN: Final = 300
_SCRIPTS: Final = Path(sysconfig.get_path("scripts"))
# What would distort a comparison of speed: one client is to have all, and a runaway is to run.
_SETTINGS: Final = {
    "POLICYKG_CLIENT_QUERIES": "1000",
    "POLICYKG_CLIENT_QUERY_SECONDS": "0",
    "POLICYKG_QUERY_SECONDS": "60",
    "POLICYKG_QUEUE_SECONDS": "60",
    "POLICYKG_QUEUE_LENGTH": "100",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its name, address without a slash, path of the endpoint, process, and the
    seconds that it took to answer a first query.
    """

    name: str
    address: str
    path: str
    pid: int
    started: float

    def memory(self) -> float:
        """Return the megabytes that it and its processes hold, pages shared by some divided."""
        return sum(_proportional(pid) for pid in _family(self.pid)) / 1024

    def processor_seconds(self) -> float:
        """Return the processor time that it and its living processes have taken."""
        return sum(_processor_seconds(pid) for pid in _family(self.pid))


def load(folder: Path, data: Path) -> None:
    """Put the N-Quads file ``data`` into the stores of the two servers that keep one on disk."""
    VersionWriter(folder / "policykg").change(
        lambda store, last: store.bulk_load(path=data, format=RdfFormat.N_QUADS) or {"by": "bench"}
    )
    subprocess.run(
        [_SCRIPTS / "oxigraph", "load", "--location", folder / "oxigraph", "--file", data],
        check=True,
        capture_output=True,
    )


@contextmanager
def policykg(folder: Path, **settings: str) -> Iterator[Server]:
    """Run this project's server; ``settings`` are variables without their prefix, in capitals."""
    port = _free_port()
    command = [sys.executable, "-m", "server.cli", "serve", "--no-build", "--port", str(port)]
    environment = {**os.environ, **_SETTINGS}
    environment.update({f"POLICYKG_{name}": value for name, value in settings.items()})
    with _running(
        "policykg", [*command, "--data", str(folder / "policykg")], port, "/sparql", environment
    ) as server:
        yield server


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Run `oxigraph serve`."""
    port = _free_port()
    command = [str(_SCRIPTS / "oxigraph"), "serve", "--union-default-graph"]
    command += ["--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}"]
    with _running("oxigraph", command, port, "/query", dict(os.environ)) as server:
        yield server


@contextmanager
def rdflib_endpoint(data: Path) -> Iterator[Server]:
    """Run rdflib-endpoint, which parses ``data`` at its start."""
    port = _free_port()
    command = [str(_SCRIPTS / "rdflib-endpoint"), "serve", "--host", "127.0.0.1"]
    command += ["--port", str(port), str(data)]
    with _running("rdflib-endpoint", command, port, "/", dict(os.environ)) as server:
        yield server


@contextmanager
def datasette(database: Path, metadata: Path | None = None) -> Iterator[Server]:
    """Run Datasette on a SQLite file, without a limit of time for its counts; ``metadata`` is a
    file with its canned queries.
    """
    port = _free_port()
    command = [str(_SCRIPTS / "datasette"), "serve", str(database), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--setting", "sql_time_limit_ms", "10000"]
    command += ["--metadata", str(metadata)] if metadata else []
    with _running("datasette", command, port, "/-/versions.json", dict(os.environ)) as server:
        yield server


@contextmanager
def _running(
    name: str, command: list[str], port: int, path: str, environment: dict[str, str]
) -> Iterator[Server]:
    address = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(address, path, process)
        yield Server(name, address, path, process.pid, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, path: str, process: "subprocess.Popen[bytes]") -> None:
    question = urllib.request.Request(
        f"{address}{path}?{urlencode({'query': 'ASK { ?s ?p ?o }'})}", headers={"Accept": JSON}
    )
    until = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(question, timeout=60) as answer:
                answer.read()
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{process.args!r} does not answer")


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []  # it has ended meanwhile, as workers do
    return [pid, *(member for child in children for member in _family(int(child)))]


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in kilobytes, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
