"""The catalogue does not depend on one engine: rdflib, reading the dump, gives the same answers."""

import gzip
from collections import Counter
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pyoxigraph
import pytest
import rdflib

from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.interface import Term

# rdflib itself still uses what it has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.contexts:DeprecationWarning"),
]

CATALOGUE = load_catalogue()
Cell: TypeAlias = tuple[str, ...]
NUMBERS = ("integer", "decimal")


@pytest.fixture(scope="module")
def dataset(built: Path) -> rdflib.Dataset:
    """Return the N-Quads dump of the version in service, all graphs as one."""
    number = (built / "current").resolve().name
    dataset = rdflib.Dataset(default_union=True)
    dumped = (built / "dumps" / number / "policykg.nq.gz").read_bytes()
    dataset.parse(data=gzip.decompress(dumped), format="nquads")
    return dataset


@pytest.mark.parametrize("name", CATALOGUE)
def test_rdflib_and_oxigraph_agree(
    engine: EmbeddedEngine, dataset: rdflib.Dataset, name: str
) -> None:
    query = CATALOGUE[name]
    values = bind(query, {parameter.name: parameter.example for parameter in query.parameters})
    ours = [
        tuple(_cell(row.get(column.name)) for column in query.columns)
        for row in engine.rows(Query(query.text, bindings=values))
    ]
    results = dataset.query(
        query.text, initBindings={key: _rdflib(value) for key, value in values.items()}
    )
    theirs = [
        tuple(_rdflib_cell(row[column.name]) for column in query.columns) for row in _rows(results)
    ]
    assert ours
    assert Counter(ours) == Counter(theirs)
    assert ours == theirs, "the order of the rows is not total"


def _rows(results: rdflib.query.Result) -> list[dict[str, Any]]:
    return [{str(key): row.get(key) for key in results.vars or []} for row in results.bindings]


def _rdflib(term: Term) -> rdflib.term.Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def _cell(term: Term | None) -> Cell:
    if term is None:
        return ()
    if isinstance(term, pyoxigraph.NamedNode):
        return ("iri", term.value)
    assert isinstance(term, pyoxigraph.Literal)
    return _literal(term.value, term.language, term.datatype.value)


def _rdflib_cell(term: Any) -> Cell:
    if term is None:
        return ()
    if isinstance(term, rdflib.URIRef):
        return ("iri", str(term))
    assert isinstance(term, rdflib.Literal)
    return _literal(str(term), term.language, str(term.datatype or rdflib.XSD.string))


def _literal(value: str, language: str | None, datatype: str) -> Cell:
    if language:
        return ("text", value, language)
    kind = datatype.rsplit("#", 1)[-1]
    return (kind, str(float(value)) if kind in NUMBERS else value)
