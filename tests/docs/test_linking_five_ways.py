"""Each of the five ways in docs/linking.md runs as it is copied, and prints what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import command
from served import environment
from served import servers

DOCUMENT = Path(__file__).parents[2] / "docs" / "linking.md"
ADDRESS = "http://127.0.0.1:8000"
SECTION = (
    DOCUMENT.read_text(encoding="utf-8")
    .partition("## Link your dataset, in five ways\n")[2]
    .partition("\n## ")[0]
)
START, *WAYS = re.split(r"^### ", SECTION, flags=re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def data(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the built graph: the ways change it."""
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("ways") / "data", symlinks=True))


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with servers() as start:
        yield start("--no-build", "--data", data, "--port", "0").address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder, with `policykg` in a folder of its own."""
    (tmp_path / "bin").mkdir()
    policykg = tmp_path / "bin" / "policykg"
    policykg.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n', encoding="utf-8")
    policykg.chmod(0o755)
    (tmp_path / "work").mkdir()
    return tmp_path


def write(text: str, folder: Path, address: str) -> None:
    """Write the files that stand in ``text``."""
    for _, name, block in BLOCK.findall(text.replace(ADDRESS, address)):
        if name:
            (folder / "work" / name).write_text(block, encoding="utf-8")


def run(text: str, folder: Path, address: str, data: Path) -> None:
    """Run the blocks of ``text`` one after the other; what they print is the block that follows."""
    write(text, folder, address)
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent)])
    settings = {
        "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
        "POLICYKG_DATA": str(data),
        "PYTHONPATH": str(DOCUMENT.parents[1]),
        "PYTHONWARNINGS": "ignore",
    }
    printed = ""
    for kind, name, block in BLOCK.findall(text.replace(ADDRESS, address)):
        if name:
            continue
        if kind == "text":
            assert printed == block
        else:
            lines = block.splitlines()
            typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            line = ["sh", "-e", "-c", "\n".join(typed)]
            done = subprocess.run(
                line if kind == "console" else [sys.executable, "-c", block],
                cwd=folder / "work",
                env={**environment(), **settings},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            printed = done.stdout
            if kind == "console":
                said = [one for one in lines if not one.startswith("$ ")]
                assert printed.splitlines() == said, done.stderr
            assert done.returncode == 0, done.stderr


def test_the_start_runs_as_it_is_copied(folder: Path, address: str, data: Path) -> None:
    run(START, folder, address, data)


def test_there_are_five_ways() -> None:
    assert [way[0] for way in WAYS] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.partition("\n")[0])
def test_way_runs_as_it_is_copied(way: str, folder: Path, address: str, data: Path) -> None:
    write(START, folder, address)
    run(way, folder, address, data)
