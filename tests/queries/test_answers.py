"""Every question of the catalogue answers, on the report, what was read from the report."""

from pathlib import Path

import pytest

from kg.catalogue import CatalogueQuery
from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Formats
from kg.engine.interface import Query

CATALOGUE = load_catalogue()
EXPECTED = Path(__file__).parent / "expected"
TSV = "text/tab-separated-values"
ID = "https://w3id.org/policykg/id/"


def _answer(engine: EmbeddedEngine, query: CatalogueQuery, **values: str) -> str:
    given = {parameter.name: parameter.example for parameter in query.parameters} | values
    bound = Query(query.text, bindings=bind(query, given))
    return engine.answer(bound, Formats(TSV, None)).body.decode()


def _claims(engine: EmbeddedEngine, name: str, **values: str) -> list[str]:
    """Return the numbers of the claims in an answer, in its order."""
    rows = engine.rows(
        Query(CATALOGUE[name].text, bindings=bind(CATALOGUE[name], values)),
    )
    return [str(row["claim"])[1:-1].rsplit("-", 1)[-1] for row in rows]


def test_each_question_has_expected_rows_and_no_others_have() -> None:
    assert sorted(path.stem for path in EXPECTED.iterdir()) == sorted(CATALOGUE)
    assert {path.suffix for path in EXPECTED.iterdir()} == {".tsv"}
    assert len(CATALOGUE) >= 15


@pytest.mark.parametrize("name", CATALOGUE)
def test_answer_is_the_expected_one(engine: EmbeddedEngine, name: str) -> None:
    expected = (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8")
    assert _answer(engine, CATALOGUE[name]) == expected
    assert len(expected.splitlines()) > 1, "an example that finds nothing shows nothing"


@pytest.mark.parametrize("name", CATALOGUE)
def test_columns_are_those_of_the_header(engine: EmbeddedEngine, name: str) -> None:
    query = CATALOGUE[name]
    declared = [*query.columns, *query.parameters]
    first = _answer(engine, query).splitlines()[0]
    assert first.split("\t") == [f"?{item.name}" for item in declared]


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_row_stands_twice(engine: EmbeddedEngine, name: str) -> None:
    rows = _answer(engine, CATALOGUE[name]).splitlines()
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", CATALOGUE)
def test_cells_are_of_the_kind_that_the_header_names(engine: EmbeddedEngine, name: str) -> None:
    query = CATALOGUE[name]
    rows = [row.split("\t") for row in _answer(engine, query).splitlines()[1:]]
    for place, column in enumerate(query.columns):
        cells = {row[place] for row in rows if row[place]}
        for cell in cells:
            assert cell.startswith("<") == (column.kind == "iri"), (column.name, cell)
            if column.kind == "integer":
                assert cell.isdigit(), (column.name, cell)
            if column.kind == "boolean":
                assert cell in ("true", "false"), (column.name, cell)
            if column.kind == "decimal":
                assert float(cell.split("^^")[0].strip('"')) <= 1, (column.name, cell)
            if column.kind == "date":
                assert cell.endswith("#date>"), (column.name, cell)


def test_a_hedged_claim_is_in_no_answer_as_a_goal_that_is_in_force(
    engine: EmbeddedEngine,
) -> None:
    rows = engine.rows(Query(CATALOGUE["statuses-and-trends"].text))
    diluted = [row for row in rows if str(row["stateLabel"]) == '"diluted"@en']
    assert [str(row["certaintyLabel"]) for row in diluted] == ['"possible"@en'] * 3
    assert [str(row["hedge"]) for row in diluted] == ['"may have been"@en'] * 3


def test_claims_about_a_thing_reach_it_as_an_aspect(engine: EmbeddedEngine) -> None:
    about = _claims(engine, "claims-about-entity", entity=f"{ID}afghanistan")
    assert about == ["c049", "x12"]


def test_claims_about_a_thing_reach_it_through_what_concerns_it(engine: EmbeddedEngine) -> None:
    about = _claims(
        engine, "claims-about-entity", entity=f"{ID}national-counter-terrorism-authority"
    )
    assert about == ["c068", "x09"]


def test_second_framework_has_the_same_factors(engine: EmbeddedEngine) -> None:
    factors = _claims(engine, "framework-factors", framework="id:national-internal-security-policy")
    assert factors == ["c037", "c038", "c038"]


def test_framework_without_goals_has_none(engine: EmbeddedEngine) -> None:
    # The report names no goal of the National Internal Security Policy.
    goals = _claims(engine, "framework-goals", framework="id:national-internal-security-policy")
    assert goals == []


def test_more_than_a_year_stays_a_lower_bound(engine: EmbeddedEngine) -> None:
    query = CATALOGUE["framework-times"]
    values = {"framework": "id:national-internal-security-policy"}
    [row] = engine.rows(Query(query.text, bindings=bind(query, values)))
    assert str(row["claim"]).endswith("-c031>")
    assert str(row["boundLabel"]) == '"lower bound"@en'
    assert "earliest" not in row


@pytest.mark.parametrize(
    "words",
    [
        '") } #',
        "'''",
        '"""',
        "\\",
        "\\u0022",
        "x\ny",
        "?claim",
        "} UNION { ?s ?p ?o",
        "<http://example.org/>",
        "😀",
    ],
)
def test_hostile_words_are_only_words(engine: EmbeddedEngine, words: str) -> None:
    assert _claims(engine, "claims-with-words", words=words) == []
