"""The data folder as its writers see it: each change makes a new version, or nothing.

A writer works on a copy of the version in service, which costs little because the store's big files
are never changed and can be linked. What it leaves half done is thrown away, and readers
cannot see a copy before the link to the version in service is switched. Builds and updates of users
alike go this way, one at a time by a lock that also holds between processes.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Final
from typing import TypeVar

from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.durable import append_durably
from kg.engine.durable import copy_store
from kg.engine.durable import link_durably
from kg.engine.durable import write_durably
from kg.engine.interface import Version
from kg.engine.patch import PATCH
from kg.engine.replacing import fill
from kg.engine.replacing import replace
from kg.engine.versions import FAULTS
from kg.engine.versions import FORMAT
from kg.engine.versions import Record
from kg.engine.versions import VersionStore
from kg.engine.writing_lock import writing_lock
from kg.errors import BackupError
from kg.errors import StoreNotWritable

KEPT_VERSIONS: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Commit:
    """What is recorded of a change besides the store: see :class:`~kg.engine.versions.Record`."""

    digest: str
    build: str
    owned: tuple[str, ...]
    dumps: int
    journal: Mapping[str, Any]


class VersionWriter:
    """Makes versions of one data folder. ``wait`` is how many seconds to wait for other writers."""

    def __init__(self, data: Path, wait: float = 0) -> None:
        self.data = data
        self._wait = wait
        self._versions = VersionStore(data)

    def publish(
        self, quads: Collection[Quad], digest: str, write_dumps: Callable[[Path], None]
    ) -> Version:
        """Put the graphs of ``quads`` in the place of those that the last build made.

        Only what differs is written, and graphs that no build made stay. Returns the new version,
        or the current one if it holds the build ``digest`` already. Raises
        :class:`~kg.errors.StoreNotWritable` and :class:`~kg.errors.StoreBusy`.
        """
        with self._writing() as (last, number):
            if last and last.build == digest:
                return last.version
            folder = self._new_folder(number)
            replaced = last.owned if last else ()

            def apply(store: Store) -> tuple[str, ...]:
                if last is None:
                    return fill(store, quads)
                return replace(store, replaced, quads, folder / PATCH)

            owned, size = self._make(folder, last, apply)
            write_dumps(self._new_dumps(number))
            note = {"by": "build", "graphs": owned}
            return self._commit(folder, number, size, Commit(digest, digest, owned, number, note))

    def change(self, apply: Callable[[Store, Record | None], Mapping[str, Any]]) -> Version:
        """Put into service what ``apply`` makes of the store; it returns notes for the journal.

        Where these say by how many statements it grew (``change``), they are not counted again,
        which takes the longer the more there are.

        Whatever ``apply`` raises leaves all as it was. Raises besides what :meth:`publish` raises.
        """
        with self._writing() as (last, number):
            folder = self._new_folder(number)
            notes, size = self._make(folder, last, lambda store: apply(store, last), _grown(last))
            before = last.version.digest if last else ""
            # Not a hash of all statements, which would cost more than most changes do.
            digest = hashlib.sha256(f"{before} {number} {json.dumps(notes)}".encode()).hexdigest()
            build, owned = (last.build, last.owned) if last else ("", ())
            dumps = last.dumps if last else 0
            return self._commit(folder, number, size, Commit(digest, build, owned, dumps, notes))

    def restore(self, load: Callable[[Store], object], record: Record, dumps: Path) -> Version:
        """Put into service what ``load`` brings into an empty store, with the ``record`` and the
        folder of ``dumps`` that it had.

        Raises :class:`~kg.errors.BackupError` if it does not bring as many statements as the record
        says, and what :meth:`publish` raises.
        """
        with self._writing() as (_, number):
            folder = self._new_folder(number)
            _, size = self._make(folder, None, load)
            if size != record.version.quads:
                raise BackupError(
                    f"The backup holds {size} statements instead of {record.version.quads}",
                    remedy="Take another backup. Nothing was changed.",
                )
            shown = 0
            if any(dumps.iterdir()):
                shutil.copytree(dumps, self._new_dumps(number), dirs_exist_ok=True)
                shown = number
            note = {"by": "restore", "kind": "restore", "of": record.version.number}
            commit = Commit(record.version.digest, record.build, record.owned, shown, note)
            return self._commit(folder, number, size, commit)

    def _new_dumps(self, number: int) -> Path:
        folder = self.data / "dumps" / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def _new_folder(self, number: int) -> Path:
        folder = self.data / "versions" / f".new-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def _make(
        self,
        folder: Path,
        last: Record | None,
        change: Callable[[Store], T],
        size: Callable[[T], int | None] = lambda result: None,
    ) -> tuple[T, int]:
        """Make the store of a new version; return what ``change`` returns, and the store's size,
        which is counted if ``size`` does not know it from that.
        """
        if last:
            copy_store(self._versions.store_path(last.version), folder / "store")
        try:
            store = Store(folder / "store")
        except FAULTS as error:
            if last is None:
                raise
            self._versions.open(last.version)  # says so if it is that one which is damaged
            raise StoreNotWritable(
                f"The data folder cannot be written: {error}",
                where=str(self.data),
                remedy="Make room on its disk. Nothing was changed.",
            ) from None
        result = change(store)
        store.flush()
        # With the only reference to it the store is closed, and its files are final.
        known = size(result)
        return result, len(store) if known is None else known

    def _commit(self, folder: Path, number: int, size: int, commit: Commit) -> Version:
        version = Version(number, commit.digest, size)
        record = {
            "number": number,
            "digest": commit.digest,
            "quads": version.quads,
            "build": commit.build,
            "owned": commit.owned,
            "dumps": commit.dumps,
        }
        write_durably(folder / "version.json", json.dumps(record, indent=2) + "\n")
        os.replace(folder, self._versions.folder(number))
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"version": number, "time": now, "statements": version.quads, **commit.journal}
        append_durably(self.data / "journal.jsonl", json.dumps(entry) + "\n")
        link_durably(self._versions.current_link, Path("versions") / str(number))
        self._retire()
        return version

    def _retire(self) -> None:
        # An open read-only handle outlives the removal of its folder, so that late readers finish.
        kept = self._versions.numbers()[-KEPT_VERSIONS:]
        dumps = {self._versions.dumps_path(Version(number, "", 0)).name for number in kept}
        for number in set(self._versions.numbers()) - set(kept):
            shutil.rmtree(self._versions.folder(number), ignore_errors=True)
        for folder in (self.data / "dumps").glob("*"):
            if folder.name not in dumps:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Record | None, int]]:
        """Hold the writers' lock; yield the last version's record and the next number."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            with writing_lock(self.data, self._wait):
                self._versions.check_format()
                write_durably(self.data / "format.json", json.dumps({"format": FORMAT}) + "\n")
                number = max(self._versions.numbers(), default=0) + 1
                try:
                    yield self._versions.last(), number
                finally:
                    half_done = self.data / "versions" / f".new-{number}"
                    shutil.rmtree(half_done, ignore_errors=True)
        except OSError as error:
            raise StoreNotWritable(
                f"The data folder cannot be written: {error.strerror or error}",
                where=str(self.data),
                remedy="Give a folder that you may write with --data or POLICYKG_DATA.",
            ) from None


def _grown(last: Record | None) -> Callable[[Mapping[str, Any]], int | None]:
    """Return what tells the size of the next version from the notes on a change of the ``last``."""

    def size(notes: Mapping[str, Any]) -> int | None:
        grown = notes.get("change")
        return last.version.quads + int(grown) if last and grown is not None else None

    return size


def make_empty(data: Path) -> None:
    """Put an empty version into service if there is none in the folder ``data``."""
    if VersionStore(data).last() is None:
        VersionWriter(data).change(lambda store, last: {"by": "start", "kind": "empty"})
