"""What `/metrics` tells, as families of the Prometheus client: collected when somebody asks."""

import platform
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.core import InfoMetricFamily
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from kg import __version__
from kg.engine.figures import LIMITS
from kg.engine.figures import CacheFigures
from kg.engine.figures import EngineFigures
from kg.engine.figures import Measured
from kg.engine.figures import PoolFigures
from kg.engine.interface import Engine
from kg.engine.versions import VersionStore
from kg.errors import PolicykgError
from kg.settings import Settings
from server.engine_probe import is_up
from server.process_figures import family
from server.process_figures import free_bytes
from server.request_times import BOUNDS
from server.request_times import times

_PREFIX: Final = "policykg_"


class ServiceCollector(Collector):
    """Collects the families of one server; ``caches`` are those besides the engine's own."""

    def __init__(
        self, settings: Settings, engine: Engine, caches: Iterable[CacheFigures] = ()
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._caches = tuple(caches)

    def collect(self) -> Iterator[Metric]:
        """Yield the families."""
        engine = self._engine
        nothing = EngineFigures((), ())
        figures = engine.figures() if isinstance(engine, Measured) else nothing
        yield InfoMetricFamily(
            f"{_PREFIX}build",
            "The release that runs.",
            {
                "version": __version__,
                "engine": self._settings.engine,
                "python": platform.python_version(),
            },
        )
        yield from _requests()
        yield from _pools(figures.pools)
        yield from _caches((*figures.caches, *self._caches))
        yield _gauge("engine_up", "Whether a query is answered (1) or not (0).", is_up(engine))
        yield from self._versions()
        yield from self._machine()

    def _versions(self) -> Iterator[Metric]:
        try:
            version = self._engine.version()
        except PolicykgError:
            return  # that there is none is told by the family of the engine
        yield _gauge("version", "Number of the version in service.", version.number)
        yield _gauge("version_statements", "Statements of the version in service.", version.quads)
        if self._settings.engine != "embedded":
            return
        versions = VersionStore(self._settings.data)
        yield _gauge("versions_kept", "Versions in the data folder.", len(versions.numbers()))
        try:
            made = (versions.folder(version.number) / "version.json").stat().st_mtime
        except OSError:
            return
        yield _gauge(
            "version_made_timestamp_seconds", "When the version in service was made.", made
        )

    def _machine(self) -> Iterator[Metric]:
        below = family()
        yield _gauge("workers_memory_bytes", "Memory of the workers together.", below.memory)
        yield _gauge("processes", "Processes besides the web server's own.", below.processes)
        free = free_bytes(self._settings.data)
        if free is not None:
            yield _gauge("data_free_bytes", "Room left where the data folder is.", free)


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}{name}", help_text, value)


def _requests() -> Iterator[Metric]:
    answers = CounterMetricFamily(
        f"{_PREFIX}answers", "Requests that were answered.", labels=["route", "status"]
    )
    by_route: dict[str, tuple[list[int], float]] = {}
    for (route, status), found in sorted(times().items()):
        answers.add_metric([route, str(status)], sum(found.counts))
        counts, seconds = by_route.get(route, ([0] * len(found.counts), 0.0))
        added = [a + b for a, b in zip(counts, found.counts, strict=True)]
        by_route[route] = added, seconds + found.seconds
    latency = HistogramMetricFamily(
        f"{_PREFIX}request_seconds",
        "Seconds until an answer was whole, or a large one began to be sent.",
        labels=["route"],
    )
    for route, (counts, seconds) in by_route.items():
        buckets, so_far = [], 0
        for bound, one in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
            so_far += one
            buckets.append((bound, float(so_far)))
        latency.add_metric([route], buckets, seconds)
    yield answers
    yield latency


def _pools(pools: Iterable[PoolFigures]) -> Iterator[Metric]:
    queries = GaugeMetricFamily(
        f"{_PREFIX}queries", "Queries that run and that wait.", labels=["pool", "state"]
    )
    places = GaugeMetricFamily(
        f"{_PREFIX}query_places", "Queries that may run at once.", labels=["pool"]
    )
    idle = GaugeMetricFamily(
        f"{_PREFIX}workers_idle", "Workers that wait for a query.", labels=["pool"]
    )
    ended = CounterMetricFamily(
        f"{_PREFIX}queries_ended",
        "Queries that were ended early, by the limit that they reached.",
        labels=["pool", "limit"],
    )
    for pool in pools:
        queries.add_metric([pool.name, "running"], pool.running)
        queries.add_metric([pool.name, "waiting"], pool.waiting)
        places.add_metric([pool.name], pool.places)
        idle.add_metric([pool.name], pool.idle)
        for limit in LIMITS:
            ended.add_metric([pool.name, limit], pool.ended.get(limit, 0))
    yield from (queries, places, idle, ended)


def _caches(caches: Iterable[CacheFigures]) -> Iterator[Metric]:
    lookups = CounterMetricFamily(
        f"{_PREFIX}cache_lookups", "Times a cache was asked.", labels=["cache", "result"]
    )
    size = GaugeMetricFamily(f"{_PREFIX}cache_bytes", "Bytes in use.", labels=["cache"])
    limit = GaugeMetricFamily(f"{_PREFIX}cache_limit_bytes", "Bytes at most.", labels=["cache"])
    entries = GaugeMetricFamily(f"{_PREFIX}cache_entries", "What is kept.", labels=["cache"])
    for cache in caches:
        lookups.add_metric([cache.name, "hit"], cache.hits)
        lookups.add_metric([cache.name, "miss"], cache.misses)
        size.add_metric([cache.name], cache.size)
        limit.add_metric([cache.name], cache.limit)
        entries.add_metric([cache.name], cache.entries)
    yield from (lookups, size, limit, entries)
