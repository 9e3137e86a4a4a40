"""A name in a further language, as an outside source may bring it, doubles no row."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import QuerySolutions
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import Variable

from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.namespaces import BASE

CATALOGUE = load_catalogue()
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
# Terms are named by their makers, in English only.
VOCABULARY = (f"<{BASE}graph/ontology>", f"<{BASE}graph/external>")


def _dumped(built: Path) -> Store:
    """Return the version in service in a store that the test may change."""
    number = (built / "current").resolve().name
    dumped = (built / "dumps" / number / "policykg.nq.gz").read_bytes()
    store = Store()
    store.load(gzip.decompress(dumped), format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def stores(built: Path) -> tuple[Store, Store]:
    """Return the graph as it is, and the graph in which each thing has a second name."""
    named = _dumped(built)
    for quad in list(named.quads_for_pattern(None, LABEL, None)):
        if str(quad.graph_name) not in VOCABULARY:
            second = Literal(f"{quad.object} 2", language="ur")
            named.add(Quad(quad.subject, LABEL, second, quad.graph_name))
    return _dumped(built), named


@pytest.mark.parametrize("name", CATALOGUE)
def test_second_names_change_no_answer(stores: tuple[Store, Store], name: str) -> None:
    query = CATALOGUE[name]
    values = bind(query, {parameter.name: parameter.example for parameter in query.parameters})
    answers = []
    for store in stores:
        solutions = store.query(
            query.text,
            use_default_graph_as_union=True,
            substitutions={Variable(key): value for key, value in values.items()},
        )
        assert isinstance(solutions, QuerySolutions)
        answers.append([str(solution) for solution in solutions])
    assert answers[0]
    assert answers[0] == answers[1]
