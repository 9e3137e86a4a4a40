"""`policykg serve` over a remote engine: the same pages, writes, and an engine that is gone."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from engines import Service
from engines import free_port
from engines import oxigraph
from served import Served
from served import command
from served import servers

from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app

TOKEN = "a-token-that-is-long-enough-to-be-one"
PAGES = (
    "/",
    "/page/national-action-plan",
    "/page/usip-charting-pakistan-c012",
    "/page/topic/counterterrorism",
    "/page/graph/ontology",
    "/recommendations",
    "/frameworks",
    "/certainty",
    "/timeline",
    "/actors",
    "/reports/usip-charting-pakistan/coverage",
    "/ontology/Claim",
    "/queries/recommendations",
    "/data/national-action-plan.ttl",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Return the folder and the port of `oxigraph serve`, so that it can come back."""
    return tmp_path_factory.mktemp("oxigraph"), free_port()


@pytest.fixture(scope="module")
def engine_process(place: tuple[Path, int]) -> Iterator[tuple[ExitStack, Service]]:
    with ExitStack() as running:
        yield running, running.enter_context(oxigraph(*place))


@pytest.fixture(scope="module")
def served(
    engine_process: tuple[ExitStack, Service],
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    config = tmp_path_factory.mktemp("remote") / "policykg.toml"
    lines = [f'{name} = "{value}"' for name, value in engine_process[1].settings().items()]
    config.write_text("\n".join(lines), encoding="utf-8")
    loading = command("load", "--data", built, "--config", config)
    said = subprocess.run(loading, capture_output=True, text=True, check=True, timeout=120)
    assert "is in service" in said.stdout
    empty = config.parent / "data"
    with servers() as start:
        yield start("--data", empty, "--config", config, "--port", "0", "--write-token", TOKEN)


def get(served: Served, path: str, **headers: str) -> tuple[int, str]:
    asked = urllib.request.Request(served.address + path, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_one_of_the_embedded_engine(
    served: Served, engine: EmbeddedEngine, built: Path, path: str
) -> None:
    port = int(served.address.rpartition(":")[2])
    client = create_app(Settings(data=built, port=port), engine).test_client()
    ours = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})
    status, text = get(served, path, Accept="text/html, */*;q=0.1")
    assert (status, ours.status_code) == (200, 200)
    assert text == ours.get_data(as_text=True)


def test_the_endpoint_answers(served: Served) -> None:
    query = quote("SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/policykg/ontology#Claim> }")
    status, body = get(served, f"/sparql?query={query}", Accept="application/json")
    [row] = json.loads(body)["results"]["bindings"]
    assert (status, int(row["n"]["value"]) > 100) == (200, True)
    status, body = get(served, f"/sparql?query={quote('SELECT * {')}")
    assert status == 400
    assert json.loads(body)["where"].startswith("line 1, column")


def test_a_write_is_seen_at_once_and_makes_a_version(served: Served) -> None:
    before = json.loads(get(served, "/healthz")[1])["version"]
    asked = urllib.request.Request(
        f"{served.address}/store?graph=urn:own",
        b'<urn:a> <urn:b> "written" .',
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"},
        method="PUT",
    )
    with urllib.request.urlopen(asked, timeout=60) as reply:
        assert reply.status == 201
        assert json.load(reply)["version"] == before + 1
    query = quote("SELECT ?o { <urn:a> <urn:b> ?o }")
    assert "written" in get(served, f"/sparql?query={query}", Accept="text/csv")[1]
    assert json.loads(get(served, "/healthz")[1])["version"] == before + 1


def test_there_is_no_journal(served: Served) -> None:
    status, body = get(served, "/changes", Accept="application/json")
    assert status == 404
    assert "keeps no journal" in body


def test_an_engine_that_stops_is_told_and_found_again(
    served: Served, engine_process: tuple[ExitStack, Service], place: tuple[Path, int]
) -> None:
    running, _ = engine_process
    kept = f"/sparql?query={quote('SELECT (1 AS ?kept) {}')}"
    assert get(served, kept, Accept="text/csv")[0] == 200
    running.close()
    status, body = get(served, f"/sparql?query={quote('SELECT (2 AS ?new) {}')}")
    assert status == 503
    assert "cannot be reached" in body
    assert get(served, kept, Accept="text/csv") == (200, "kept\r\n1\r\n")
    assert get(served, "/page/pakistan", Accept="text/html")[0] == 503
    assert json.loads(get(served, "/readyz")[1])["status"] == "unavailable"
    running.enter_context(oxigraph(*place))
    until = time.monotonic() + 30
    while get(served, "/page/pakistan", Accept="text/html")[0] != 200:
        assert time.monotonic() < until
        time.sleep(0.2)
    assert get(served, "/readyz")[0] == 200
