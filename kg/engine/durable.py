"""Files of the data folder that are on the disk once they are written."""

import os
import shutil
from pathlib import Path


def write_durably(path: Path, text: str) -> None:
    """Write ``text`` to the file ``path``, whole or not at all: a disk may be full."""
    new = path.with_name(f".{path.name}-new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def append_durably(path: Path, text: str) -> None:
    """Write ``text`` at the end of the file ``path``, as a line of its own.

    What a full disk or a crash has cut off before does not take it along.
    """
    with path.open("ab+") as file:
        if file.seek(0, os.SEEK_END) and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
            text = "\n" + text
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def link_durably(link: Path, target: Path) -> None:
    """Make ``link`` point to ``target``, which it does before or after, never to nothing."""
    new = link.with_name(f".{link.name}-new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    os.replace(new, link)
    descriptor = os.open(link.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_store(source: Path, target: Path) -> None:
    """Copy a closed store; its table files, which are never changed, are linked."""
    target.mkdir()
    for file in source.iterdir():
        if file.suffix == ".sst":
            os.link(file, target / file.name)
        elif not file.name.startswith(("LOCK", "LOG")):
            shutil.copyfile(file, target / file.name)
