"""Data folders and backups of releases past are read and written on with what there is now."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from served import Served

from kg.engine.backup import BACKUP_FORMAT
from kg.engine.backup import restore
from kg.engine.backup import verify
from kg.engine.versions import FORMAT
from kg.engine.versions import VersionStore
from tests.server.writing import Writer

STORES = Path(__file__).parents[2] / "fixtures" / "stores"
# A token made together with the folder of format 1; it is good for nothing else.
BEARER = {"Authorization": "Bearer 5TS5QrJxTppeUvihuWdgEe-7_PPj0vA5y-YLnxaWEmQ"}
HELD = [
    "2014-12-01",
    "3",
    "4.5",
    "from a document",
    "one",
    "true",
    "zwei",
    "\u067e\u0627\u06a9\u0633\u062a\u0627\u0646",
]
ALL = "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(ISLITERAL(?o)) }"


def unpacked(number: int, folder: Path) -> Path:
    with tarfile.open(STORES / f"data-{number}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "data"


def test_there_is_one_of_each_format() -> None:
    assert sorted(path.name for path in STORES.glob("*.gz")) == sorted(
        [f"data-{number}.tar.gz" for number in range(1, FORMAT + 1)]
        + [f"backup-{number}.tar.gz" for number in range(1, BACKUP_FORMAT + 1)]
    )


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_a_server_goes_on_with_a_folder(
    number: int, tmp_path: Path, start: Callable[..., Served]
) -> None:
    data = unpacked(number, tmp_path)
    assert json.loads((data / "format.json").read_text())["format"] == number
    assert [entry["version"] for entry in VersionStore(data).journal()] == [1, 2, 3]
    assert verify(data)[1] == 9
    served = start("--no-build", "--data", data, "--port", "0", "--default-graph", "separate")
    writer = Writer(served.address, BEARER)
    assert writer.values(ALL) == HELD
    made = writer.update('INSERT DATA { <urn:new:s> <urn:new:p> "new" }')
    assert (made.status, made.json) == (200, {"version": 4, "statements": 10})
    assert writer.values(ALL) == sorted([*HELD, "new"])
    # What was there before the first write is kept, for the way back.
    assert VersionStore(data).numbers() == [2, 3, 4]


@pytest.mark.parametrize("number", range(1, BACKUP_FORMAT + 1))
def test_a_backup_is_restored(number: int, tmp_path: Path) -> None:
    version = restore(STORES / f"backup-{number}.tar.gz", tmp_path / "data")
    assert (version.number, version.quads) == (1, 9)
    assert verify(tmp_path / "data") == (version, 9)
