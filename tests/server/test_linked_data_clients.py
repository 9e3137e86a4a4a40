"""Programs of others read the graph as linked data: Comunica joins it with a file and follows its
IRIs, and jsonld.js reads the tidy objects as PyLD does, and as the Turtle says.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyld import jsonld
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from requirements import is_required
from requirements import require
from served import Served

from kg.namespaces import BASE
from kg.namespaces import ID
from kg.namespaces import RDFS

FOLDER = Path(__file__).parent / "linked-data-clients"
ADDRESS = "https://kg.example.org/context.jsonld"
SLUGS = (
    "national-action-plan", "pakistan", "usip-charting-pakistan", "usip-charting-pakistan-c012",
    "usip-charting-pakistan-p007", "shanghai-cooperation-organization", "topic/terrorism",
)  # fmt: skip
OWN = """
@prefix id: <https://w3id.org/policykg/id/> .
@prefix x: <https://x.example/> .
id:pakistan x:note "ours, 1" . id:india x:note "ours, 2" . id:nobody x:note "of nobody" .
"""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the programs find their libraries."""
    wanted = is_required("comunica") and shutil.which("npm") is not None
    require("comunica", wanted, "POLICYKG_TEST_REQUIRE does not ask for its download")
    folder = tmp_path_factory.mktemp("clients") / "clients"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("node_modules"))
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=folder,
        check=True,
        timeout=300,
    )
    return folder


@pytest.fixture(scope="module")
def address(start_for_module: Callable[..., Served], built: Path) -> str:
    return start_for_module("--no-build", "--data", built, "--port", "0").address


def node(folder: Path, *arguments: str, given: str = "") -> Any:
    done = subprocess.run(
        ["node", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_comunica_joins_the_graph_with_a_local_file(clients: Path, address: str) -> None:
    (clients / "own.ttl").write_text(OWN, encoding="utf-8")
    found = node(clients, "join.mjs", f"{address}/sparql", "own.ttl")
    assert sorted(found) == [
        [f"{ID}india", "India", "ours, 2"],
        [f"{ID}pakistan", "Pakistan", "ours, 1"],
    ]


def test_comunica_follows_the_iris_of_the_graph(clients: Path, address: str) -> None:
    found = node(clients, "follow.mjs", BASE, f"{address}/")
    assert ["Pakistan", "National Internal Security Policy"] in found["rows"]
    assert found["asked"][0] == "id/national-action-plan"
    assert {"id/pakistan", "id/national-internal-security-policy"} <= set(found["asked"])


def by_pyld(document: Any, context: Any) -> str:
    def load(url: str, options: Any) -> Any:
        assert url == ADDRESS
        return {"contextUrl": None, "documentUrl": url, "document": context}

    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": load,
    }
    text: str = jsonld.normalize(document, options)
    return text


def test_tidy_objects_are_the_same_to_both_processors_and_to_turtle(
    clients: Path, client: FlaskClient
) -> None:
    context = client.get("/context.jsonld").json
    documents = {slug: client.get(f"/data/{slug}.json").json for slug in SLUGS}
    given = {"address": ADDRESS, "context": context, "documents": documents}
    found = node(clients, "triples.mjs", given=json.dumps(given))
    assert found.keys() == documents.keys()
    for slug in SLUGS:
        assert found[slug] == by_pyld(documents[slug], context)
        subject = NamedNode(BASE + slug if slug.startswith("topic/") else ID + slug)
        said = {quad.triple for quad in parse(found[slug].encode(), RdfFormat.N_QUADS)}
        own = {str(triple) for triple in said if triple.subject == subject}
        turtle = parse(client.get(f"/data/{slug}.ttl").data, RdfFormat.TURTLE)
        assert own == {str(quad.triple) for quad in turtle if quad.subject == subject}, slug
        # What else a tidy object says are labels of what it names.
        others = {triple.predicate.value for triple in said if triple.subject != subject}
        assert others <= {f"{RDFS}label"}, slug
