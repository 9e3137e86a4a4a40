"""The index of a version: named by it, made once, made again if it is missing or damaged."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Version
from kg.namespaces import BASE
from kg.namespaces import RDFS
from kg.search.files import Indexes
from kg.search.files import index_path
from kg.search.files import make_index

THING = NamedNode(f"{BASE}id/thing")


class Changing:
    """An engine, remote for all one can see, that gives few rows and changes when it is told."""

    def __init__(self) -> None:
        self.name = "First name"

    def version(self) -> Version:
        return Version(1, self.name.encode().hex().ljust(64, "0"), 1)

    def rows(self, query) -> list[dict]:
        graph = NamedNode(f"{BASE}graph/report")
        if "OFFSET 0" not in query.text:
            return []
        if "?type" in query.text:
            return [{"thing": THING, "type": NamedNode(f"{BASE}kind"), "graph": graph}]
        label = NamedNode(RDFS + "label")
        return [{"thing": THING, "property": label, "text": Literal(self.name), "graph": graph}]


def test_an_index_follows_its_engine(tmp_path: Path) -> None:
    engine = Changing()
    indexes = Indexes(engine, tmp_path / "search")  # type: ignore[arg-type]
    first = indexes.current(wait=60)
    assert first.search("first").hits[0].iri == THING.value
    assert indexes.current() is first
    engine.name = "Second name"
    second = indexes.current(wait=60)
    assert [hit.name for hit in second.search("second").hits] == ["Second name"]
    assert second.search("first").hits == ()


def test_old_indexes_go(tmp_path: Path) -> None:
    engine = Changing()
    for number in range(6):
        engine.name = f"Name {number}"
        made = make_index(engine, tmp_path)  # type: ignore[arg-type]
    assert made.exists()
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("damage", [b"", b"no database", None])
def test_a_damaged_index_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    engine = Changing()
    path = make_index(engine, tmp_path)  # type: ignore[arg-type]
    path.unlink() if damage is None else path.write_bytes(damage)
    index = Indexes(engine, tmp_path).current(wait=60)  # type: ignore[arg-type]
    assert index.search("first").hits[0].iri == THING.value


def test_a_killed_maker_leaves_no_index_and_the_next_one_makes_it(
    built: Path, tmp_path: Path
) -> None:
    path = index_path(tmp_path, EmbeddedEngine(built).version())
    command = [sys.executable, "-m", "kg.search", str(built), str(tmp_path), BASE]
    maker = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".making-*/*")) and time.monotonic() < deadline:
            time.sleep(0.005)
    finally:
        os.kill(maker.pid, signal.SIGKILL)
        maker.wait(60)
    assert not path.exists()
    indexes = Indexes(EmbeddedEngine(built), tmp_path, apart=built)
    assert indexes.current(wait=120).search("nap").hits[0].iri == f"{BASE}id/national-action-plan"
    assert path.exists()
