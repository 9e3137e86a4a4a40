"""An update gets the dataset of its request, or says why not; LOAD SILENT does nothing."""

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.guard import without_load
from kg.engine.update_dataset import with_dataset
from kg.errors import BadParameter
from kg.errors import QueryRefused

E = "http://example.org/"
A, B = E + "graph/a", E + "graph/b"


def objects(store: Store, graph: str) -> set[str]:
    return {
        str(quad.object) for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
    }


@pytest.fixture
def store() -> Store:
    store = Store()
    for graph in (A, B):
        one, p = NamedNode(E + "s"), NamedNode(E + "p")
        store.add(Quad(one, p, NamedNode(graph), NamedNode(graph)))
    return store


@pytest.mark.parametrize(
    "update",
    [
        f"INSERT {{ GRAPH <{E}new> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}",
        f"INSERT {{ GRAPH <{E}new> {{ ?s ?p ?o }} }} WHERE {{ SELECT * WHERE {{ ?s ?p ?o }} }}",
        f"INSERT {{ GRAPH <{E}new> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o FILTER ('WHERE' != ?o) }}",
        f"CLEAR DEFAULT; INSERT {{ GRAPH <{E}new> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }} # WHERE",
    ],
)
def test_patterns_see_the_graphs_of_the_request(store: Store, update: str) -> None:
    store.update(with_dataset(update, [A], []))
    assert objects(store, E + "new") == {f"<{A}>"}


def test_named_graphs_of_the_request(store: Store) -> None:
    update = f"INSERT {{ GRAPH <{E}new> {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    store.update(with_dataset(update, [], [B]))
    assert objects(store, E + "new") == {f"<{B}>"}


def test_delete_where_keeps_its_meaning(store: Store) -> None:
    update = f"DELETE WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}; INSERT DATA {{}}"
    store.update(with_dataset(update, [B], [A]))
    assert (objects(store, A), objects(store, B)) == (set(), {f"<{B}>"})


def test_without_a_dataset_the_text_stays() -> None:
    assert with_dataset("DELETE WHERE { ?s ?p ?o }", [], []) == "DELETE WHERE { ?s ?p ?o }"


@pytest.mark.parametrize("clause", ["USING", "using named", "WITH"])
def test_two_datasets_are_refused(clause: str) -> None:
    update = f"INSERT {{ ?s ?p ?o }} {clause} <{B}> WHERE {{ ?s ?p ?o }}"
    if clause == "WITH":
        update = f"WITH <{B}> INSERT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"
    with pytest.raises(BadParameter) as error:
        with_dataset(update, [A], [])
    assert error.value.where == "using-graph-uri"


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1:1/>",
        "load<http://127.0.0.1:1/>",
        "INSERT DATA {} ; LOAD <http://127.0.0.1:1/> INTO GRAPH <http://example.org/g>",
        "LOADSILENT <http://127.0.0.1:1/>",
        "LOAD # comment\n<http://127.0.0.1:1/>",
    ],
)
def test_load_is_refused(update: str) -> None:
    with pytest.raises(QueryRefused, match="LOAD"):
        without_load(update)


@pytest.mark.parametrize(
    ("update", "left"),
    [
        ("LOAD SILENT <http://x/>", "INSERT DATA {}"),
        ("load silent <http://x/> into graph <http://g> ; CLEAR ALL", "INSERT DATA {} ; CLEAR ALL"),
        ("INSERT DATA { <load> <silent> 'LOAD' }", "INSERT DATA { <load> <silent> 'LOAD' }"),
    ],
)
def test_load_silent_fails_silently(update: str, left: str) -> None:
    assert without_load(update) == left
