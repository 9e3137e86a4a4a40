"""The data folder as readers see it: immutable numbered versions, one of which is in service.

DATA/format.json            which layout this is
DATA/versions/<number>/     store/ (never changed again), version.json
DATA/dumps/<number>/        the version as files, if a build made it
DATA/current                a symbolic link to the version in service
DATA/journal.jsonl          what made each version
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

from pyoxigraph import Store

from kg.engine.interface import Version
from kg.errors import StoreError
from kg.errors import StoreMissing
from kg.errors import StoreTooNew

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Record:
    """What is written beside a version.

    ``build`` is the digest of the last build in it, ``owned`` the graphs which that build made, and
    ``dumps`` the number of the version whose dumps show that build (0: none).
    """

    version: Version
    build: str
    owned: tuple[str, ...]
    dumps: int


# What pyoxigraph raises for a store that it cannot read: files that are missing, blocks that do
# not have their checksums.
FAULTS: Final = (OSError, RuntimeError)


def damaged(folder: Path, version: Version, how: str) -> StoreError:
    """Return the error for a ``version`` whose store in ``folder`` cannot be read."""
    return StoreError(
        f"The store of version {version.number} is damaged: {how}",
        where=str(folder),
        remedy="Restore a backup with `policykg restore FILE`, or move the data folder away and "
        "run `policykg build`.",
    )


class VersionStore:
    """The versions of one data folder, for reading."""

    def __init__(self, data: Path) -> None:
        self.data = data

    @property
    def current_link(self) -> Path:
        """The symbolic link whose target is the version in service."""
        return self.data / "current"

    def folder(self, number: int) -> Path:
        """Return the folder of version ``number``."""
        return self.data / "versions" / str(number)

    def store_path(self, version: Version) -> Path:
        """Return the folder of the store of ``version``."""
        return self.folder(version.number) / "store"

    def dumps_path(self, version: Version) -> Path:
        """Return the folder of the dumps of the build that ``version`` holds."""
        try:
            number = self._record(self.folder(version.number)).dumps
        except StoreError:
            number = version.number
        return self.data / "dumps" / str(number)

    def current(self) -> Version:
        """Return the version in service.

        Raises :class:`~kg.errors.StoreMissing` if there is none, and
        :class:`~kg.errors.StoreTooNew` if a newer policykg wrote the folder.
        """
        return self.record().version

    def record(self) -> Record:
        """Return the record of the version in service; raises as :meth:`current` does."""
        self.check_format()
        return self._record(self.current_link)

    def last(self) -> Record | None:
        """Return the record of the version in service, or ``None`` if it is missing or damaged."""
        try:
            return self.record()
        except StoreTooNew:
            raise
        except StoreError:
            return None

    def open(self, version: Version) -> Store:
        """Return the store of ``version``, for reading. Raises :class:`~kg.errors.StoreError`."""
        path = self.store_path(version)
        try:
            return Store.read_only(str(path))
        except FAULTS as error:
            raise damaged(path, version, str(error)) from None

    def numbers(self) -> list[int]:
        """Return the numbers of the versions that there are, in order."""
        folder = self.data / "versions"
        if not folder.is_dir():
            return []
        return sorted(int(child.name) for child in folder.iterdir() if child.name.isdigit())

    def journal(self) -> Iterator[dict[str, Any]]:
        """Yield an entry for each version that came into service, the oldest first."""
        current = self.current().number
        entries: dict[int, dict[str, Any]] = {}
        try:
            lines = (self.data / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        for line in lines:
            try:
                entry = json.loads(line)
                number = int(entry["version"])
            except (ValueError, KeyError, TypeError):
                continue  # cut off by a crash; its version never came into service
            # A number is given again if its first owner failed before it came into service.
            entries.pop(number, None)
            entries[number] = entry
        yield from (entry for number, entry in entries.items() if number <= current)

    def check_format(self) -> None:
        """Raise :class:`~kg.errors.StoreTooNew` if a newer policykg wrote the folder."""
        try:
            written = json.loads((self.data / "format.json").read_text(encoding="utf-8"))
            number = int(written["format"])
        except (FileNotFoundError, NotADirectoryError):
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

    def _record(self, folder: Path) -> Record:
        try:
            record = json.loads((folder / "version.json").read_text(encoding="utf-8"))
            version = Version(int(record["number"]), str(record["digest"]), int(record["quads"]))
            owned = tuple(map(str, record["owned"]))
            return Record(version, str(record["build"]), owned, int(record["dumps"]))
        except FileNotFoundError:
            raise StoreMissing(
                "No graph has been built here",
                where=str(self.data),
                remedy="Run `policykg build`, or start `policykg serve` without --no-build.",
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The record of the version in service is damaged: {error}",
                where=str(folder / "version.json"),
                remedy="Run `policykg build` to make a new version.",
            ) from None
