"""A claim whose predicate does not fit its subject or object shows in what is derived from it."""

import pytest
from small import SmallReport

from kg.build.findings import Finding
from kg.build.pipeline import Options
from kg.build.pipeline import check


@pytest.mark.usefixtures("no_java")
def test_a_claim_that_makes_a_thing_two_kinds_at_once_is_found(small: SmallReport) -> None:
    # Only a policy addresses something, and a country is none.
    small.change("pol:predicate pol:affectedBy", "pol:predicate pol:addresses")
    report = check(small.settings, Options(layout=small.layout)).report
    (derived,) = [result for result in report.results if result.name == "derived"]
    place = f"iceland-fisheries/report.ttl:{small.line('id:iceland a ')} id:iceland"
    assert [finding.where for finding in derived.findings] == [place] * len(derived.findings)
    assert (
        Finding(
            place,
            "is both pol:Actor and pol:Policy, which exclude each other",
            "Look for a claim whose predicate has another domain or range than its subject or "
            "object.",
        )
        in derived.findings
    )
    assert not report.passed


@pytest.mark.usefixtures("no_java")
def test_a_report_without_such_a_claim_passes(small: SmallReport) -> None:
    checked = check(small.settings, Options(layout=small.layout))
    (derived,) = [result for result in checked.report.results if result.name == "derived"]
    assert list(derived.findings) == []
    assert checked.dataset is not None
    assert derived.looked_at == (
        f"{checked.dataset.derived} statements, {checked.dataset.closure} of them the closure"
    )
    assert 0 < checked.dataset.closure < checked.dataset.derived
    assert checked.dataset.derived > 50
