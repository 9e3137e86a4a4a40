"""What checks report: findings that say what, where and what to do, and a table of all checks."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from textwrap import wrap
from typing import Final

_WIDTH: Final = 64  # characters of the column that says what was looked at


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where it is, what is wrong, and what to do. A warning does not fail the check."""

    where: str
    message: str
    remedy: str = ""
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        remedy = f"\n    {self.remedy}" if self.remedy else ""
        return f"{self.where}: {kind}{self.message}{remedy}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check: its name, what it looked at, its findings.

    ``skipped`` says in one line why the check, or a part of it, was not run; ``counts`` holds
    figures for those who want to know more than the table says, ``sums`` those of which the table
    is made, so that results of several parts can be put together.
    """

    name: str
    looked_at: str
    findings: Sequence[Finding] = field(default_factory=tuple)
    skipped: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def errors(self) -> list[Finding]:
        """The findings that are not warnings."""
        return [finding for finding in self.findings if not finding.warning]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcomes of all checks."""

    results: Sequence[CheckResult]

    @property
    def passed(self) -> bool:
        """Whether no check has an error."""
        return not any(result.errors for result in self.results)

    def findings(self) -> str:
        """Return all findings, one after the other, grouped by check."""
        lines: list[str] = []
        for result in self.results:
            lines += [f"[{result.name}] {finding}" for finding in result.findings]
        return "\n".join(lines)

    def table(self) -> str:
        """Return a table with a row for each check: name, what was looked at, result.

        What is long is broken into several lines.
        """
        rows = [("check", "looked at", "result")]
        for result in self.results:
            warnings = len(result.findings) - len(result.errors)
            outcome = f"{len(result.errors)} error(s)" if result.errors else "ok"
            if warnings:
                outcome += f", {warnings} warning(s)"
            if result.skipped:
                ran = outcome != "ok" or not result.skipped.startswith("not run")
                outcome = f"{outcome}; {result.skipped}" if ran else result.skipped
            rows.append((result.name, result.looked_at, outcome))
        lines = [line for row in rows for line in _lines(*row)]
        widths = [max(len(line[column]) for line in lines) for column in range(2)]
        return "\n".join(
            f"{name:<{widths[0]}}  {looked_at:<{widths[1]}}  {outcome}".rstrip()
            for name, looked_at, outcome in lines
        )


def _lines(name: str, looked_at: str, outcome: str) -> list[tuple[str, str, str]]:
    """Return a row of the table as lines, of which the first has the name and the outcome."""
    parts = wrap(looked_at, _WIDTH) or [""]
    return [(name, parts[0], outcome), *(("", part, "") for part in parts[1:])]
