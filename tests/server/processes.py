"""What the processes of a server take from the machine."""

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")  # of processor time in a second
_PAGE = os.sysconf("SC_PAGE_SIZE")  # bytes


def processes_of(pid: int) -> list[int]:
    """Return ``pid`` and the processes below it."""
    found = [pid]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*"):
            try:
                listed = (task / "children").read_text(encoding="ascii")
            except OSError:
                continue  # it has ended meanwhile
            found += map(int, listed.split())
    return found


def memory(pid: int) -> int:
    """Return how many bytes of memory the processes have that are not shared with files."""
    total = 0
    for process in processes_of(pid):
        try:
            _, resident, shared, *_ = map(int, Path(f"/proc/{process}/statm").read_text().split())
        except (OSError, ValueError):
            continue
        total += (resident - shared) * _PAGE
    return total


def resident(pid: int) -> int:
    """Return how many bytes of memory the process alone has."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def descriptors(pid: int) -> int:
    """Return how many files and sockets the process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def burning(pid: int, seconds: float = 1.0) -> float:
    """Return how many processors the processes keep busy, measured for ``seconds``."""
    before = _ticks(pid)
    time.sleep(seconds)
    after = _ticks(pid)
    spent = sum(ticks - before.get(process, 0) for process, ticks in after.items())
    return spent / _TICKS / seconds


def _ticks(pid: int) -> dict[int, int]:
    found = {}
    for process in processes_of(pid):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[process] = int(fields[11]) + int(fields[12])
    return found
