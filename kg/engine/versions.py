"""The data folder: a primary store with one writer, and immutable numbered versions for readers.

DATA/format.json            which layout this is
DATA/primary/               the store that the writer changes
DATA/versions/<number>/     store/ (a checkpoint), version.json
DATA/dumps/<number>/        the same version as files
DATA/current                a symbolic link to the version in service
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.interface import Version
from kg.errors import StoreBusy
from kg.errors import StoreError
from kg.errors import StoreMissing
from kg.errors import StoreNotWritable
from kg.errors import StoreTooNew

FORMAT: Final = 1
KEPT_VERSIONS: Final = 3


class VersionStore:
    """The versions of one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    @property
    def current_link(self) -> Path:
        """The symbolic link whose target is the version in service."""
        return self.data / "current"

    def store_path(self, version: Version) -> Path:
        """Return the folder of the checkpoint of ``version``."""
        return self.data / "versions" / str(version.number) / "store"

    def dumps_path(self, version: Version) -> Path:
        """Return the folder of the dumps of ``version``."""
        return self.data / "dumps" / str(version.number)

    def current(self) -> Version:
        """Return the version in service.

        Raises :class:`~kg.errors.StoreMissing` if there is none, and
        :class:`~kg.errors.StoreTooNew` if a newer policykg wrote the folder.
        """
        self._check_format()
        try:
            record = json.loads((self.current_link / "version.json").read_text(encoding="utf-8"))
            return Version(int(record["number"]), str(record["digest"]), int(record["quads"]))
        except FileNotFoundError:
            raise StoreMissing(
                "No graph has been built here",
                where=str(self.data),
                remedy="Run `policykg build`, or start `policykg serve` without --no-build.",
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The record of the version in service is damaged: {error}",
                where=str(self.current_link / "version.json"),
                remedy="Run `policykg build` to make a new version.",
            ) from None

    def publish(
        self,
        quads: Iterable[Quad],
        digest: str,
        owned: Callable[[str], bool],
        write_dumps: Callable[[Path], None],
    ) -> Version:
        """Replace the graphs that ``owned`` accepts by ``quads`` and put the result into service.

        Returns the new version, or the current one if its digest is ``digest`` already. Until the
        link is switched readers see the old version; a failure on the way leaves it in service.
        Raises :class:`~kg.errors.StoreNotWritable` and :class:`~kg.errors.StoreBusy`.
        """
        with self._writing():
            last = self.last()
            if last and last.digest == digest:
                return last
            number = (max(self._numbers()) if self._numbers() else 0) + 1
            temporary = self.data / "versions" / f".new-{number}"
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            store = Store(self.data / "primary")
            for graph in list(store.named_graphs()):
                if isinstance(graph, NamedNode) and owned(graph.value):
                    store.remove_graph(graph)
            store.bulk_extend(quads)
            store.flush()
            store.backup(temporary / "store")
            version = Version(number, digest, len(store))
            del store
            dumps = self.dumps_path(version)
            shutil.rmtree(dumps, ignore_errors=True)
            dumps.mkdir(parents=True)
            write_dumps(dumps)
            record = {"number": number, "digest": digest, "quads": version.quads}
            _write_durably(temporary / "version.json", json.dumps(record, indent=2) + "\n")
            os.replace(temporary, self.data / "versions" / str(number))
            self._switch(number)
            self._retire()
            return version

    def _switch(self, number: int) -> None:
        link = self.data / ".current-new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("versions") / str(number))
        os.replace(link, self.current_link)
        _sync(self.data)

    def _retire(self) -> None:
        # An open read-only handle outlives the removal of its folder, so that late readers finish.
        for number in sorted(self._numbers())[:-KEPT_VERSIONS]:
            shutil.rmtree(self.data / "versions" / str(number), ignore_errors=True)
            shutil.rmtree(self.data / "dumps" / str(number), ignore_errors=True)

    def _numbers(self) -> list[int]:
        folder = self.data / "versions"
        if not folder.is_dir():
            return []
        return [int(child.name) for child in folder.iterdir() if child.name.isdigit()]

    def last(self) -> Version | None:
        """Return the version in service, or ``None`` if there is none or its record is damaged."""
        try:
            return self.current()
        except StoreTooNew:
            raise
        except StoreError:
            return None

    def _check_format(self) -> None:
        try:
            written = json.loads((self.data / "format.json").read_text(encoding="utf-8"))
            number = int(written["format"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The data folder's format cannot be read: {error}",
                where=str(self.data / "format.json"),
                remedy="Move the folder away and run `policykg build`.",
            ) from None
        if number > FORMAT:
            raise StoreTooNew(
                f"The data folder has format {number}; this policykg knows formats up to {FORMAT}",
                where=str(self.data),
                remedy="Upgrade policykg, or give another folder with --data.",
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writer's lock; the folder is made if it is not there."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            with (self.data / ".writer").open("w") as lock:
                _lock(lock, self.data)
                self._check_format()
                _write_durably(self.data / "format.json", json.dumps({"format": FORMAT}) + "\n")
                yield
        except OSError as error:
            raise StoreNotWritable(
                f"The data folder cannot be written: {error.strerror or error}",
                where=str(self.data),
                remedy="Give a folder that you may write with --data or POLICYKG_DATA.",
            ) from None


def _lock(lock: Any, data: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreBusy(
            "Another process is writing to the data folder",
            where=str(data),
            remedy="Wait until it has finished, or give another folder with --data.",
        ) from None


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
