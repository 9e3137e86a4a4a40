"""`policykg serve` over Virtuoso: the pages say what those over the embedded engine say.

What comes in another order, and what this engine does not keep as it was, is told in
``docs/engines.md``.
"""

import re
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import virtuoso
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from served import Served
from served import command
from served import servers

from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app

# Pages that have all there is; a first page of many has another selection if the order is another.
PAGES = (
    "/",
    "/page/national-action-plan",
    "/page/india",
    "/page/raza-ahmad-rumi",
    "/page/topic/counterterrorism",
    "/page/graph/ontology",
    "/page/usip-charting-pakistan-p022",
    "/recommendations",
    "/certainty",
    "/timeline",
    "/actors",
    "/reports/usip-charting-pakistan/coverage",
    "/list",
    "/list/claims",
    "/list/events",
    "/links",
    "/queries/recommendations",
    "/search?q=india",
    "/picture?start=national-action-plan",
    "/context.jsonld",
    "/data/national-action-plan.json",
)
# What Virtuoso shows in place of other words: it keeps lengths of time and booleans as numbers.
CHANGED = {
    "/frameworks": ({"1": 1, "year": 1}, {"12": 1}),
    "/page/usip-charting-pakistan-c012": ({"no": 1}, {"0": 1}),
}
GRAPHS = ("/list/claims.ttl", "/data/national-action-plan.ttl")


@pytest.fixture(scope="module")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    config = folder / "policykg.toml"
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as service, servers() as start:
        lines = [f'{name} = "{value}"' for name, value in service.settings().items()]
        config.write_text("\n".join(lines), encoding="utf-8")
        loading = command("load", "--data", built, "--config", config)
        subprocess.run(loading, capture_output=True, check=True, timeout=300)
        yield start("--data", folder / "data", "--config", config, "--port", "0")


Ours = Callable[[str], str]


@pytest.fixture
def ours(served: Served, built: Path, engine: EmbeddedEngine) -> Ours:
    port = int(served.address.rpartition(":")[2])
    client = create_app(Settings(data=built, port=port), engine).test_client()

    def get(path: str) -> str:
        reply = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})
        assert reply.status_code == 200
        return str(reply.get_data(as_text=True))

    return get


def theirs(served: Served, path: str) -> str:
    asked = urllib.request.Request(
        served.address + path, headers={"Accept": "text/html, */*;q=0.1"}
    )
    with urllib.request.urlopen(asked, timeout=60) as reply:
        assert reply.status == 200
        return str(reply.read().decode())


def words(page: str) -> Counter[str]:
    """Return the words and tags of a page, in whatever order."""
    return Counter(re.split(r"[\s<>]+", page))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_same_words_and_links(served: Served, ours: Ours, path: str) -> None:
    assert words(theirs(served, path)) == words(ours(path))


@pytest.mark.parametrize("path", CHANGED)
def test_a_page_differs_by_what_is_told(served: Served, ours: Ours, path: str) -> None:
    here, there = words(ours(path)), words(theirs(served, path))
    assert (here - there, there - here) == tuple(map(Counter, CHANGED[path]))


@pytest.mark.parametrize("path", GRAPHS)
def test_a_graph_has_the_same_statements(served: Served, ours: Ours, path: str) -> None:
    here, there = (
        {str(quad.triple) for quad in parse(text, RdfFormat.TURTLE)}
        for text in (ours(path), theirs(served, path))
    )
    assert there == here
