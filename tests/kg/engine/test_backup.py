"""A backup holds the whole version in one file; what is not whole is not restored."""

import gzip
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.backup import backup
from kg.engine.backup import restore
from kg.engine.backup import verify
from kg.engine.committing import VersionWriter
from kg.engine.versions import VersionStore
from kg.errors import BackupError
from kg.errors import StoreError
from server.cli import main

GRAPH = NamedNode("http://example.org/graph/a")


def quads(*values: str) -> list[Quad]:
    s, p = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")
    return [Quad(s, p, Literal(value), GRAPH) for value in values]


def publish(data: Path, *values: str) -> None:
    def dump(folder: Path) -> None:
        (folder / "x.nq.gz").write_bytes(gzip.compress(b"dump", mtime=0))

    VersionWriter(data).publish(quads(*values), "+".join(values), dump)


def content(data: Path) -> list[str]:
    return sorted(map(str, Store.read_only(str(data / "current" / "store"))))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a backup of two statements, one of a build and one of a user."""
    publish(tmp_path / "old", "built")
    other = Quad(GRAPH, GRAPH, GRAPH, NamedNode("http://example.org/mine"))
    VersionWriter(tmp_path / "old").change(lambda store, last: store.add(other) or {"by": "me"})
    version = backup(tmp_path / "old", tmp_path / "backup.tar.gz")
    assert (version.number, version.quads) == (2, 2)
    return tmp_path / "backup.tar.gz"


def test_a_fresh_folder_goes_on_from_a_backup(file: Path, tmp_path: Path) -> None:
    version = restore(file, tmp_path / "new")
    assert (version.number, version.quads) == (1, 2)
    assert content(tmp_path / "new") == content(tmp_path / "old")
    versions = VersionStore(tmp_path / "new")
    assert (versions.dumps_path(version) / "x.nq.gz").exists()
    # The next build knows what is its own: it replaces that and leaves the user's statement.
    publish(tmp_path / "new", "built anew")
    assert [line for line in content(tmp_path / "new") if "built" in line] == [
        str(quads("built anew")[0])
    ]
    assert len(content(tmp_path / "new")) == 2


def test_what_was_there_stays_as_the_version_before(file: Path, tmp_path: Path) -> None:
    publish(tmp_path / "used", "x")
    assert restore(file, tmp_path / "used").number == 2
    assert VersionStore(tmp_path / "used").numbers() == [1, 2]
    entry = list(VersionStore(tmp_path / "used").journal())[-1]
    assert (entry["by"], entry["of"]) == ("restore", 2)


def rewrite(file: Path, name: str, data: bytes | None) -> None:
    """Put ``data`` in the place of the member ``name``, or leave it out."""
    with tarfile.open(file) as archive:
        members = {m.name: archive.extractfile(m).read() for m in archive.getmembers()}  # type: ignore[union-attr]
    members[name] = data or b""
    with tarfile.open(file, "w:gz") as archive:
        for member, content in members.items():
            if member == name and data is None:
                continue
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("quads.nq", b"<a:> <b:> <c:> .\n"),
        ("quads.nq", None),
        ("manifest.json", None),
        ("manifest.json", b"{}"),
        ("manifest.json", b"["),
    ],
)
def test_what_is_not_whole_is_not_restored(
    file: Path, tmp_path: Path, name: str, data: bytes | None
) -> None:
    rewrite(file, name, data)
    publish(tmp_path / "used", "x")
    with pytest.raises(BackupError, match=r"whole|hash"):
        restore(file, tmp_path / "used")
    assert VersionStore(tmp_path / "used").current().number == 1


@pytest.mark.parametrize("length", [0, 10, 300])
def test_a_file_that_is_cut_off(file: Path, tmp_path: Path, length: int) -> None:
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(BackupError, match="no whole backup"):
        restore(file, tmp_path / "new")


def test_names_in_a_backup_lead_nowhere_else(file: Path, tmp_path: Path) -> None:
    rewrite(file, "dumps/../../evil", b"x")
    rewrite(file, "/tmp/evil", b"x")
    restore(file, tmp_path / "new")
    assert not list(tmp_path.rglob("evil"))


def test_a_backup_from_a_newer_version(file: Path, tmp_path: Path) -> None:
    rewrite(file, "manifest.json", json.dumps({"backup": 2}).encode())
    with pytest.raises(BackupError, match="newer policykg"):
        restore(file, tmp_path / "new")


def test_a_backup_that_cannot_be_written(tmp_path: Path) -> None:
    publish(tmp_path / "data", "a")
    with pytest.raises(BackupError, match="cannot be written"):
        backup(tmp_path / "data", tmp_path / "no" / "folder" / "file")
    assert not list(tmp_path.glob(".*.new"))


def test_a_sound_store(built: Path) -> None:
    version, read = verify(built)
    assert read == version.quads


def test_a_damaged_block_is_found(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "data", symlinks=True)
    tables = (tmp_path / "data" / "current" / "store").glob("*.sst")
    for table in tables:
        data = bytearray(table.read_bytes())
        for place in range(0, len(data) // 2, 512):
            data[place] ^= 0xFF
        table.write_bytes(data)
    with pytest.raises(StoreError, match="is damaged") as error:
        verify(tmp_path / "data")
    assert error.value.remedy is not None
    assert "policykg restore FILE" in error.value.remedy


def test_a_missing_file_is_found_at_start(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "data", symlinks=True)
    next((tmp_path / "data" / "current" / "store").glob("*.sst")).unlink()
    with pytest.raises(StoreError, match="is damaged"):
        verify(tmp_path / "data")


def test_commands(built: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, list(arguments))
        return done.exit_code, done.stdout, done.stderr

    version = VersionStore(built).current()
    file, new = str(tmp_path / "b.tar.gz"), str(tmp_path / "new")
    assert run("backup", file, "--data", str(built)) == (
        0,
        f"Version {version.number} with {version.quads} statements is in {file}\n",
        "",
    )
    assert run("restore", file, "--data", new) == (
        0,
        f"Version 1 with {version.quads} statements is in service\n",
        "",
    )
    assert run("verify", "--data", new) == (
        0,
        f"Version 1 is sound: {version.quads} statements\n",
        "",
    )
    assert run("restore", str(tmp_path / "none"), "--data", new)[0] == 1
