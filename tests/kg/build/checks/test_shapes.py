"""What breaks a shape is told with file, line, shape and remedy; shapes without nodes are named."""

from small import SmallReport

from kg.build.checks.shapes import check_shapes
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.read import read_sources


def check(small: SmallReport) -> CheckResult:
    return check_shapes(read_sources(small.settings, small.layout))


def place(small: SmallReport, name: str) -> str:
    return f"iceland-fisheries/report.ttl:{small.line(f'{name} a ')} {name}"


def test_the_real_report_has_no_findings(linked_sources: Sources) -> None:
    result = check_shapes(linked_sources)
    assert list(result.findings) == []
    assert 0 not in result.counts.values()
    targets = linked_sources.shapes.text.count("sh:target")
    assert result.looked_at == (
        f"{sum(result.counts.values())} focus nodes, "
        f"{len(result.counts)} shapes with {targets} targets"
    )


def test_a_claim_without_evidence_is_found_with_its_line(small: SmallReport) -> None:
    small.change(
        "pol:negated false ;\n  pol:evidence id:iceland-fisheries-p004 .", "pol:negated false ."
    )
    assert check(small).errors == [
        Finding(
            place(small, "id:iceland-fisheries-c004"),
            "breaks shape:source-claim-evidence by pol:evidence",
            "Rest the claim on at least one passage (pol:evidence) that is described as a "
            "pol:Passage.",
        ),
        Finding(
            place(small, "id:iceland-fisheries-p004"),
            "breaks shape:used-passage",
            "No claim rests on this passage: name it as pol:evidence of a claim, or remove it.",
        ),
    ]


def test_a_wrong_value_is_shown(small: SmallReport) -> None:
    small.change(
        "pol:undertakes ; pol:object id:fisheries-act ;\n  pol:assertedBy id:iceland-fisheries",
        "pol:undertakes ; pol:object id:fisheries-act ;\n  pol:assertedBy id:fisheries-act",
    )
    assert check(small).errors == [
        Finding(
            place(small, "id:iceland-fisheries-c003"),
            "breaks shape:claim-asserter by pol:assertedBy id:fisheries-act",
            "Name exactly one asserter (pol:assertedBy), described as a person, an organisation "
            "or a document.",
        )
    ]


def test_a_shape_that_meets_no_node_is_a_warning(small: SmallReport) -> None:
    result = check(small)
    assert result.errors == []
    assert result.counts["shape:membership"] == 0
    assert result.counts["shape:claim"] == 4
    assert (
        Finding(
            "ontology/shapes.ttl",
            "shape:membership meets no node of the data",
            "Correct its target, or remove the shape.",
            warning=True,
        )
        in result.findings
    )
    unmet = [name for name, count in result.counts.items() if count == 0]
    assert len(result.findings) == len(unmet)
