"""Versions are published whole or not at all, and readers keep what they have opened."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.committing import KEPT_VERSIONS
from kg.engine.committing import VersionWriter
from kg.engine.interface import Version
from kg.engine.versions import FORMAT
from kg.engine.versions import Record
from kg.engine.versions import VersionStore
from kg.errors import StoreBusy
from kg.errors import StoreError
from kg.errors import StoreMissing
from kg.errors import StoreNotWritable
from kg.errors import StoreTooNew

GRAPH = NamedNode("http://example.org/graph/a")
OTHER = NamedNode("http://example.org/graph/b")


def quad(value: str, graph: NamedNode = GRAPH) -> Quad:
    return Quad(
        NamedNode("http://example.org/s"), NamedNode("http://example.org/p"), Literal(value), graph
    )


def write_nothing(folder: Path) -> None:
    assert folder.is_dir()


def publish(
    data: Path,
    *values: str,
    digest: str | None = None,
    write_dumps: Callable[[Path], None] = write_nothing,
) -> Version:
    quads = [quad(value) for value in values]
    return VersionWriter(data).publish(quads, digest or "+".join(values), write_dumps)


def read(data: Path) -> set[str]:
    """Return the values in the version in service."""
    store = Store.read_only(str(data / "current" / "store"))
    return {found.object.value for found in store if isinstance(found.object, Literal)}


def test_publish_makes_the_first_version(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    version = publish(
        data, "a", "b", write_dumps=lambda folder: (folder / "d").write_text("x") and None
    )
    versions = VersionStore(data)
    assert version == Version(number=1, digest="a+b", quads=2)
    assert versions.current() == version
    last = versions.last()
    assert last is not None
    assert last.version == version
    assert read(data) == {"a", "b"}
    assert (versions.dumps_path(version) / "d").read_text() == "x"
    assert versions.store_path(version) == data / "versions" / "1" / "store"
    assert json.loads((data / "format.json").read_text()) == {"format": FORMAT}
    assert json.loads((data / "current" / "version.json").read_text()) == {
        "number": 1,
        "digest": "a+b",
        "quads": 2,
        "build": "a+b",
        "owned": [GRAPH.value],
        "dumps": 1,
    }


def test_same_digest_makes_no_new_version(tmp_path: Path) -> None:
    first = publish(tmp_path, "a")

    def fail(folder: Path) -> None:
        raise AssertionError(folder)

    assert publish(tmp_path, "a", write_dumps=fail) == first
    assert [path.name for path in (tmp_path / "versions").iterdir()] == ["1"]


def insert(store: Store, *quads: Quad) -> dict[str, str]:
    store.extend(quads)
    return {"by": "a test"}


def test_build_replaces_its_own_graphs_and_keeps_what_users_wrote(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    VersionWriter(tmp_path).change(lambda store, last: insert(store, quad("kept", OTHER)))
    version = publish(tmp_path, "b")
    assert version == Version(number=3, digest="b", quads=2)
    assert read(tmp_path) == {"b", "kept"}


def test_change_keeps_dumps_and_owners_of_the_build(tmp_path: Path) -> None:
    first = publish(
        tmp_path, "a", write_dumps=lambda folder: (folder / "d").write_text("x") and None
    )
    changed = VersionWriter(tmp_path).change(lambda store, last: insert(store, quad("b", OTHER)))
    versions = VersionStore(tmp_path)
    record = versions.record()
    assert record.version == changed
    assert (changed.number, changed.quads) == (2, 2)
    assert changed.digest != first.digest
    assert (record.build, record.owned, record.dumps) == ("a", (GRAPH.value,), 1)
    assert (versions.dumps_path(changed) / "d").read_text() == "x"
    assert publish(tmp_path, "a") == changed, "the build in it is the same"


def test_a_change_that_says_how_far_it_grew_is_not_counted(tmp_path: Path) -> None:
    publish(tmp_path, "a")

    def grow(store: Store, last: Record | None) -> dict[str, object]:
        return {**insert(store, quad("b", OTHER)), "change": 1}

    changed = VersionWriter(tmp_path).change(grow)
    assert changed.quads == len(Store.read_only(str(tmp_path / "current" / "store"))) == 2


def test_failing_change_changes_nothing(tmp_path: Path) -> None:
    first = publish(tmp_path, "a")

    def fail(store: Store, last: Record | None) -> dict[str, str]:
        store.add(quad("b"))
        raise RuntimeError("on second thoughts")

    with pytest.raises(RuntimeError, match="on second thoughts"):
        VersionWriter(tmp_path).change(fail)
    assert VersionStore(tmp_path).current() == first
    assert read(tmp_path) == {"a"}
    assert [path.name for path in (tmp_path / "versions").iterdir()] == ["1"]


def test_journal_tells_of_versions_that_came_into_service(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    VersionWriter(tmp_path).change(lambda store, last: insert(store, quad("b", OTHER)))
    with (tmp_path / "journal.jsonl").open("a") as journal:
        journal.write('{"version": 3, "time": "never"}\n{"versi')
    entries = list(VersionStore(tmp_path).journal())
    assert [(e["version"], e["by"], e["statements"]) for e in entries] == [
        (1, "build", 1),
        (2, "a test", 2),
    ]


def test_old_versions_retire_and_open_readers_survive(tmp_path: Path) -> None:
    publish(tmp_path, "v1")
    reader = Store.read_only(str(tmp_path / "versions" / "1" / "store"))
    for number in range(2, KEPT_VERSIONS + 3):
        publish(tmp_path, f"v{number}")
    kept = {str(number) for number in range(3, KEPT_VERSIONS + 3)}
    assert {path.name for path in (tmp_path / "versions").iterdir()} == kept
    assert {path.name for path in (tmp_path / "dumps").iterdir()} == kept
    assert read(tmp_path) == {f"v{KEPT_VERSIONS + 2}"}
    assert {str(found.object) for found in reader} == {'"v1"'}


def test_failure_on_the_way_leaves_the_last_version_in_service(tmp_path: Path) -> None:
    first = publish(tmp_path, "a")

    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("no more paper")

    with pytest.raises(RuntimeError, match="no more paper"):
        publish(tmp_path, "b", write_dumps=fail)
    assert VersionStore(tmp_path).current() == first
    assert read(tmp_path) == {"a"}
    # What was half done does not show in the next version.
    second = publish(tmp_path, "c")
    assert second == Version(number=2, digest="c", quads=1)
    assert read(tmp_path) == {"c"}
    assert list(VersionStore(tmp_path).dumps_path(second).iterdir()) == []


def test_full_disk_is_explained_and_leaves_the_last_version_in_service(tmp_path: Path) -> None:
    first = publish(tmp_path, "a")

    def fail(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreNotWritable, match="No space left on device"):
        publish(tmp_path, "b", write_dumps=fail)
    assert VersionStore(tmp_path).current() == first


def test_empty_folder_has_no_version(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as missing:
        VersionStore(tmp_path).current()
    assert missing.value.where == str(tmp_path)
    assert missing.value.remedy is not None
    assert "policykg build" in missing.value.remedy
    assert VersionStore(tmp_path).last() is None
    assert list(tmp_path.iterdir()) == [], "asking must not write"


def test_folder_from_a_newer_policykg_is_left_alone(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    (tmp_path / "format.json").write_text(json.dumps({"format": FORMAT + 1}))
    with pytest.raises(StoreTooNew, match=f"has format {FORMAT + 1}"):
        VersionStore(tmp_path).current()
    with pytest.raises(StoreTooNew):
        VersionStore(tmp_path).last()
    with pytest.raises(StoreTooNew):
        publish(tmp_path, "b")
    assert json.loads((tmp_path / "format.json").read_text()) == {"format": FORMAT + 1}
    assert read(tmp_path) == {"a"}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": null}', "{"])
def test_damaged_format_is_explained(tmp_path: Path, text: str) -> None:
    publish(tmp_path, "a")
    (tmp_path / "format.json").write_text(text)
    with pytest.raises(StoreError, match="format cannot be read") as error:
        VersionStore(tmp_path).current()
    assert error.value.where == str(tmp_path / "format.json")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"number": 1}', "{", '{"number": "x"}'])
def test_damaged_record_is_explained_and_the_next_build_heals_it(tmp_path: Path, text: str) -> None:
    publish(tmp_path, "a")
    (tmp_path / "current" / "version.json").write_text(text)
    with pytest.raises(StoreError, match="damaged") as error:
        VersionStore(tmp_path).current()
    assert not isinstance(error.value, StoreMissing)
    assert error.value.remedy == "Run `policykg build` to make a new version."
    assert VersionStore(tmp_path).last() is None
    assert publish(tmp_path, "a").number == 2
    assert read(tmp_path) == {"a"}


def test_unwritable_folder_is_explained(tmp_path: Path) -> None:
    # Below a regular file, because root may write into any folder.
    (tmp_path / "file").write_text("")
    data = tmp_path / "file" / "data"
    with pytest.raises(StoreNotWritable) as error:
        publish(data, "a")
    assert error.value.where == str(data)
    assert error.value.remedy == "Give a folder that you may write with --data or POLICYKG_DATA."


def test_second_writer_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    first = publish(tmp_path, "a")
    holder = (
        "import fcntl, sys\n"
        "lock = open(sys.argv[1], 'w')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", holder, str(tmp_path / ".writer")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusy) as busy:
            publish(tmp_path, "b")
        process.communicate()
    assert busy.value.where == str(tmp_path)
    assert VersionStore(tmp_path).current() == first
    assert publish(tmp_path, "b").number == 2
