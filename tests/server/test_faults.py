"""Faults of the machine: told, survived, over with their cause; nothing acknowledged is lost."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path

import pytest
from requirements import require
from served import Served

from kg.engine.versions import VersionStore
from tests.server.processes import processes_of
from tests.server.reading_on import reading
from tests.server.test_reloading import until
from tests.server.writing import TOKEN
from tests.server.writing import Writer

Start = Callable[..., Served]
ALL = "SELECT ?o { <urn:s> <urn:p> ?o }"
DIGITS = "{ 0 1 2 3 4 5 6 7 8 9 }"
PRODUCT = " ".join(f"VALUES ?v{n} {DIGITS}" for n in range(10))
LONG_QUERY = f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"
LONG_WRITE = f"INSERT {{ <urn:s> <urn:q> ?n }} WHERE {{ {{ {LONG_QUERY} }} }}"


def insert(value: str) -> str:
    return f'INSERT DATA {{ <urn:s> <urn:p> "{value}" }}'


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the server at which most faults are tried."""
    return tmp_path_factory.mktemp("faults") / "data"


def options(data: Path) -> tuple[str | Path, ...]:
    return ("--empty", "--data", data, "--port", "0", "--write-token", TOKEN)


@pytest.fixture(scope="module")
def served(start_for_module: Start, data: Path) -> Served:
    """Return a server that may be written to, with one statement in it."""
    served = start_for_module(*options(data))
    assert Writer(served.address).update(insert("before")).status == 200
    return served


def values(served: Served) -> list[str]:
    return Writer(served.address, {}).values(ALL)


def test_a_full_disk(served: Served) -> None:
    before = values(served)
    _, zygote, *_ = processes_of(served.process.pid)
    _, most = resource.prlimit(zygote, resource.RLIMIT_FSIZE)
    # What the kernel refuses here it refuses in the same place, and in the same way to programs, as
    # if there were no room.
    resource.prlimit(zygote, resource.RLIMIT_FSIZE, (0, most))
    writer = Writer(served.address)
    for _ in range(3):
        refused = writer.update(insert("lost"))
        assert (refused.status, refused.json["title"]) == (503, "Data folder not writable")
    assert "The data folder cannot be written: File too large" in served.logged()
    assert values(served) == before
    resource.prlimit(zygote, resource.RLIMIT_FSIZE, (most, most))
    assert writer.update(insert("after a full disk")).status == 200
    assert values(served) == sorted([*before, "after a full disk"])


def test_no_room_for_large_answers(served: Served) -> None:
    _, zygote, *workers = processes_of(served.process.pid)
    _, most = resource.prlimit(zygote, resource.RLIMIT_FSIZE)
    for pid in (zygote, *workers):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    digits = PRODUCT[: PRODUCT.index("VALUES ?v4")]
    client = Writer(served.address, {})
    refused = client.ask(f"SELECT * {{ {digits} }}")
    assert (refused.status, refused.json["title"]) == (503, "No room for the answer")
    assert "before" in values(served)
    for pid in processes_of(served.process.pid)[1:]:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
    assert client.ask(f"SELECT * {{ {digits} }}").status == 200


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Have nobody write to ``folder``: root needs a mount for that."""
    with ExitStack() as undo:
        if os.geteuid():
            for path in (folder, *(p for p in folder.rglob("*") if p.is_dir())):
                undo.callback(path.chmod, path.stat().st_mode)
                path.chmod(0o555)
        else:
            done = subprocess.run(["mount", "--bind", folder, folder], capture_output=True)
            require("mount", done.returncode == 0, "nothing may be mounted here")
            undo.callback(subprocess.run, ["umount", "--lazy", folder], check=True)
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield


def test_a_read_only_disk(start: Start, served: Served, data: Path) -> None:
    before = values(served)
    with read_only(data):
        # One that is started there serves as well, and says why it takes no writes.
        later = start("--no-build", *options(data)[1:])
        for one in (served, later):
            refused = Writer(one.address).update(insert("lost"))
            assert (refused.status, refused.json["title"]) == (503, "Data folder not writable")
            assert "The data folder cannot be written: " in one.logged()
        assert values(served) == values(later) == before
    assert Writer(later.address).update(insert("after a read-only disk")).status == 200
    assert values(served) == values(later) == sorted([*before, "after a read-only disk"])


CLOCK = """
import time
true_time = time.time
def time_by_the_file():
    try:
        return true_time() + float(open({path!r}).read() or 0)
    except OSError:
        return true_time()
time.time = time_by_the_file
from server.cli import main
main(prog_name='policykg')
"""


def test_a_clock_that_jumps(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = tmp_path / "clock"
    code = CLOCK.format(path=str(clock))
    monkeypatch.setattr(
        "served.command", lambda *arguments: [sys.executable, "-c", code, *map(str, arguments)]
    )
    config = tmp_path / "policykg.toml"
    config.write_text("query_seconds = 2\n", encoding="utf-8")
    served = start(*options(tmp_path / "data"), "--config", config)
    writer = Writer(served.address)
    assert writer.update(insert("before")).status == 200
    runaway: list[int] = []
    asking = threading.Thread(target=lambda: runaway.append(writer.ask(LONG_QUERY).status))
    with reading(lambda: served.address) as readers:
        asking.start()
        for jump in (86_400, -86_400):
            so_far = readers.answered()
            until(lambda so_far=so_far: readers.answered() > so_far + 20, "nothing is read")
            clock.write_text(str(jump), encoding="utf-8")
        so_far = readers.answered()
        until(lambda: readers.answered() > so_far + 20, "nothing is read any more")
        assert writer.update(insert("after")).status == 200
    asking.join()
    assert readers.failures == []
    assert set(readers.told) <= {200, 404}  # the store holds no page
    assert runaway == [504]  # its time is counted by another clock
    assert values(served) == ["after", "before"]


def test_a_writer_that_is_killed(served: Served) -> None:
    writer = Writer(served.address)
    held = values(served)
    told: list[tuple[int, str]] = []

    def write() -> None:
        reply = writer.update(LONG_WRITE)
        told.append((reply.status, reply.json["remedy"]))

    before = set(processes_of(served.process.pid))
    writing = threading.Thread(target=write)
    writing.start()
    until(lambda: set(processes_of(served.process.pid)) - before, "no writer comes up")
    time.sleep(0.5)  # it is at work on its copy
    for scribe in set(processes_of(served.process.pid)) - before:
        os.kill(scribe, signal.SIGKILL)
    writing.join()
    assert told == [(503, "Nothing was changed. Write in smaller pieces.")]
    assert values(served) == held
    assert writer.update(insert("after a killed writer")).status == 200
    assert values(served) == sorted([*held, "after a killed writer"])


def test_what_a_crash_left_half_written(start: Start, served: Served, data: Path) -> None:
    held = values(served)
    last = VersionStore(data).current().number
    for name in (f".new-{last + 1}", str(last + 1)):  # a copy; a version not yet in service
        (data / "versions" / name / "store").mkdir(parents=True)
        (data / "versions" / name / "store" / "CURRENT").write_text("MANIFEST-0")
    (data / ".current-new").symlink_to(f"versions/{last + 1}")
    with (data / "journal.jsonl").open("a") as journal:
        journal.write('{"version": 3, "ti')
    again = start(*options(data))
    for one in (served, again):
        assert values(one) == held
        assert Writer(one.address).send("GET", "/changes", Accept="application/json").status == 200
    made = Writer(served.address).update(insert("after a crash"))
    assert (made.status, made.json["version"]) == (200, last + 2)
    # The line that was cut off took no other along.
    assert [entry["version"] for entry in VersionStore(data).journal()][-2:] == [last, last + 2]
    assert values(again) == sorted([*held, "after a crash"])


def test_a_version_that_lost_its_files_is_told_and_the_way_back_works(
    served: Served, data: Path
) -> None:
    held = values(served)
    good = (data / "current").readlink()
    broken = data / "versions" / "99"
    (broken / "store").mkdir(parents=True)
    record = json.loads((data / "current" / "version.json").read_text())
    (broken / "version.json").write_text(json.dumps({**record, "number": 99}))
    _point(data, Path("versions/99"))
    client = Writer(served.address, {})
    refused = client.ask("ASK { ?a ?b ?c }")
    assert (refused.status, refused.json["title"]) == (503, "Store not usable")
    assert client.send("GET", "/readyz").status == 503
    assert "The store of version 99 is damaged" in served.logged()
    _point(data, good)
    assert values(served) == held
    assert client.send("GET", "/readyz").status == 200
    shutil.rmtree(broken)


def _point(data: Path, target: Path) -> None:
    (data / "link").symlink_to(target)
    (data / "link").replace(data / "current")


def test_a_web_process_that_is_killed_takes_its_workers_along(
    start: Start, served: Served, data: Path
) -> None:
    held = values(served)
    below = processes_of(served.process.pid)[1:]
    assert below
    served.process.kill()
    served.process.wait()
    until(lambda: not any(_is_alive(pid) for pid in below), "processes are left behind")
    port = served.address.rpartition(":")[2]
    again = start("--no-build", "--data", data, "--port", port)
    assert again.address == served.address
    assert values(again) == held


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
