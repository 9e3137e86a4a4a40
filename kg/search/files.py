"""Where the index of a version lies: DATA/search/<format>-<digest>.sqlite, made once a version.

It is named by the digest of its version, so that it is of that version or is not there; what is
missing or damaged is made again.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from kg.engine.interface import Engine
from kg.engine.interface import Version
from kg.errors import LimitError
from kg.namespaces import BASE
from kg.search.building import build_index
from kg.search.index import Index
from kg.settings import Settings

FORMAT: Final = 2
_KEPT: Final = 3  # indexes of versions
_WAIT: Final = 8.0  # seconds that a request waits for an index
_TRIES: Final = 5  # versions that may come while one index is made


class IndexNotReady(LimitError):
    """The index of the version in service is being made."""

    title = "Search is getting ready"
    retry_after = 2


def index_path(folder: Path, version: Version) -> Path:
    """Return where the index of ``version`` lies in ``folder``."""
    return folder / f"{FORMAT}-{version.digest[:40]}.sqlite"


def make_index(engine: Engine, folder: Path, base: str = BASE) -> Path:
    """Return the index of the version that ``engine`` has in service, made now if it is missing.

    Raises what :func:`~kg.search.building.build_index` raises.
    """
    for _ in range(_TRIES):
        version = engine.version()
        path = index_path(folder, version)
        if path.exists():
            return path
        build_index(engine, path, base)
        if engine.version() == version:
            _retire(folder, path)
            return path
        # What was read may be of two versions.
        path.unlink(missing_ok=True)
    raise IndexNotReady("The graph changes faster than its index can be made")


def index_current(settings: Settings) -> Path:
    """Return the index of the version in service of a data folder; raises as above."""
    from kg.engine.embedded import EmbeddedEngine  # a server has an engine of its own

    return make_index(EmbeddedEngine(settings.data), index_folder(settings), settings.base_iri)


def index_folder(settings: Settings) -> Path:
    """Return the folder of indexes of the data folder that ``settings`` name."""
    return settings.data / "search"


def _retire(folder: Path, newest: Path) -> None:
    with contextlib.suppress(OSError):
        others = [one for one in folder.glob("*.sqlite") if one != newest]
        others.sort(key=lambda one: one.stat().st_mtime, reverse=True)
        for old in others[_KEPT - 1 :]:
            old.unlink(missing_ok=True)
        for rest in folder.glob(".making-*"):
            # Left by a process that was killed.
            if time.time() - rest.stat().st_mtime > 3600:
                for file in rest.iterdir():
                    file.unlink(missing_ok=True)
                rest.rmdir()


class Indexes:
    """Gives the index of the version in service, and has it made when there is a new version.

    ``apart`` is a data folder: then another process makes the index, which leaves this one free.
    """

    def __init__(
        self, engine: Engine, folder: Path, base: str = BASE, apart: Path | None = None
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._base = base
        self._apart = apart
        self._lock = threading.Lock()
        self._open: tuple[Path, Index] | None = None
        self._making: threading.Thread | None = None
        self._failed: tuple[Path, str] | None = None

    def current(self, wait: float = _WAIT) -> Index:
        """Return the index of the version in service; waits at most ``wait`` seconds for it.

        Raises :class:`IndexNotReady`, and what :meth:`~kg.engine.interface.Engine.version` raises.
        """
        path = index_path(self._folder, self._engine.version())
        opened = self._open
        if opened and opened[0] == path:
            return opened[1]
        deadline = time.monotonic() + wait
        while True:
            found = self._opened(path)
            if found:
                return found
            making = self._make(path)
            making.join(max(0.0, deadline - time.monotonic()))
            if not making.is_alive():
                path = index_path(self._folder, self._engine.version())
            if time.monotonic() >= deadline and not path.exists():
                raise IndexNotReady(
                    "The index of this version is still being made",
                    remedy="Try again in a moment; all other pages work meanwhile.",
                )

    def _opened(self, path: Path) -> Index | None:
        if not path.exists():
            return None
        try:
            index = Index(path)
        except (sqlite3.Error, OSError, ValueError, LookupError):
            # Damaged from outside: it is made again.
            path.unlink(missing_ok=True)
            return None
        self._open = (path, index)
        return index

    def _make(self, path: Path) -> threading.Thread:
        with self._lock:
            if self._making is None or not self._making.is_alive():
                if self._failed and self._failed[0] == path:
                    raise IndexNotReady(
                        f"The index could not be made: {self._failed[1]}",
                        remedy="See the log of the server.",
                    )
                self._making = threading.Thread(
                    target=self._work, args=(path,), name="search-index", daemon=True
                )
                self._making.start()
            return self._making

    def _work(self, path: Path) -> None:
        try:
            self._folder = _writable(self._folder)
            if self._apart is None:
                make_index(self._engine, self._folder, self._base)
            else:
                _make_apart(self._apart, self._folder, self._base)
        except Exception as error:
            self._failed = (path, str(error)[:200] or type(error).__name__)


def _writable(folder: Path) -> Path:
    """Return ``folder``, or a folder for this process where that one cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="policykg-search-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="policykg-"))


def _make_apart(data: Path, folder: Path, base: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg.search", str(data), str(folder), base],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise OSError(done.stderr.strip().rpartition("\n")[2])
