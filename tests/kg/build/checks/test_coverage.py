"""Each unit has claims or a reason, units follow one another, and no word is left out."""

import hashlib
from pathlib import Path

import pytest
from requirements import require_source
from small import TEXT
from small import SmallReport

from kg.build.checks.coverage import check_coverage
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import read_sources

U2 = "pol:order 2 ; pol:start 23 ; pol:end 91"
U3 = "pol:order 3 ; pol:start 92 ; pol:end 110"
UNIT = "Make a unit of them, with its claims or a pol:noClaimReason."


def check(small: SmallReport, *texts: Path) -> CheckResult:
    return check_coverage(read_sources(small.settings, small.layout), texts)


def place(small: SmallReport, name: str) -> str:
    name = f"id:iceland-fisheries-{name}"
    return f"iceland-fisheries/report.ttl:{small.line(f'{name} a ')} {name}"


def retext(small: SmallReport, tmp_path: Path, text: str) -> Path:
    """Return a file with ``text``, which the report then names as its source text."""
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")
    old = hashlib.sha256(TEXT.read_bytes()).hexdigest()
    small.change(old, hashlib.sha256(file.read_bytes()).hexdigest())
    return file


def test_the_small_report_is_covered(small: SmallReport) -> None:
    counts = {"units": 3, "with claims": 3, "with a reason": 0}
    looked_at = "3 units: 3 with claims, 0 with a reason"
    assert check(small, TEXT) == CheckResult("coverage", looked_at, [], "", counts)


def test_the_real_report_is_covered(linked_sources: Sources) -> None:
    result = check_coverage(linked_sources, [require_source()])
    assert list(result.findings) == []
    assert result.skipped == ""
    assert result.counts["units"] > 50
    assert result.counts["units"] == result.counts["with claims"] + result.counts["with a reason"]


def test_without_the_text_it_is_said_what_was_not_looked_at(small: SmallReport) -> None:
    assert check(small).skipped == (
        "1 text was not searched for words in no unit (give it with --source-text)"
    )


def test_a_unit_with_neither_claim_nor_reason_is_found(small: SmallReport) -> None:
    small.change("pol:evidence id:iceland-fisheries-p004", "pol:evidence id:iceland-fisheries-p001")
    assert check(small, TEXT).findings == [
        Finding(
            place(small, "u003"),
            "No claim rests on this unit, and no reason says why",
            "Put a passage with a claim into it (pol:unit), or give it a pol:noClaimReason.",
        )
    ]


def test_a_unit_with_both_is_found(small: SmallReport) -> None:
    small.change(U3, f"{U3} ; pol:noClaimReason pol:headingText")
    assert check(small, TEXT).findings == [
        Finding(
            place(small, "u003"),
            "The unit has claims, and a reason why it has none",
            "Remove its pol:noClaimReason, or the claims.",
        )
    ]


def test_units_that_overlap_are_found(small: SmallReport) -> None:
    small.change(U3, "pol:order 3 ; pol:start 90 ; pol:end 110")
    assert check(small, TEXT).findings == [
        Finding(
            place(small, "u003"),
            "The unit begins at 90, inside the one that ends at 91",
            "Correct the offsets: units do not overlap.",
        )
    ]


@pytest.mark.parametrize("order", [2, 4, 1])
def test_units_out_of_order_are_found(small: SmallReport, order: int) -> None:
    small.change(U3, f"pol:order {order} ; pol:start 92 ; pol:end 110")
    assert check(small, TEXT).findings == [
        Finding(
            place(small, "u003"),
            f"The unit has the order {order}, and the one before it 2",
            "Number the units in the order of the text, without a gap (pol:order).",
        )
    ]


def test_words_between_units_are_found(small: SmallReport) -> None:
    small.change(U2, "pol:order 2 ; pol:start 27 ; pol:end 80")
    found = check(small, TEXT).findings
    assert found == [
        Finding(place(small, "text"), "The words from 23 to 26 are in no unit", UNIT),
        Finding(place(small, "text"), "The words from 80 to 91 are in no unit", UNIT),
    ]
    text = TEXT.read_text(encoding="utf-8")
    assert text[23:26] == text[23:27].strip()


def test_words_after_the_last_unit_are_found(small: SmallReport, tmp_path: Path) -> None:
    text = TEXT.read_text(encoding="utf-8")
    file = retext(small, tmp_path, text + "\n  The end.\n")
    (finding,) = check(small, file).findings
    start = len(text) + 3
    assert finding.message == f"The words from {start} to {start + 8} are in no unit"


@pytest.mark.parametrize("mark", ["•", "-", "*"])
def test_the_mark_of_a_list_needs_no_unit(small: SmallReport, tmp_path: Path, mark: str) -> None:
    file = retext(small, tmp_path, TEXT.read_text(encoding="utf-8").rstrip("\n") + f"\n  {mark} ")
    assert list(check(small, file).findings) == []


def test_a_unit_without_a_place_is_left_to_the_shapes(small: SmallReport) -> None:
    small.change(U3, "pol:order 3 ; pol:end 110")
    assert check(small).counts["units"] == 2
