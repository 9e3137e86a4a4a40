"""Every program of docs/programs.md runs as it stands, on a real server."""

import csv
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from requirements import is_required
from requirements import require
from served import servers

PAGE = (Path(__file__).parents[2] / "docs" / "programs.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^## (.+?)\n.*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
PROGRAMS = [
    (f"{title} {place}", language, text)
    for title in SNIPPETS
    for place, (language, text) in enumerate(
        re.findall(
            r"^```(sh|python|r|js(?: comunica)?)\n(.*?)^```$",
            PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0],
            re.MULTILINE | re.DOTALL,
        )
    )
]
ADDRESS = "http://127.0.0.1:8000"
# A word that each program must say.
SAID = {
    "curl 0": "Combat terrorism",
    "curl 1": "The strategy needs to include an internal security adviser",
    "Python: pandas 0": "recommendation",
    "Python: SPARQLWrapper 0": "may have been",
    "Python: rdflib 0": "National Action Plan",
    "R 0": "Combat terrorism",
    "JavaScript: fetch 0": "unclear",
    "JavaScript: Comunica 0": "National Action Plan",
}


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with servers() as start:
        yield start("--no-build", "--data", built, "--port", "0").address


def command(language: str, folder: Path, text: str) -> list[str]:
    """Return the command that runs a program in ``language``; skip without its interpreter."""
    if language == "python":
        return [sys.executable, "-c", text]
    program = {"sh": "sh", "r": "Rscript"}.get(language, "node")
    require(program.lower(), shutil.which(program) is not None, f"there is no {program}")
    if language == "js comunica":
        _with_comunica(folder)
    name = {"sh": "program.sh", "r": "program.R"}.get(language, "program.mjs")
    (folder / name).write_text(text, encoding="utf-8")
    return [program, name]


def _with_comunica(folder: Path) -> None:
    # The last version that runs on Node 20.
    require("comunica", _is_wanted(), "POLICYKG_TEST_REQUIRE does not ask for its download")
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "@comunica/query-sparql@4.5.0"],
        cwd=folder,
        check=True,
        timeout=300,
    )


def _is_wanted() -> bool:
    return is_required("comunica") and shutil.which("npm") is not None


def test_every_program_is_one_of_those_that_are_run() -> None:
    assert [name for name, _, _ in PROGRAMS] == list(SAID)


@pytest.mark.parametrize(("name", "language", "text"), PROGRAMS, ids=list(SAID))
def test_program_runs(address: str, tmp_path: Path, name: str, language: str, text: str) -> None:
    assert ADDRESS in text
    line = command(language, tmp_path, text.replace(ADDRESS, address))
    done = subprocess.run(
        line, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert SAID[name] in done.stdout


def test_a_spreadsheet_can_read_the_table_that_it_is_given(address: str) -> None:
    [given] = re.findall(r'=IMPORTDATA\("(.*)"\)', PAGE)
    with urlopen(given.replace(ADDRESS, address)) as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(response.read().decode("utf-8"))))
    assert rows[0][0] == "recommendation"
    assert {len(row) for row in rows} == {len(rows[0])}
