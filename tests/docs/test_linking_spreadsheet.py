"""The spreadsheet's way in docs/linking.md runs as it is copied, and prints what it says."""

import os
import shlex
import subprocess
from pathlib import Path

from served import command
from served import environment

DOCUMENT = Path(__file__).parents[2] / "docs" / "linking.md"


def test_table_is_filled_as_the_document_says(built: Path, tmp_path: Path) -> None:
    section = DOCUMENT.read_text(encoding="utf-8").partition("## Your spreadsheet")[2]
    block = section.partition("```console\n")[2].partition("```")[0].splitlines()
    typed = [line.removeprefix("$ ") for line in block if line.startswith("$ ")]
    printed = [line for line in block if not line.startswith("$ ")]
    policykg = tmp_path / "policykg"
    policykg.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n')
    policykg.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    # Where the modules are, whatever folder the commands run in.
    settings = {"PATH": path, "POLICYKG_DATA": str(built), "PYTHONPATH": str(DOCUMENT.parents[1])}
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(typed)],
        cwd=tmp_path,
        env={**environment(), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines() == printed, done.stderr
    rows = (tmp_path / "filled.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[2].rpartition("/")[2] for row in rows[1:]] == [
        "pakistan",
        "national-action-plan",
        "shanghai-cooperation-organization",
    ]
