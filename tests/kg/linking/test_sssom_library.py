"""The tables are valid to the library that the SSSOM community keeps, and so is what is published.

The library brings some 400 megabytes of dependencies, so it is no dependency of ours, not even
for tests; where it is at hand, this runs.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from requirements import require

from kg.build.layout import packaged_layout
from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app

TABLES = sorted(packaged_layout().links.glob("*.sssom.tsv"))


def validate(path: Path) -> str:
    program = shutil.which("sssom")
    require("sssom", program is not None, "the program sssom is not at hand")
    done = subprocess.run(
        [str(program), "validate", str(path)], capture_output=True, text=True, check=False
    )
    return done.stderr if done.returncode or "ERROR" in done.stderr else ""


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_is_valid(path: Path) -> None:
    assert validate(path) == ""


@pytest.fixture
def client(built: Path, engine: EmbeddedEngine) -> FlaskClient:
    return create_app(Settings(data=built), engine).test_client()


def test_what_is_published_is_valid(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "published.sssom.tsv"
    path.write_bytes(client.get("/mappings.sssom.tsv").data)
    assert validate(path) == ""
