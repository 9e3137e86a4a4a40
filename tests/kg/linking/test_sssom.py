"""Tables of mappings that are spoiled are told with row and column."""

import pytest

from kg.build.findings import Finding
from kg.linking.sssom import COLUMNS
from kg.linking.sssom import read_table

ROW = {
    "subject_id": "id:pakistan",
    "predicate_id": "schema:sameAs",
    "object_id": "http://www.wikidata.org/entity/Q843",
    "mapping_justification": "semapv:ManualMappingCuration",
    "confidence": "0.95",
    "comment": "Looked up.",
}


def read(
    *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, start: str = ""
) -> list[Finding]:
    lines = ["\t".join(columns), *("\t".join(row.get(c, "") for c in columns) for row in rows)]
    _, findings = read_table(start + "\n".join(lines) + "\n", "a.sssom.tsv", None)
    return findings


def test_a_good_row_gives_no_finding() -> None:
    assert read(ROW) == []


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read(ROW, start="\ufeff") == []


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (("subject_id", *COLUMNS), "Column 2, 'subject_id', stands twice"),
        (("subject", *COLUMNS), "Column 1, 'subject', is unknown"),
        (("", *COLUMNS), "Column 1, '', is unknown"),
        (
            tuple(c for c in COLUMNS if c not in ("confidence", "mapping_justification")),
            "There is no column mapping_justification, confidence",
        ),
    ],
)
def test_headers_that_are_doubled_unknown_or_missing(
    columns: tuple[str, ...], message: str
) -> None:
    [finding] = read(ROW, columns=columns)
    assert finding.where == "a.sssom.tsv:1"
    assert finding.message == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mapping_justification": ""}, "The row has no mapping_justification"),
        (
            {"mapping_justification": "semapv:Guessing"},
            "mapping_justification semapv:Guessing is unknown",
        ),
        ({"predicate_id": "owl:sameAs"}, "predicate_id owl:sameAs may not link"),
        (
            {"object_id": "https://ror.org/00pnp4y97"},
            "object_id https://ror.org/00pnp4y97 has a wrong check digit for ROR",
        ),
        (
            {"comment": "=cmd|'/C calc'!A0"},
            "comment \"=cmd|'/C calc'!A0\" would run as a formula in a spreadsheet",
        ),
        (
            {"object_id": "sssom:NoTermFound"},
            "object_id sssom:NoTermFound needs an object_source and no modifier",
        ),
        ({"object_source": "EuroVoc"}, "object_source 'EuroVoc' is not an IRI"),
    ],
)
def test_a_row_that_cannot_be_used_is_told(change: dict[str, str], message: str) -> None:
    [finding] = read(ROW, {**ROW, **change, "subject_label": "x"})
    assert finding.where == "a.sssom.tsv:3"
    assert finding.message == message


def test_a_row_with_too_few_or_too_many_cells_is_told() -> None:
    head = "\t".join(COLUMNS)
    for cells in (3, len(COLUMNS) + 2):
        _, [finding] = read_table(f"{head}\n" + "\t".join("x" * cells) + "\n", "a", None)
        assert finding.where == "a:2"
        assert finding.message == f"The row has {cells} cells instead of {len(COLUMNS)}"


def test_what_was_not_found_may_stand_once_for_each_source() -> None:
    row = {**ROW, "object_id": "sssom:NoTermFound"}
    one, other = (row | {"object_source": f"https://{x}.example"} for x in ("a", "b"))
    assert read(one, other) == []
    [finding] = read(one, other, one)
    assert finding.message == "The row repeats row 2"
