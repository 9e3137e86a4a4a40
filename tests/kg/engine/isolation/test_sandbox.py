"""What a worker cannot do, tried in a process that has shut itself in."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, socket, sys
from pathlib import Path
from pyoxigraph import Store
from kg.engine.isolation.sandbox import limit_memory, shut_in
allowed = Path(sys.argv[1])
limit_memory(64 << 20)
print(shut_in(readable=[allowed / "read"], writable=[allowed / "write"]))
def attempt(name, deed):
    try:
        deed()
        print(name, "done")
    except (OSError, MemoryError) as error:
        print(name, type(error).__name__)
attempt("read", lambda: (allowed / "read" / "file").read_text())
attempt("write", lambda: (allowed / "write" / "file").write_text("x"))
attempt("link", lambda: os.link(allowed / "write" / "file", allowed / "write" / "sub" / "file"))
attempt("read elsewhere", lambda: (allowed / "file").read_text())
attempt("write to what may be read", lambda: (allowed / "read" / "new").write_text("x"))
attempt("list elsewhere", lambda: os.listdir("/"))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("unix socket", lambda: socket.socket(socket.AF_UNIX))
attempt("run", lambda: os.execv("/bin/true", ["true"]))
attempt("grow", lambda: bytearray(256 << 20))
"""


@pytest.mark.skipif(platform.system() != "Linux", reason="seccomp and Landlock are Linux's")
def test_a_worker_is_shut_in(tmp_path: Path) -> None:
    for folder in ("read", "write", "write/sub"):
        (tmp_path / folder).mkdir()
    for file in ("file", "read/file"):
        (tmp_path / file).write_text("x")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "[]",
        "read done",
        "write done",
        "link done",
        "read elsewhere PermissionError",
        "write to what may be read PermissionError",
        "list elsewhere PermissionError",
        "connect PermissionError",
        "unix socket PermissionError",
        "run PermissionError",
        "grow MemoryError",
    ]
