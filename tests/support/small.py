"""A report small enough to be read at a glance, and the means to spoil it."""

from dataclasses import dataclass
from pathlib import Path

from kg.build.layout import Layout
from kg.settings import Settings

REPORTS = Path(__file__).parents[1] / "fixtures" / "reports"
FOLDER = REPORTS / "iceland-fisheries"
TEXT = REPORTS / "iceland-fisheries.txt"


@dataclass
class SmallReport:
    """The report's folder, the layout that has it alone, and a data folder for its graph."""

    folder: Path
    layout: Layout
    data: Path

    @property
    def file(self) -> Path:
        """The report's one file."""
        return self.folder / "report.ttl"

    @property
    def settings(self) -> Settings:
        """Settings of a build into the data folder."""
        return Settings(data=self.data)

    def change(self, old: str, new: str) -> int:
        """Write ``new`` in place of ``old``, which must stand once; return the line of it."""
        text = self.file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        self.file.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def line(self, start: str) -> int:
        """Return the number of the one line that begins with ``start``."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        found = [number for number, line in enumerate(lines, 1) if line.startswith(start)]
        assert len(found) == 1, f"{start!r} begins {len(found)} lines"
        return found[0]
