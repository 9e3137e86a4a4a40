"""Every unit of a source text has claims or a reason for none, and the units cover the text."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.namespaces import POL
from kg.namespaces import RDF

# A mark with which a line of a list begins, and which says nothing.
_LIST_MARK: Final = re.compile(r"(?m)^\s*[-*\u2022\u2013\u25cf\u25aa](?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit; offsets count Unicode code points, the end is exclusive."""

    where: str
    text: str
    order: int
    start: int
    end: int
    claims: bool
    reason: bool


def check_coverage(sources: Sources, texts: Sequence[Path] = ()) -> CheckResult:
    """Return findings for units without claim and reason or with both, for units that overlap or
    are out of order, and, where ``texts`` holds the source text, for anything in no unit but blanks
    and the marks of lists.

    What a unit lacks to be placed at all is for the shapes to report. ``counts`` of the result
    holds the number of units, and of those with claims and with a reason.
    """
    units, hashes = _read(sources)
    findings = [finding for unit in units for finding in _accounted(unit)]
    by_text: dict[str, list[_Unit]] = defaultdict(list)
    for unit in sorted(units, key=lambda one: (one.text, one.start, one.order)):
        by_text[unit.text].append(unit)
    for same in by_text.values():
        findings += [finding for pair in pairwise(same) for finding in _in_order(*pair)]
    contents = _contents(texts, hashes)
    for text, content in sorted(contents.items()):
        findings += _left_out(sources.where(text), content, by_text[text])
    missing = len(by_text.keys() - contents.keys())
    counts = {
        "units": len(units),
        "with claims": sum(unit.claims for unit in units),
        "with a reason": sum(unit.reason for unit in units),
    }
    return coverage_result(findings, counts, missing)


def coverage_result(
    findings: Sequence[Finding], counts: Mapping[str, int], missing: int
) -> CheckResult:
    """Return the result with ``counts`` of units, where ``missing`` texts were not at hand."""
    looked_at = (
        f"{counts['units']} units: {counts['with claims']} with claims, "
        f"{counts['with a reason']} with a reason"
    )
    skipped = ""
    if missing:
        of = "1 text was" if missing == 1 else f"{missing} texts were"
        skipped = f"{of} not searched for words in no unit (give it with --source-text)"
    sums = {**counts, "missing": missing}
    return CheckResult("coverage", looked_at, findings, skipped, counts, sums)


def _read(sources: Sources) -> tuple[list[_Unit], dict[str, str]]:
    """Return the units that are complete, and the texts by their SHA-256."""
    kinds: set[str] = set()
    said: dict[str, dict[str, str]] = defaultdict(dict)
    evidence: set[str] = set()
    for quads in (*(source.quads for source in sources.reports), sources.context):
        for quad in quads:
            subject, prop, value = quad.subject, quad.predicate.value, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            if prop == RDF + "type" and value.value == POL + "SourceUnit":
                if quads is not sources.context:
                    kinds.add(subject.value)
            elif prop == POL + "evidence":
                evidence.add(value.value)
            elif prop.startswith(POL):
                said[subject.value][prop.removeprefix(POL)] = value.value
    carrying = {said[passage].get("unit") for passage in evidence if passage in said}
    units = [
        _Unit(
            sources.where(iri),
            said[iri]["inText"],
            int(said[iri]["order"]),
            int(said[iri]["start"]),
            int(said[iri]["end"]),
            iri in carrying,
            "noClaimReason" in said[iri],
        )
        for iri in sorted(kinds)
        if "inText" in said[iri]
        and all(said[iri].get(name, "").isdecimal() for name in ("order", "start", "end"))
    ]
    hashes = {
        values["sha256"]: iri
        for iri, values in said.items()
        if {"sha256", "textOf"} <= values.keys()
    }
    return units, hashes


def _accounted(unit: _Unit) -> Iterable[Finding]:
    if not unit.claims and not unit.reason:
        yield Finding(
            unit.where,
            "No claim rests on this unit, and no reason says why",
            "Put a passage with a claim into it (pol:unit), or give it a pol:noClaimReason.",
        )
    if unit.claims and unit.reason:
        yield Finding(
            unit.where,
            "The unit has claims, and a reason why it has none",
            "Remove its pol:noClaimReason, or the claims.",
        )


def _in_order(before: _Unit, after: _Unit) -> Iterable[Finding]:
    if after.start < before.end:
        yield Finding(
            after.where,
            f"The unit begins at {after.start}, inside the one that ends at {before.end}",
            "Correct the offsets: units do not overlap.",
        )
    if after.order != before.order + 1:
        yield Finding(
            after.where,
            f"The unit has the order {after.order}, and the one before it {before.order}",
            "Number the units in the order of the text, without a gap (pol:order).",
        )


def _contents(texts: Sequence[Path], hashes: dict[str, str]) -> dict[str, str]:
    """Return the texts that are at hand; what is wrong with a file, the check of passages says."""
    contents = {}
    for path in texts:
        data = path.read_bytes()
        text = hashes.get(hashlib.sha256(data).hexdigest())
        if text is not None:
            contents[text] = data.decode("utf-8", errors="replace")
    return contents


def _left_out(where: str, content: str, units: Sequence[_Unit]) -> Iterable[Finding]:
    """Yield a finding for each stretch between units that is more than blanks and list marks."""
    place = 0
    for start, end in [(unit.start, unit.end) for unit in units] + [(len(content), len(content))]:
        gap = content[place:start]
        if _LIST_MARK.sub("", gap).strip():
            first = place + len(gap) - len(gap.lstrip())
            yield Finding(
                where,
                f"The words from {first} to {first + len(gap.strip())} are in no unit",
                "Make a unit of them, with its claims or a pol:noClaimReason.",
            )
        place = max(place, end)
