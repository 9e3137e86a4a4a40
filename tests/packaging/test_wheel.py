"""The wheel, installed into an empty environment, serves its graph from an empty folder."""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request
from urllib.request import urlopen

import pytest
from requirements import is_required
from requirements import require

from kg import __version__

ROOT = Path(__file__).parents[2]
STARTED_WITHIN = 120  # seconds; the first start builds the graph
QUERY = "SELECT (COUNT(*) AS ?claims) WHERE { ?c a <https://w3id.org/policykg/ontology#Claim> }"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the commands of an environment that holds the wheel and no more."""
    require("wheel", is_required("wheel"), "building and installing it needs a package index")
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", ROOT)
    (wheel,) = (folder / "dist").glob("policykg-*.whl")
    assert wheel.name == f"policykg-{__version__}-py3-none-any.whl"
    venv.create(folder / "environment", with_pip=True)
    commands = folder / "environment" / "bin"
    run(commands / "python", "-m", "pip", "install", "-c", ROOT / "constraints.txt", wheel)
    return commands


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder that is a user's home."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return an empty folder to work in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a user who has set nothing; PATH has Java if the machine has."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


@contextmanager
def serving(commands: Path, home: Path, folder: Path) -> Iterator[str]:
    """Start `policykg serve` and give its address; stop it and see that it ends well."""
    process = subprocess.Popen(
        [commands / "policykg", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment(home),
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        address = line.split()[-1].rstrip("/")
        assert address.startswith("http://127.0.0.1:")
        yield address
    finally:
        process.terminate()
        rest, errors = process.communicate(timeout=STARTED_WITHIN)
    assert process.returncode == 0, errors
    assert rest == ""
    assert "Traceback" not in errors


def get(url: str, accept: str = "*/*") -> tuple[int, str, str]:
    with urlopen(Request(url, headers={"Accept": accept}), timeout=STARTED_WITHIN) as answer:
        return answer.status, answer.headers.get_content_type(), answer.read().decode()


def answer_rows(address: str) -> list[str]:
    status, media_type, body = get(f"{address}/sparql?{urlencode({'query': QUERY})}", "text/csv")
    assert (status, media_type) == (200, "text/csv")
    return body.splitlines()


def test_the_command_says_its_version(installed: Path, home: Path, empty: Path) -> None:
    done = subprocess.run(
        [installed / "policykg", "--version"],
        capture_output=True,
        text=True,
        cwd=empty,
        env=environment(home),
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"policykg, version {__version__}\n")


def test_serve_builds_once_and_serves(installed: Path, home: Path, empty: Path) -> None:
    with serving(installed, home, empty) as address:
        assert get(f"{address}/healthz")[0] == 200
        header, count = answer_rows(address)
        assert header == "claims"
        assert int(count) > 200
        for path in ("/", "/ontology", "/queries", "/page/national-action-plan", "/sparql"):
            status, media_type, body = get(address + path, "text/html")
            assert (status, media_type) == (200, "text/html"), path
            assert "</html>" in body
        sheet, *_ = re.findall(r'<link rel="stylesheet" href="([^"]*)"', body)
        assert sheet.startswith("/assets/built/site-")
        assert get(address + sheet)[:2] == (200, "text/css")
    assert list(empty.iterdir()) == []
    (data,) = [path for path in home.rglob("policykg") if (path / "current").exists()]
    before = sorted((str(path), path.stat().st_mtime_ns) for path in data.rglob("version.json"))
    with serving(installed, home, empty) as address:
        assert answer_rows(address) == [header, count]
    after = sorted((str(path), path.stat().st_mtime_ns) for path in data.rglob("version.json"))
    assert after == before
    assert [path.name for path in (data / "versions").iterdir()] == ["1"]


def test_the_wheel_holds_its_data_and_no_tests(installed: Path) -> None:
    (packages,) = (installed.parent / "lib").glob("python*/site-packages")
    for part in (
        "ontology/policykg.ttl",
        "ontology/shapes.ttl",
        "ontology/rules/claim-label.rq",
        "queries/open-questions.rq",
        "kg/reports/usip-charting-pakistan/report.ttl",
        "kg/links/usip-charting-pakistan.sssom.tsv",
        "kg/build/checks/ProfileCheck.java",
        "kg/py.typed",
        "server/templates/base.html",
        "server/assets/style.css",
        "server/assets/built/manifest.json",
        "server/assets/built/licences.json",
    ):
        assert (packages / part).is_file(), part
    assert not (packages / "tests").exists()
    assert not (packages / "docs").exists()
    assert not (packages / "server" / "assets" / "src").exists()
