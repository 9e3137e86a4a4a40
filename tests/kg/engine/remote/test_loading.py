"""Loading: all of a version or none of it, only what changed, and on from where it stopped."""

import shutil
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from pathlib import Path

import pytest
from engines import Service
from engines import oxigraph
from pyoxigraph import Store
from small import SmallReport

from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.engine.isolation.limits import Limits
from kg.engine.remote.engine import RemoteEngine
from kg.engine.remote.loading import Loader
from kg.engine.versions import VersionStore
from kg.errors import BadParameter
from kg.errors import EngineDown
from kg.errors import EngineFailed
from kg.errors import StoreMissing
from kg.settings import Settings
from kg.settings import load_settings
from tests.kg.engine.remote.conftest import publish
from tests.kg.engine.remote.conftest import settings_of

EngineOf = Callable[[Settings], RemoteEngine]
LoaderOf = Callable[..., Loader]
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with oxigraph(tmp_path / "oxigraph") as service:
        yield service


def build_small(small: SmallReport) -> None:
    build(small.settings, Options(layout=small.layout))


def change(small: SmallReport) -> None:
    small.change("Fishing after the fall", "Fishing after the rise")


@pytest.fixture
def engine_of() -> Iterator[EngineOf]:
    with ExitStack() as opened:

        def make(settings: Settings) -> RemoteEngine:
            return opened.enter_context(closing(RemoteEngine(settings, Limits.of(settings))))

        yield make


@pytest.fixture
def loader() -> Iterator[LoaderOf]:
    with ExitStack() as opened:
        yield lambda *args: opened.enter_context(closing(Loader(*args)))


def test_a_version_is_put_into_service_and_only_changes_are_sent(
    service: Service, small: SmallReport, engine_of: EngineOf, loader: LoaderOf
) -> None:
    build_small(small)
    settings = settings_of(service, small.settings.data)
    with pytest.raises(StoreMissing, match="no published graph"):
        engine_of(settings).version()
    first = publish(settings)
    graphs = first.sent
    assert (first.kept, first.removed) == (0, 0)
    engine = engine_of(settings)
    assert engine.version() == VersionStore(settings.data).current()
    again = publish(settings)
    assert (again.sent, again.kept, again.removed) == (0, graphs, 0)
    change(small)
    build_small(small)
    changed = publish(settings)
    assert 0 < changed.sent < graphs
    assert engine_of(settings).version() == VersionStore(settings.data).current()
    stored = VersionStore(settings.data).current().quads
    marks = 3 + graphs  # what says which version it is
    assert engine.select(COUNT) == [{"n": str(stored + marks)}]


def test_an_interrupted_load_goes_on_where_it_stopped(
    service: Service, small: SmallReport, engine_of: EngineOf, loader: LoaderOf
) -> None:
    build_small(small)
    settings = settings_of(service, small.settings.data)
    versions = VersionStore(settings.data)
    version = versions.current()
    said: list[str] = []

    class Interrupted(Exception):
        pass

    def interrupt(line: str) -> None:
        said.append(line)
        if len(said) == 4:
            raise Interrupted

    engine = engine_of(settings)
    with pytest.raises(Interrupted):
        loader(settings, engine.select, interrupt).load(versions.open(version), version)
    with pytest.raises(StoreMissing):
        engine.version()
    sent_before = said[:3]
    said.clear()
    loader(settings, engine.select, said.append).load(versions.open(version), version)
    assert not set(sent_before) & set(said)
    assert engine.version() == version


def test_what_users_wrote_stays(
    service: Service, small: SmallReport, engine_of: EngineOf, loader: LoaderOf
) -> None:
    build_small(small)
    settings = settings_of(service, small.settings.data)
    publish(settings)
    engine = engine_of(settings)
    engine._writing._send([("update", "INSERT DATA { GRAPH <urn:own> { <urn:a> <urn:b> 1 } }")])
    change(small)
    build_small(small)
    publish(settings)
    assert engine.select("SELECT ?o { GRAPH <urn:own> { ?s ?p ?o } }") == [{"o": "1"}]


def test_a_graph_that_is_built_no_more_is_taken_away(
    service: Service, small: SmallReport, engine_of: EngineOf, loader: LoaderOf
) -> None:
    build_small(small)
    settings = settings_of(service, small.settings.data)
    publish(settings)
    store = Store()
    version = VersionStore(settings.data).current()
    loaded = loader(settings, engine_of(settings).select).load(store, version)
    assert loaded.removed > 0
    assert engine_of(settings).select(COUNT) == [{"n": "3"}]


def test_a_service_that_loses_statements_is_found_out(
    service: Service, small: SmallReport, engine_of: EngineOf, loader: LoaderOf
) -> None:
    build_small(small)
    settings = settings_of(service, small.settings.data)
    versions = VersionStore(settings.data)
    engine = engine_of(settings)

    def one_less(text: str) -> list[dict[str, str]]:
        rows = engine.select(text)
        return [{**row, "n": str(int(row["n"]) - 1)} if "n" in row else row for row in rows]

    version = versions.current()
    with pytest.raises(EngineFailed, match="and holds"):
        loader(settings, one_less).load(versions.open(version), version)
    with pytest.raises(StoreMissing):
        engine.version()


def test_an_address_that_is_missing_is_named(tmp_path: Path) -> None:
    settings = load_settings({}, data=tmp_path, engine="remote", query_url="http://127.0.0.1:1/")
    with pytest.raises(BadParameter, match="POLICYKG_UPDATE_URL"):
        Loader(settings, lambda text: [])


def test_a_service_that_is_not_there(small: SmallReport) -> None:
    build_small(small)
    place = "http://127.0.0.1:1/"
    settings = load_settings(
        {},
        data=small.settings.data,
        engine="remote",
        query_url=place,
        update_url=place,
        store_url=place,
    )
    with pytest.raises(EngineDown):
        publish(settings)
    shutil.rmtree(small.settings.data)
