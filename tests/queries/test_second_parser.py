"""The queries of the catalogue are SPARQL to another parser too: sparqljs, from npm."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from requirements import is_required
from requirements import require

from kg.catalogue import load_catalogue
from server.query_examples import example_text

FOLDER = Path(__file__).parent / "second-parser"
QUICKLY = ("--fetch-retries=0", "--fetch-timeout=10000")


@pytest.fixture(scope="module")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which parse.mjs finds its parser."""
    require("npm", shutil.which("npm") is not None, "there is no npm")
    folder = tmp_path_factory.mktemp("parser") / "second-parser"
    shutil.copytree(FOLDER, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    patience = () if is_required("npm") else QUICKLY
    done = subprocess.run([*install, *patience], cwd=folder, timeout=300, check=False)
    require("npm", done.returncode == 0, "npm cannot reach its registry")
    return folder


def wrong(folder: Path, queries: dict[str, str]) -> dict[str, str]:
    """Return what the parser says of those of ``queries`` that it does not take, by name."""
    done = subprocess.run(
        ["node", "parse.mjs"],
        cwd=folder,
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return said


def test_every_question_parses(parser: Path) -> None:
    assert wrong(parser, {name: query.text for name, query in load_catalogue().items()}) == {}


def test_every_question_parses_with_its_values(parser: Path) -> None:
    assert wrong(parser, {n: example_text(query) for n, query in load_catalogue().items()}) == {}


def test_the_parser_sees_what_is_wrong(parser: Path) -> None:
    assert set(wrong(parser, {"broken": "SELECT * {", "ask": "ASK {}"})) == {"broken", "ask"}
