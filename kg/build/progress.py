"""Telling how far a long build has come, to whoever looks on."""

from collections.abc import Callable
from typing import TypeAlias

# Is told the name of each step when the step begins.
Progress: TypeAlias = Callable[[str], None]


def silent(step: str) -> None:
    """Tell nobody of ``step``."""
