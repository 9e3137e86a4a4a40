"""The files for deployment name settings that exist, and the unit is one that systemd takes."""

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from requirements import require

from kg.settings import Settings

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
SETTINGS = {f"POLICYKG_{field.name.upper()}" for field in fields(Settings)}
# Variables of the proxy and of compose, which the server never sees.
OTHERS = {"POLICYKG_DOMAIN", "POLICYKG_UPSTREAM"}


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_settings_are_known(path: Path) -> None:
    named = set(re.findall(r"\bPOLICYKG_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named - OTHERS <= SETTINGS


def test_the_unit_is_taken_by_systemd() -> None:
    verify = shutil.which("systemd-analyze")
    require("systemd", verify is not None, "there is no systemd-analyze")
    unit = DEPLOY / "policykg.service"
    said = subprocess.run(
        [str(verify), "verify", unit], capture_output=True, text=True, check=False
    )
    # Nothing else is to be said than that the program is not installed here.
    lines = [line for line in said.stderr.splitlines() if "/opt/policykg/bin/policykg" not in line]
    assert [line for line in lines if "policykg.service" in line] == []
