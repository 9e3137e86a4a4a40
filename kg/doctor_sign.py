"""What an examination of an installation says."""

from dataclasses import dataclass
from typing import Literal as Choice


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at: ``ok``, a ``note`` that may be meant so, or a ``fault``."""

    about: str
    state: Choice["ok", "note", "fault"]
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n{'':8}{self.remedy}" if self.remedy else ""
        return f"{self.state:<6}  {self.about}: {self.says}{remedy}"
