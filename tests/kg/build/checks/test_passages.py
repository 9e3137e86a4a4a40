"""Passages lie in their text, and with the text at hand every slice, hash and quote is compared."""

import hashlib
from pathlib import Path

import pytest
from requirements import require_source
from small import TEXT
from small import SmallReport

from kg.build.checks.passages import check_passages
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.errors import BuildError

PASSAGES = 7  # of the small report: three units, and four passages with claims
P1 = "pol:unit id:iceland-fisheries-u001 ; pol:start 0 ; pol:end 21"
COUNT = "Count Unicode code points from 0; the end is exclusive."


def check(small: SmallReport, *texts: Path) -> CheckResult:
    return check_passages(read_sources(small.settings, small.layout), texts)


def place(small: SmallReport, name: str = "p001") -> str:
    name = f"id:iceland-fisheries-{name}"
    return f"iceland-fisheries/report.ttl:{small.line(f'{name} a ')} {name}"


def test_every_passage_of_the_small_report_is_compared(small: SmallReport) -> None:
    # The text has signs beyond ASCII, so that bytes and code points differ.
    result = check(small, TEXT)
    assert result == CheckResult("passages", f"{PASSAGES} passages", [], "")


def test_without_the_text_it_is_said_that_nothing_was_compared(small: SmallReport) -> None:
    assert check(small).skipped == (
        f"{PASSAGES} slices were not compared with their text (give it with --source-text)"
    )


def test_every_passage_of_the_real_report_is_compared(linked_sources: Sources) -> None:
    result = check_passages(linked_sources, [require_source()])
    assert list(result.findings) == []
    assert result.skipped == ""
    in_text = {
        quad.subject
        for source in linked_sources.reports
        for quad in source.quads
        if quad.predicate.value.endswith("#inText")
    }
    assert result.looked_at == f"{len(in_text)} passages"
    assert len(in_text) > 200


@pytest.mark.parametrize(
    ("offsets", "said"),
    [
        ("pol:start 0 ; pol:end 9999", "0 to 9999"),
        ("pol:start -1 ; pol:end 20", "-1 to 20"),
        ("pol:start 9 ; pol:end 9", "9 to 9"),
        ("pol:start 20 ; pol:end 10", "20 to 10"),
    ],
)
def test_an_offset_outside_the_text_is_found(small: SmallReport, offsets: str, said: str) -> None:
    small.change(P1, f"pol:unit id:iceland-fisheries-u001 ; {offsets}")
    length = len(TEXT.read_text(encoding="utf-8"))
    expected = Finding(
        place(small), f"The slice {said} is not within the text of {length} code points", COUNT
    )
    assert expected in check(small).findings


def test_the_end_of_the_text_is_still_within(small: SmallReport) -> None:
    length = len(TEXT.read_text(encoding="utf-8"))
    text = small.file.read_text(encoding="utf-8")
    assert f"pol:end {length}" not in text
    small.change(P1, f"pol:unit id:nowhere ; pol:start 0 ; pol:end {length}")
    assert list(check(small).findings) == []
    small.change(f"pol:start 0 ; pol:end {length}", f"pol:start 0 ; pol:end {length + 1}")
    assert [f.remedy for f in check(small).findings] == [COUNT]


def test_a_slice_outside_its_unit_is_found(small: SmallReport) -> None:
    small.change(P1, P1.replace("u001", "u003"))
    (finding,) = check(small).findings
    assert finding.where == place(small)
    assert finding.message.startswith("The slice 0 to 21 is not within its unit, ")
    assert finding.remedy == (
        "Correct the offsets, or name the unit in which the passage lies (pol:unit)."
    )


def test_an_incomplete_unit_is_left_to_the_shapes(small: SmallReport) -> None:
    small.change("pol:inText id:iceland-fisheries-text ; pol:order 1", "pol:order 1")
    result = check(small)
    assert (list(result.findings), result.looked_at) == ([], f"{PASSAGES - 1} passages")


def test_a_wrong_hash_is_found_with_the_right_one(small: SmallReport) -> None:
    right = hashlib.sha256(b"Fish stocks fell fast").hexdigest()
    small.change(right, "0" * 64)
    assert list(check(small, TEXT).findings) == [
        Finding(
            place(small),
            "The slice 0 to 21 does not have the recorded hash",
            f"If the offsets are right, its pol:sha256 is {right}.",
        )
    ]


def test_moved_offsets_do_not_hash_right(small: SmallReport) -> None:
    small.change(P1, P1.replace("pol:end 21", "pol:end 22"))
    assert [finding.message for finding in check(small, TEXT).findings] == [
        "The slice 0 to 22 does not have the recorded hash"
    ]


@pytest.mark.parametrize(
    ("quote", "remedy"),
    [("an island", "These words stand at {}."), ("a volcano", "The text does not hold them.")],
)
def test_a_quote_that_is_not_in_the_slice_is_found(
    small: SmallReport, quote: str, remedy: str
) -> None:
    small.change('pol:quote "stocks fell fast"@en', f'pol:quote "{quote}"@en')
    found = remedy.format(TEXT.read_text(encoding="utf-8").find(quote))
    assert list(check(small, TEXT).findings) == [
        Finding(place(small), "The quote is not in the slice", found)
    ]


def test_a_quote_longer_than_its_slice_is_found_without_the_text(small: SmallReport) -> None:
    small.change('pol:quote "stocks fell fast"@en', 'pol:quote "more than 21 code points"@en')
    assert list(check(small).findings) == [
        Finding(
            place(small),
            "The quote is longer than the slice",
            "Quote words of the slice, or correct the offsets.",
        )
    ]


def test_a_quote_of_more_than_twelve_words_is_found(small: SmallReport) -> None:
    quoted = 'pol:quote "may help"@en'
    small.change(quoted, 'pol:quote "a b c d e f g h i j k l"@en')
    assert list(check(small).findings) == []
    small.change("i j k l", "i j k l m")
    assert list(check(small).findings) == [
        Finding(
            place(small, "p002"),
            "The quote has more than 12 words",
            "Quote a few words only: the text belongs to its publisher.",
        )
    ]


def test_another_text_than_the_pinned_one_is_refused(small: SmallReport, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    result = check(small, other)
    assert list(result.findings) == [
        Finding(
            str(other),
            f"No source text of the reports has the hash of this file ({digest})",
            "Give the very file that was read; another edition has other offsets.",
        )
    ]
    assert result.skipped.startswith(f"{PASSAGES} slices were not compared")


def test_a_text_that_is_not_utf_8_is_refused(small: SmallReport, tmp_path: Path) -> None:
    other = tmp_path / "latin.txt"
    other.write_bytes(TEXT.read_text(encoding="utf-8").replace("–", "-").encode("latin-1"))
    old, new = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (TEXT, other))
    small.change(old, new)
    assert list(check(small, other).findings) == [
        Finding(str(other), "The source text is not UTF-8", "Convert it.")
    ]


def test_a_text_that_is_missing_is_an_error_of_its_own(small: SmallReport, tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        check(small, tmp_path / "none.txt")
    assert caught.value.detail == "The source text cannot be read: No such file or directory"
    assert caught.value.where == str(tmp_path / "none.txt")
    assert caught.value.remedy == "Give an existing file with --source-text."
