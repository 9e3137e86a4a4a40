"""A report of checks says what was looked at, how it went, and every finding with its remedy."""

from kg.build.findings import CheckReport
from kg.build.findings import CheckResult
from kg.build.findings import Finding

ERROR = Finding("a.ttl:3 id:x", "is wrong", "Correct it.")
WARNING = Finding("a.ttl:4", "looks odd", warning=True)
REPORT = CheckReport(
    [
        CheckResult("syntax", "3 files"),
        CheckResult("shapes", "12 focus nodes", [ERROR, WARNING]),
        CheckResult("passages", "2 passages", [WARNING], "1 slice was not compared"),
        CheckResult("consistency", "-", skipped="not run: no Java found"),
    ]
)


def test_a_finding_says_where_what_and_what_to_do() -> None:
    assert str(ERROR) == "a.ttl:3 id:x: is wrong\n    Correct it."
    assert str(WARNING) == "a.ttl:4: warning: looks odd"


def test_the_table_has_a_row_for_each_check() -> None:
    assert REPORT.table().splitlines() == [
        "check        looked at       result",
        "syntax       3 files         ok",
        "shapes       12 focus nodes  1 error(s), 1 warning(s)",
        "passages     2 passages      ok, 1 warning(s); 1 slice was not compared",
        "consistency  -               not run: no Java found",
    ]


def test_findings_name_their_check() -> None:
    assert REPORT.findings().splitlines() == [
        "[shapes] a.ttl:3 id:x: is wrong",
        "    Correct it.",
        "[shapes] a.ttl:4: warning: looks odd",
        "[passages] a.ttl:4: warning: looks odd",
    ]


def test_an_error_fails_and_a_warning_does_not() -> None:
    assert not REPORT.passed
    assert CheckReport([CheckResult("x", "y", [WARNING])]).passed


def test_what_is_long_is_broken_into_lines_below_its_row() -> None:
    long = " ".join(["word"] * 20)
    lines = CheckReport([CheckResult("claims", long)]).table().splitlines()
    assert [line.split()[-1] for line in lines] == ["result", "ok", "word"]
    assert lines[1].startswith("claims  word word")
    assert lines[2].startswith("        word")
    assert " ".join(line[8:72].strip() for line in lines[1:]).split() == ["word"] * 20
