"""Backups: the version in service as one file, from which any installation can go on.

manifest.json    what is in it, with the hash of the statements
quads.nq         the statements
journal.jsonl    what made each version
dumps/*          the dump files of the last build
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from typing import Any
from typing import Final

from pyoxigraph import RdfFormat

from kg.engine.committing import VersionWriter
from kg.engine.interface import Version
from kg.engine.versions import FAULTS
from kg.engine.versions import Record
from kg.engine.versions import VersionStore
from kg.engine.versions import damaged
from kg.errors import BackupError

BACKUP_FORMAT: Final = 1
_CHUNK: Final = 1 << 20


def backup(data: Path, target: Path) -> Version:
    """Write the version in service to the file ``target``, while the server may go on.

    The file is there whole or not at all. Raises :class:`~kg.errors.StoreError` for a store that
    cannot be read, and :class:`~kg.errors.BackupError` if the file cannot be written.
    """
    versions = VersionStore(data)
    record = versions.record()
    store = versions.open(record.version)
    new = target.with_name(f".{target.name}.new")
    try:
        with tempfile.TemporaryFile(dir=target.parent) as quads:
            try:
                store.dump(quads, format=RdfFormat.N_QUADS)
            except RuntimeError as error:
                raise damaged(
                    versions.store_path(record.version), record.version, str(error)
                ) from None
            with tarfile.open(new, "w:gz") as archive:
                _add(archive, "manifest.json", json.dumps(_manifest(record, quads)).encode())
                _add_file(archive, "quads.nq", quads)
                journal = "".join(json.dumps(entry) + "\n" for entry in versions.journal())
                _add(archive, "journal.jsonl", journal.encode())
                for file in sorted(versions.dumps_path(record.version).glob("*")):
                    archive.add(file, f"dumps/{file.name}")
        with new.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(new, target)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise BackupError(
            f"The backup cannot be written: {error.strerror or error}",
            where=str(target),
            remedy="Give a file in a folder that you may write, with room for it.",
        ) from None
    return record.version


def restore(source: Path, data: Path) -> Version:
    """Put what the backup ``source`` holds into service in ``data``, as a new version.

    What was there stays as the version before. Raises :class:`~kg.errors.BackupError` for a file
    that is no whole backup; then nothing is changed.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = json.loads(_member(archive, "manifest.json").read())
            if int(manifest["backup"]) > BACKUP_FORMAT:
                raise BackupError(
                    "The backup was made by a newer policykg", where=str(source), remedy="Upgrade."
                )
            _check_hash(_member(archive, "quads.nq"), manifest, source)
            with tempfile.TemporaryDirectory(prefix="policykg-restore-") as folder:
                dumps = _extract_dumps(archive, Path(folder))
                quads = _member(archive, "quads.nq")
                return VersionWriter(data).restore(
                    lambda store: store.bulk_load(quads, format=RdfFormat.N_QUADS),
                    _record(manifest),
                    dumps,
                )
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, OSError) and error.filename is None and error.errno is not None:
            raise
        raise BackupError(
            f"The file is no whole backup: {error}",
            where=str(source),
            remedy="Take another backup. Nothing was changed.",
        ) from None


def verify(data: Path) -> tuple[Version, int]:
    """Read the whole version in service; return it and the number of statements that were read.

    Raises :class:`~kg.errors.StoreError` if a block of the store does not have its checksum, or
    if there are not as many statements as were written.
    """
    versions = VersionStore(data)
    version = versions.current()
    store = versions.open(version)
    read = 0
    try:
        for _ in store:
            read += 1
    except FAULTS as error:
        raise damaged(versions.store_path(version), version, str(error)) from None
    if read != version.quads:
        raise damaged(
            versions.store_path(version), version, f"{read} of {version.quads} statements are left"
        )
    return version, read


def _manifest(record: Record, quads: IO[bytes]) -> dict[str, Any]:
    return {
        "backup": BACKUP_FORMAT,
        "number": record.version.number,
        "digest": record.version.digest,
        "quads": record.version.quads,
        "build": record.build,
        "owned": record.owned,
        "sha256": _sha256(quads),
    }


def _record(manifest: Mapping[str, Any]) -> Record:
    version = Version(int(manifest["number"]), str(manifest["digest"]), int(manifest["quads"]))
    return Record(version, str(manifest["build"]), tuple(map(str, manifest["owned"])), 0)


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    total = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        total.update(chunk)
    file.seek(0)
    return total.hexdigest()


def _check_hash(quads: IO[bytes], manifest: Mapping[str, Any], source: Path) -> None:
    if _sha256(quads) != manifest["sha256"]:
        raise BackupError(
            "The statements in the backup do not have the hash that it names",
            where=str(source),
            remedy="Take another backup. Nothing was changed.",
        )


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member


def _extract_dumps(archive: tarfile.TarFile, folder: Path) -> Path:
    """Copy the dumps to ``folder``; only their names are taken from the archive, never a path."""
    for member in archive.getmembers():
        name = Path(member.name).name
        if member.isfile() and member.name == f"dumps/{name}":
            (folder / name).write_bytes(_member(archive, member.name).read())
    return folder


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _add_file(archive: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = file.seek(0, io.SEEK_END)
    file.seek(0)
    archive.addfile(info, file)
