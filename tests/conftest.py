"""The report, built once a session, for all tests that ask it, and a small one to spoil."""

import gzip
import shutil
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import STARTED_WITHIN
from served import Served
from served import command
from served import environment
from served import servers
from small import FOLDER
from small import SmallReport

from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.pipeline import build
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.engine.embedded import EmbeddedEngine
from kg.search.files import index_current
from kg.settings import Settings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the built graph."""
    data = tmp_path_factory.mktemp("built") / "data"
    settings = Settings(data=data)
    build(settings)
    index_current(settings)
    return data


@pytest.fixture(scope="session")
def engine(built: Path) -> Iterator[EmbeddedEngine]:
    """Return an engine on the built graph."""
    engine = EmbeddedEngine(built)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def sources() -> Sources:
    """Return what the build starts from."""
    return read_sources(Settings())


@pytest.fixture
def small(tmp_path: Path) -> SmallReport:
    """Return a report of one file on another country, in a folder that the test may change."""
    report = tmp_path / "sources" / FOLDER.name
    shutil.copytree(FOLDER, report)
    packaged = packaged_layout()
    layout = Layout(packaged.ontology, packaged.queries, tmp_path / "no-links", (report,))
    return SmallReport(report, layout, tmp_path / "data")


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take Java away, which makes a check faster, and shows what it does without."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture(scope="session")
def dumped(built: Path) -> bytes:
    """Return the N-Quads of the real report, as the dump has them."""
    number = (built / "current").readlink().name
    return gzip.decompress((built / "dumps" / number / "policykg.nq.gz").read_bytes())


@pytest.fixture
def run() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Return a function that runs `policykg` with its arguments to the end."""

    def run_policykg(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*arguments),
            capture_output=True,
            text=True,
            timeout=STARTED_WITHIN,
            env=environment(),
            check=False,
        )

    return run_policykg


@pytest.fixture
def start() -> Iterator[Callable[..., Served]]:
    """Return a function that starts `policykg serve` with its arguments and waits for its line."""
    with servers() as start_policykg:
        yield start_policykg
