"""Real SPARQL services for the remote engine: `oxigraph serve` and Virtuoso."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from requirements import require

_SECONDS = 60  # in which a service must be up


@dataclass(frozen=True)
class Service:
    """The addresses of a service, and its process."""

    query: str
    update: str
    store: str
    process: "subprocess.Popen[bytes]"

    def settings(self) -> dict[str, str]:
        """The settings that make it the engine."""
        return {
            "engine": "remote",
            "query_url": self.query,
            "update_url": self.update,
            "store_url": self.store,
        }


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[Service]:
    """Run `oxigraph serve` on the store in ``folder``."""
    port = port or free_port()
    binary = Path(sys.executable).with_name("oxigraph")
    command = [binary, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    with _running(command, port) as process:
        place = f"http://127.0.0.1:{port}"
        yield Service(f"{place}/query", f"{place}/update", f"{place}/store", process)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Service]:
    """Run Virtuoso on an empty database in ``folder``, open to writes from this machine."""
    binary, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    require("virtuoso", bool(binary and isql), "Virtuoso 7 is not installed")
    sql, port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=sql, port=port))
    command = [binary, "+configfile", folder / "virtuoso.ini", "+foreground"]
    with _running(command, port) as process:
        grants = (
            "GRANT SPARQL_UPDATE TO \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"
        )
        address = f"127.0.0.1:{sql}"
        subprocess.run([isql, address, "dba", "dba", f"exec={grants}"], check=True, timeout=60)
        place = f"http://127.0.0.1:{port}"
        sparql = f"{place}/sparql"
        yield Service(sparql, sparql, f"{place}/sparql-graph-crud", process)


@contextmanager
def _running(command: list[object], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + _SECONDS
        while not _listens(port):
            assert process.poll() is None, "the service has ended"
            assert time.monotonic() < until, "the service does not come up"
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
        return True
    return False


_GRANTS = """\
GRANT SPARQL_UPDATE TO "SPARQL"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"""
_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
[Plugins]
"""
