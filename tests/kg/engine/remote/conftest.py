"""Remote engines that hold the built graph."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path

import pytest
from engines import Service
from engines import oxigraph
from engines import virtuoso

from kg.engine.isolation.limits import Limits
from kg.engine.remote.engine import RemoteEngine
from kg.engine.remote.loading import Loaded
from kg.engine.remote.loading import Loader
from kg.engine.versions import VersionStore
from kg.settings import Settings
from kg.settings import load_settings


def settings_of(service: Service, data: Path, **more: str) -> Settings:
    return load_settings({}, data=data, **service.settings(), **more)


def publish(settings: Settings) -> Loaded:
    """Load what is built in the data folder into the service."""
    versions = VersionStore(settings.data)
    version = versions.current()
    with (
        closing(RemoteEngine(settings, Limits.of(settings))) as engine,
        closing(Loader(settings, engine.select)) as loader,
    ):
        return loader.load(versions.open(version), version)


@contextmanager
def engine_on(service: Service, data: Path) -> Iterator[RemoteEngine]:
    settings = settings_of(service, data)
    publish(settings)
    with closing(RemoteEngine(settings, Limits.of(settings))) as engine:
        yield engine


@pytest.fixture(scope="module")
def oxigraph_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as service:
        yield service


@pytest.fixture(scope="module")
def remote(oxigraph_service: Service, built: Path) -> Iterator[RemoteEngine]:
    """Return an engine over `oxigraph serve`, which holds the built graph."""
    with engine_on(oxigraph_service, built) as engine:
        yield engine


@pytest.fixture(scope="module")
def on_virtuoso(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteEngine]:
    """Return an engine over Virtuoso, which holds the built graph."""
    with (
        virtuoso(tmp_path_factory.mktemp("virtuoso")) as service,
        engine_on(service, built) as engine,
    ):
        yield engine


@pytest.fixture
def publishing() -> Callable[[Settings], Loaded]:
    return publish
