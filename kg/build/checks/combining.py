"""The results of the parts of the graph, put together as if all had been checked at once."""

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Final

from kg.build.checks.claims import claims_result
from kg.build.checks.coverage import coverage_result
from kg.build.checks.passages import passages_result
from kg.build.checks.shapes import shapes_result
from kg.build.findings import CheckResult
from kg.build.findings import Finding

_COUNTED: Final = ("units", "with claims", "with a reason")


def combine(parts: Iterable[Sequence[CheckResult]], shapes: str) -> list[CheckResult]:
    """Return one result for each check, of those that the ``parts`` have, in the same order.

    ``shapes`` is the name of the file of the shapes.
    """
    of_parts = list(parts)
    combined = []
    for same in zip(*of_parts, strict=True):
        name = same[0].name
        if name == "shapes":
            combined.append(shapes_result(same, shapes))
        else:
            findings = list(dict.fromkeys(finding for one in same for finding in one.findings))
            sums = Counter[str]()
            for one in same:
                sums.update(one.sums)
            how = _HOW.get(name, _claims)
            combined.append(how(name, findings, sums, same))
    return combined


def _terms(
    name: str, findings: list[Finding], sums: Counter[str], _: Sequence[CheckResult]
) -> CheckResult:
    ordered = sorted(findings, key=lambda one: _in_order(one.where))
    return CheckResult(name, f"{sums['uses']} uses", ordered)


def _values(
    name: str, findings: list[Finding], sums: Counter[str], _: Sequence[CheckResult]
) -> CheckResult:
    return CheckResult(name, f"{sums['values']} values", findings)


def _passages(
    _: str, findings: list[Finding], sums: Counter[str], __: Sequence[CheckResult]
) -> CheckResult:
    return passages_result(findings, sums["passages"], sums["compared"])


def _coverage(
    _: str, findings: list[Finding], sums: Counter[str], __: Sequence[CheckResult]
) -> CheckResult:
    return coverage_result(findings, {name: sums[name] for name in _COUNTED}, sums["missing"])


def _claims(
    name: str, _: list[Finding], sums: Counter[str], same: Sequence[CheckResult]
) -> CheckResult:
    counts = Counter[str]()
    for one in same:
        counts.update(one.counts)
    # A dictionary keeps those in place that are equally many.
    ordered = dict(sorted(counts.items(), key=lambda one: -one[1]))
    return claims_result(name, ordered, sums["claims"])


_HOW: Final[
    dict[str, Callable[[str, list[Finding], Counter[str], Sequence[CheckResult]], CheckResult]]
] = {"terms": _terms, "values": _values, "passages": _passages, "coverage": _coverage}


def _in_order(where: str) -> list[str | int]:
    """Return a sort key by which line 9 comes before line 10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", where)]
