"""What is right and wrong with an installation, each in one line that says what to do."""

import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Final
from typing import Literal as Choice

from kg.engine.versions import FAULTS
from kg.engine.versions import VersionStore
from kg.errors import PolicykgError
from kg.errors import StoreMissing
from kg.settings import Settings
from kg.tokens import TokenFile

_FILES: Final = 8256  # descriptors that a server asks for
_LEAST_FREE: Final = 256 << 20  # bytes of disk for spooled answers and copies


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at: ``ok``, a ``note`` that may be meant so, or a ``fault``."""

    about: str
    state: Choice["ok", "note", "fault"]
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n{'':8}{self.remedy}" if self.remedy else ""
        return f"{self.state:<6}  {self.about}: {self.says}{remedy}"


def examine(settings: Settings) -> list[Sign]:
    """Return the signs of the installation that ``settings`` describe; nothing is changed."""
    looks: list[Callable[[Settings], Iterator[Sign]]] = [
        _python,
        _data_folder,
        _graph,
        _sources,
        _disk,
        _temporary_folder,
        _descriptors,
        _walls,
        _reasoner,
        _tokens,
        _remote_engine,
    ]
    return [sign for look in looks for sign in look(settings)]


def _python(settings: Settings) -> Iterator[Sign]:
    yield Sign("Python", "ok", platform.python_version())


def _data_folder(settings: Settings) -> Iterator[Sign]:
    data = settings.data
    if not os.access(_existing(data), os.W_OK):
        yield Sign(
            "data folder",
            "fault",
            f"{data} cannot be written",
            "Give a folder that you may write with --data or POLICYKG_DATA.",
        )
        return
    left = sorted((data / "versions").glob(".new-*")) if data.is_dir() else []
    if left:
        yield Sign(
            "data folder",
            "note",
            f"{len(left)} half-done version(s): a write is under way, or was killed",
            "The next write clears them away.",
        )
    else:
        yield Sign("data folder", "ok", str(data))


def _existing(path: Path) -> Path:
    """Return ``path``, or the nearest folder above it that there is."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def _graph(settings: Settings) -> Iterator[Sign]:
    if settings.engine != "embedded":
        return
    versions = VersionStore(settings.data)
    try:
        version = versions.current()
        held = len(versions.open(version))
    except StoreMissing as error:
        yield Sign("graph", "note", error.detail, "`policykg serve` and `build` make one.")
    except (PolicykgError, *FAULTS) as error:
        yield Sign("graph", "fault", str(error))
    else:
        if held == version.quads:
            yield Sign("graph", "ok", f"version {version.number} with {held} statements")
        else:
            yield Sign(
                "graph",
                "fault",
                f"version {version.number} has {held} statements and should have {version.quads}",
                "Restore a backup with `policykg restore FILE`.",
            )


def _sources(settings: Settings) -> Iterator[Sign]:
    if VersionStore(settings.data).last() is None:
        return
    from kg.build.stamp import is_current

    if is_current(settings):
        yield Sign("build", "ok", "made from the sources as they are")
    else:
        yield Sign("build", "note", "the sources have changed since", "Run `policykg build`.")


def _disk(settings: Settings) -> Iterator[Sign]:
    free = shutil.disk_usage(_existing(settings.data)).free
    said = f"{free >> 20} MB free"
    if free < _LEAST_FREE:
        yield Sign("disk", "fault", said, "Make room: a write needs a copy of what it changes.")
    else:
        yield Sign("disk", "ok", said)


def _temporary_folder(settings: Settings) -> Iterator[Sign]:
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


def _descriptors(settings: Settings) -> Iterator[Sign]:
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


def _walls(settings: Settings) -> Iterator[Sign]:
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


def _reasoner(settings: Settings) -> Iterator[Sign]:
    if shutil.which("java"):
        yield Sign("Java", "ok", "consistency is checked when the graph is built")
    else:
        yield Sign(
            "Java", "note", "not there: consistency is not checked", "Install a JDK to have it."
        )


def _tokens(settings: Settings) -> Iterator[Sign]:
    try:
        tokens = TokenFile(settings.data).read()
    except PolicykgError as error:
        yield Sign("tokens", "fault", str(error))
        return
    now = datetime.now(UTC)
    expired = [token.name for token in tokens if not token.is_valid(now)]
    if expired:
        yield Sign(
            "tokens",
            "note",
            f"expired: {', '.join(expired)}",
            "Remove them: `policykg token revoke`.",
        )
    elif tokens:
        yield Sign("tokens", "ok", f"{len(tokens)} may write")
    else:
        yield Sign("tokens", "ok", "none, so nobody can write")


def _remote_engine(settings: Settings) -> Iterator[Sign]:
    if settings.engine != "remote":
        return
    from kg.engine.opening import open_engine

    try:
        with closing(open_engine(settings)) as engine:
            there = engine.version()
    except PolicykgError as error:
        yield Sign("remote engine", "fault", str(error))
        return
    built = VersionStore(settings.data).last()
    if built and built.version.digest != there.digest:
        yield Sign(
            "remote engine",
            "note",
            f"holds version {there.number}, built is version {built.version.number}",
            "Run `policykg load`, unless users have written since.",
        )
    else:
        yield Sign("remote engine", "ok", f"holds version {there.number}")
