"""The files for deployment name settings that exist, and those who read them take them."""

import os
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from requirements import require

from kg.settings import CONFIG_VARIABLE
from kg.settings import Settings

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
OPERATIONS = (DEPLOY.parent / "operations.md").read_text(encoding="utf-8")
SETTINGS = {f"POLICYKG_{field.name.upper()}" for field in fields(Settings)}
# Variables of the proxy and of compose, which the server never sees, and the name of a file.
OTHERS = {"POLICYKG_DOMAIN", "POLICYKG_UPSTREAM", CONFIG_VARIABLE}
UNITS = (
    "policykg.service",
    "policykg.socket",
    "policykg-backup.service",
    "policykg-backup.timer",
)


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_settings_are_known(path: Path) -> None:
    named = set(re.findall(r"\bPOLICYKG_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named - OTHERS <= SETTINGS


def complaints(*units: Path) -> list[str]:
    """Return what systemd says about the units, but that the program is not installed here."""
    verify = shutil.which("systemd-analyze")
    require("systemd", verify is not None, "there is no systemd-analyze")
    said = subprocess.run(
        [str(verify), "verify", *map(str, units)], capture_output=True, text=True, check=False
    )
    lines = [line for line in said.stderr.splitlines() if "/opt/policykg/bin/policykg" not in line]
    return [line for line in lines if "policykg" in line]


def test_the_units_are_taken_by_systemd() -> None:
    assert complaints(*(DEPLOY / unit for unit in UNITS)) == []
    assert sorted(UNITS) == sorted(
        path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".socket", ".timer")
    )


def test_the_unit_for_several_servers_is_taken_by_systemd(tmp_path: Path) -> None:
    [command] = re.findall(r"^sed '([^']*)' docs/deploy/policykg.service", OPERATIONS, re.MULTILINE)
    unit = tmp_path / "policykg@.service"
    done = subprocess.run(
        ["sed", command, str(DEPLOY / "policykg.service")],
        capture_output=True,
        text=True,
        check=True,
    )
    unit.write_text(done.stdout)
    assert "ExecStart=/opt/policykg/bin/policykg serve --port %i\n" in done.stdout
    assert complaints(tmp_path / "policykg@8001.service") == []


def test_the_proxy_takes_its_file() -> None:
    caddy = shutil.which("caddy")
    require("caddy", caddy is not None, "there is no Caddy")
    said = subprocess.run(
        [str(caddy), "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "POLICYKG_UPSTREAM": "127.0.0.1:8001 127.0.0.1:8002"},
    )
    assert said.returncode == 0, said.stderr
