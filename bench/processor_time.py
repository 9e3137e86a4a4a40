"""How much time of the processor a server takes: it tells more than the clock on a busy machine."""

from pathlib import Path

_PROC = Path("/proc")


class ProcessorTime:
    """The time that a server and the processes below it have run since this object was made."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before = _times(pid)

    def seconds(self) -> float:
        """Return the seconds so far; what has ended in between is not counted."""
        now = _times(self._pid)
        return sum(max(0, spent - self._before.get(pid, 0)) for pid, spent in now.items()) / 1e9


def _times(pid: int) -> dict[int, int]:
    return {one: _of(one) for one in _family(pid)}


def _family(pid: int) -> list[int]:
    below: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            below.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += below.get(one, ())
    return found


def _of(pid: int) -> int:
    nanoseconds = 0
    for thread in (_PROC / str(pid) / "task").glob("*/schedstat"):
        try:
            nanoseconds += int(thread.read_text().split()[0])
        except OSError:
            continue
    return nanoseconds
