"""The report, built once a session, for all tests that ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build.pipeline import build
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the built graph."""
    data = tmp_path_factory.mktemp("built") / "data"
    build(Settings(data=data))
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
