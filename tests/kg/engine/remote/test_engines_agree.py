"""The catalogue gets the same rows from every engine, but for differences that are told.

``docs/engines.md`` has the reason for each of them.
"""

import pytest

from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.remote.engine import RemoteEngine

CATALOGUE = load_catalogue()
# What Virtuoso 7 answers in another way, and how.
VIRTUOSO = {
    "forecasts-and-plans": "order",
    "frameworks-compared": "rows",
    "on-a-day": "rows",
    "other-policies-of-country": "rows",
    "quantities": "rows",
}


def asked(name: str) -> Query:
    question = CATALOGUE[name]
    examples = {parameter.name: parameter.example for parameter in question.parameters}
    return Query(question.text, bindings=bind(question, examples))


def sorted_rows(rows: list[dict[str, Term]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted((name, str(term)) for name, term in row.items()) for row in rows)


@pytest.mark.parametrize("name", CATALOGUE)
def test_oxigraph_elsewhere_answers_as_the_embedded_one(
    remote: RemoteEngine, engine: EmbeddedEngine, name: str
) -> None:
    assert remote.rows(asked(name)) == engine.rows(asked(name))


@pytest.mark.parametrize("name", CATALOGUE)
def test_virtuoso_answers_as_the_embedded_engine_but_for_what_is_told(
    on_virtuoso: RemoteEngine, engine: EmbeddedEngine, name: str
) -> None:
    ours, theirs = engine.rows(asked(name)), on_virtuoso.rows(asked(name))
    difference = VIRTUOSO.get(name)
    assert (theirs == ours) == (difference is None)
    assert (sorted_rows(theirs) == sorted_rows(ours)) == (difference != "rows")
