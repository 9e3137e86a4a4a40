"""Figures for Prometheus: right, cheap to count, and only for those who may read them."""

import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from requirements import require
from served import Served

from kg.engine.embedded import EmbeddedEngine
from kg.engine.versions import VersionStore
from kg.settings import Settings
from kg.tokens import TokenFile
from server import request_times
from server.app import create_app
from server.engine_probe import is_up

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def figures(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Told:
    """What a running server tells."""

    def __init__(self, served: Served) -> None:
        self.served = served

    def text(self) -> str:
        with urllib.request.urlopen(self.served.address + "/metrics", timeout=60) as answer:
            return str(answer.read().decode())

    def get(self, name: str, **labels: str) -> float:
        return figures(self.text())[name, frozenset(labels.items())]

    def ask(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.served.address + path, timeout=60) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code


@pytest.fixture(scope="module")
def told(
    start_for_module: Callable[..., Served],
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Told:
    config = tmp_path_factory.mktemp("metrics") / "policykg.toml"
    config.write_text("query_seconds = 0.5\n", encoding="utf-8")
    return Told(start_for_module("--no-build", "--port", "0", "--data", built, "--config", config))


def test_both_ways_of_a_query_are_counted_and_timed(told: Told) -> None:
    plain = f"/sparql?query={quote('ASK { ?counted a ?once }')}"
    for _ in range(3):
        assert told.ask(plain) == 200
    assert told.ask("/sparql?query=SELECT") == 400
    assert told.get("policykg_answers_total", route="/sparql", status="200") == 3
    assert told.get("policykg_answers_total", route="/sparql", status="400") == 1
    assert told.get("policykg_request_seconds_count", route="/sparql") == 4
    assert told.get("policykg_request_seconds_bucket", route="/sparql", le="+Inf") == 4
    assert 0 < told.get("policykg_request_seconds_sum", route="/sparql") < 60
    assert told.get("policykg_cache_lookups_total", cache="answers", result="hit") == 2
    assert told.get("policykg_cache_entries", cache="answers") == 1
    assert told.get("policykg_cache_bytes", cache="answers") > 0


def test_a_query_that_is_ended_is_counted_by_its_limit(told: Told) -> None:
    def ended() -> float:
        return told.get("policykg_queries_ended_total", pool="queries", limit="time")

    before = ended()
    assert told.ask(f"/sparql?query={quote(RUNAWAY)}") == 504
    assert ended() == before + 1


def test_pages_and_their_cache(told: Told) -> None:
    assert told.ask("/page/pakistan") == told.ask("/page/pakistan") == 200
    assert told.get("policykg_cache_lookups_total", cache="pages", result="miss") == 1
    assert told.get("policykg_cache_lookups_total", cache="pages", result="hit") == 1
    assert told.ask("/no/such/place") == 404
    assert told.get("policykg_answers_total", route="-", status="404") == 1


def test_the_state_of_the_server(told: Told, built: Path) -> None:
    assert told.get("policykg_engine_up") == 1
    assert told.get("policykg_version") == 1
    held = VersionStore(built).current().quads
    assert told.get("policykg_version_statements") == held
    assert told.get("policykg_query_places", pool="queries") == 4
    assert told.get("policykg_queries", pool="queries", state="waiting") == 0
    assert told.get("policykg_workers_memory_bytes") > 1 << 20
    assert told.get("policykg_data_free_bytes") > 0
    assert told.get("process_resident_memory_bytes") > 1 << 20


def test_promtool_finds_nothing_to_say(told: Told) -> None:
    promtool = shutil.which("promtool")
    require("promtool", promtool is not None, "there is no promtool")
    said = subprocess.run(
        [str(promtool), "check", "metrics"],
        input=told.text(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def client_of(built: Path, data: Path, metrics: str, **more: str) -> FlaskClient:
    settings = Settings(data=data, metrics=metrics, **more)  # type: ignore[arg-type]
    return create_app(settings, EmbeddedEngine(built)).test_client()


@pytest.mark.parametrize(
    ("metrics", "peer", "headers", "status"),
    [
        ("local", "127.0.0.1", {}, 200),
        ("local", "::1", {"Host": "[::1]:8000"}, 200),
        ("local", "127.0.0.1", {"Host": "127.0.0.1:8000"}, 200),
        ("local", "192.0.2.1", {}, 401),
        ("local", "127.0.0.1", {"Host": "kg.example.org"}, 401),
        ("local", "127.0.0.1", {"Host": "127.0.0.1.example.org"}, 401),
        ("local", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 401),
        ("local", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 401),
        ("local", "127.0.0.1", {"Via": "1.1 proxy"}, 401),
        ("local", "127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 401),
        ("token", "127.0.0.1", {}, 401),
        ("open", "192.0.2.1", {"Host": "kg.example.org", "Via": "1.1 proxy"}, 200),
        ("off", "127.0.0.1", {}, 404),
    ],
)
def test_who_may_read(
    built: Path, tmp_path: Path, metrics: str, peer: str, headers: dict[str, str], status: int
) -> None:
    client = client_of(built, tmp_path, metrics)
    told = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert told.status_code == status
    assert told.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("scopes", "status"), [(("query",), 200), (("query", "update"), 200), (("update",), 403)]
)
def test_a_token_for_reading_is_enough(
    built: Path, tmp_path: Path, scopes: tuple[str, ...], status: int
) -> None:
    text, _ = TokenFile(tmp_path).create("prometheus", (), None, scopes)
    client = client_of(built, tmp_path, "token", reading="token")
    headers = {"Authorization": f"Bearer {text}"}
    far = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.get("/metrics", headers=headers, environ_base=far).status_code == status


def test_who_comes_by_way_of_a_proxy_is_not_here(told: Told) -> None:
    address = told.served.address + "/metrics"
    request = urllib.request.Request(address, headers={"X-Forwarded-For": "192.0.2.1"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=60)
    with caught.value as error:
        assert error.code == 401


def test_openmetrics_is_told_to_who_wants_it(built: Path, tmp_path: Path) -> None:
    client = client_of(built, tmp_path, "local")
    told = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert told.headers["Content-Type"].startswith("application/openmetrics-text")
    assert told.get_data(as_text=True).endswith("# EOF\n")


def test_what_threads_count_is_added_up() -> None:
    def work() -> None:
        for n in range(1000):
            request_times.count("/of-this-test", 200 + n % 2, 0.0003)
            request_times.count("/of-this-test", 200, 100.0)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = request_times.times()
    of_200 = found["/of-this-test", 200]
    assert sum(of_200.counts) == 8 * 1500
    assert of_200.counts[-1] == 8 * 1000
    assert of_200.seconds == pytest.approx(8 * (500 * 0.0003 + 1000 * 100.0))
    assert sum(found["/of-this-test", 201].counts) == 8 * 500


def test_to_count_costs_little_beside_a_lookup() -> None:
    rounds = 20_000
    began = time.thread_time()
    for _ in range(rounds):
        request_times.count("/of-this-test-as-well", 200, 0.0003)
    # A lookup takes some 50 microseconds; what is measured here is a quarter of one.
    assert (time.thread_time() - began) / rounds < 5e-6


def test_an_engine_that_stalls_is_not_waited_for(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_up(engine)
    monkeypatch.setattr("server.engine_probe._PATIENCE", 0.1)
    go_on = threading.Event()
    monkeypatch.setattr(EmbeddedEngine, "rows", lambda *_: go_on.wait(60) and [{}])
    began = time.monotonic()
    assert not any(is_up(engine) for _ in range(10))
    assert time.monotonic() - began < 30
    go_on.set()
