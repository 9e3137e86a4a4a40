"""What the processes of this server take from the machine, as the kernel tells it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Family:
    """The processes below this one: how many, and their bytes of memory not shared with files."""

    processes: int
    memory: int


def family() -> Family:
    """Return the figures of the zygote and the workers; zeros where the system does not tell."""
    memories = [_memory(pid) for pid in _below(os.getpid())]
    return Family(len(memories), sum(memories))


def free_bytes(folder: Path) -> int | None:
    """Return the room in bytes on the file system of ``folder``, if it is there."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text(encoding="ascii").split()
        except OSError:
            continue  # it has ended meanwhile, or this system has no such file
        for child in map(int, children):
            yield child
            yield from _below(child)


def _memory(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    except OSError:
        return 0
    _, resident, shared, *_ = map(int, text.split())
    return (resident - shared) * _PAGE
