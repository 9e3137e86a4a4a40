"""What is right and wrong with the machine that an installation is on."""

import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg.doctor_sign import Sign
from kg.settings import Settings

_FILES: Final = 8256  # descriptors that a server asks for
_LEAST_FREE: Final = 256 << 20  # bytes of disk for spooled answers and copies


def python(settings: Settings) -> Iterator[Sign]:
    """Say which Python runs."""
    yield Sign("Python", "ok", platform.python_version())


def disk(settings: Settings) -> Iterator[Sign]:
    """Say how much room there is for data."""
    free = shutil.disk_usage(existing(settings.data)).free
    said = f"{free >> 20} MB free"
    if free < _LEAST_FREE:
        yield Sign("disk", "fault", said, "Make room: a write needs a copy of what it changes.")
    else:
        yield Sign("disk", "ok", said)


def existing(path: Path) -> Path:
    """Return ``path``, or the nearest folder above it that there is."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def temporary_folder(settings: Settings) -> Iterator[Sign]:
    """Say whether large answers can wait in the temporary folder."""
    folder = tempfile.gettempdir()
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600))
    except OSError as error:
        yield Sign(
            "temporary folder",
            "fault",
            f"{folder} takes no unnamed files ({error.strerror})",
            "Set TMPDIR to a folder on ext4, xfs, btrfs or tmpfs: large answers wait there.",
        )
    else:
        yield Sign("temporary folder", "ok", folder)


def descriptors(settings: Settings) -> Iterator[Sign]:
    """Say how many files a server may have open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= _FILES:
        yield Sign("open files", "ok", f"{'no limit' if hard < 0 else hard}")
    else:
        yield Sign(
            "open files",
            "note",
            f"only {hard}, so that fewer clients can be connected at once",
            f"Raise the hard limit to {_FILES} (LimitNOFILE in a systemd unit).",
        )


def walls(settings: Settings) -> Iterator[Sign]:
    """Say whether queries are shut in."""
    missing = _missing_walls()
    if missing:
        yield Sign(
            "walls around queries",
            "note",
            f"this system lacks {', '.join(missing)}",
            "Queries are still refused by their words; use Linux 5.13 or later on x86-64 or "
            "ARM 64 for the second wall.",
        )
    else:
        yield Sign("walls around queries", "ok", "no network, no programs, no files but the store")


def _missing_walls() -> list[str]:
    """Return what the sandbox lacks here, found out in a process that is shut in and ends."""
    shown = "from kg.engine.isolation.sandbox import shut_in; print(*shut_in())"
    said = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True)
    return said.stdout.split() if said.returncode == 0 else ["a process to try it in"]


def reasoner(settings: Settings) -> Iterator[Sign]:
    """Say whether consistency can be checked."""
    if shutil.which("java"):
        yield Sign("Java", "ok", "consistency is checked when the graph is built")
    else:
        yield Sign(
            "Java", "note", "not there: consistency is not checked", "Install a JDK to have it."
        )
