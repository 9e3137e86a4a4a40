"""What some tests need besides Python packages: they skip without it, or fail where it must be."""

import os
import shutil
from pathlib import Path

import pytest

VARIABLE = "POLICYKG_TEST_REQUIRE"
SOURCE = Path(__file__).parents[3] / "shared" / "source" / "usip-charting-pakistan.txt"


def require(name: str, present: bool, reason: str) -> None:
    """Skip the test for ``reason`` unless ``present``.

    If the environment variable ``POLICYKG_TEST_REQUIRE`` lists ``name``, the test fails instead.
    """
    if present:
        return
    if is_required(name):
        pytest.fail(f"{VARIABLE} lists {name}, but {reason}", pytrace=False)
    pytest.skip(f"{name}: {reason}")


def is_required(name: str) -> bool:
    """Return whether ``POLICYKG_TEST_REQUIRE``, a comma-separated list, holds ``name``."""
    return name in (part.strip() for part in os.environ.get(VARIABLE, "").split(","))


def require_java() -> None:
    """Skip the test unless there is a Java development kit."""
    require("java", shutil.which("javac") is not None, "there is no Java development kit")


def require_source() -> Path:
    """Return the source text of the real report, or skip the test: it may not be published."""
    require("source", SOURCE.is_file(), "the source text of the report is not at hand")
    return SOURCE
