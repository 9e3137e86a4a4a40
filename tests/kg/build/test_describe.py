"""The description of the dataset counts right: each figure is counted again, by SPARQL."""

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import QuerySolutions
from pyoxigraph import RdfFormat
from pyoxigraph import Store

from kg import __version__
from kg.namespaces import BASE
from kg.namespaces import PREFIXES

DESCRIPTION = f"{BASE}graph/description"
PREFIX_LINES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
DATASET = "id:dataset"


@pytest.fixture(scope="module")
def whole(dumped: bytes) -> Store:
    store = Store()
    store.load(dumped, format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def described(dumped: bytes) -> Store:
    """Return the dataset that is described: all but the description itself."""
    store = Store()
    store.load(dumped, format=RdfFormat.N_QUADS)
    store.remove_graph(NamedNode(DESCRIPTION))
    return store


def ask(store: Store, pattern: str) -> list[tuple[str, ...]]:
    solutions = store.query(PREFIX_LINES + pattern, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return [
        tuple(term.value for term in row if isinstance(term, NamedNode | Literal))
        for row in solutions
    ]


def said(whole: Store, pattern: str) -> list[tuple[str, ...]]:
    variables = [word for word in pattern.split() if word.startswith("?")]
    return ask(
        whole,
        f"SELECT {' '.join(dict.fromkeys(variables))} "
        f"WHERE {{ GRAPH <{DESCRIPTION}> {{ {pattern} }} }}",
    )


COUNTS = {
    "void:triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }",
    "void:distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "void:distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "void:properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "void:classes": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }",
    "void:entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o "
    f'FILTER (STRSTARTS(STR(?s), "{BASE}id/") || STRSTARTS(STR(?s), "{BASE}topic/")) }}',
}


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_of_the_dataset_is_right(whole: Store, described: Store, count: str) -> None:
    assert said(whole, f"{DATASET} {count} ?n .") == ask(described, COUNTS[count])


@pytest.mark.parametrize(
    ("kind", "count", "query"),
    [
        ("class", "entities", "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x"),
        (
            "property",
            "triples",
            "SELECT ?x (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?x ?o { ?s ?x ?o } } GROUP BY ?x",
        ),
    ],
)
def test_each_partition_is_there_and_counts_right(
    whole: Store, described: Store, kind: str, count: str, query: str
) -> None:
    pattern = f"{DATASET} void:{kind}Partition ?part . ?part void:{kind} ?x ; void:{count} ?n ."
    found = [row[1:] for row in said(whole, pattern)]
    assert sorted(found) == sorted(ask(described, query))
    assert len(found) > 30


def test_each_graph_is_a_subset_that_counts_right(whole: Store, described: Store) -> None:
    found = said(whole, f"{DATASET} void:subset ?g . ?g a void:Dataset ; void:triples ?n .")
    counted = ask(described, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert sorted(found) == sorted(counted)
    assert {name.removeprefix(f"{BASE}graph/") for name, _ in found} >= {
        "ontology",
        "external",
        "links",
        "derived",
        "usip-charting-pakistan",
    }


def test_each_set_of_links_counts_right(whole: Store, described: Store) -> None:
    pattern = (
        f"{DATASET} void:subset ?set . ?set a void:Linkset ; void:linkPredicate ?p ;"
        " void:triples ?n ."
    )
    by_predicate: dict[str, int] = {}
    for _, predicate, number in said(whole, pattern):
        by_predicate[predicate] = by_predicate.get(predicate, 0) + int(number)
    counted = ask(
        described,
        "SELECT ?p (COUNT(*) AS ?n) { GRAPH graph:links { ?s ?p ?o } FILTER "
        '(?p = schema:sameAs || STRENDS(STR(?p), "Match")) } GROUP BY ?p',
    )
    assert by_predicate == {predicate: int(number) for predicate, number in counted}
    assert by_predicate


def test_the_dataset_has_licence_version_and_title(whole: Store) -> None:
    ((licence,),) = said(whole, f"{DATASET} dcterms:license ?x .")
    assert licence == "https://creativecommons.org/licenses/by/4.0/"
    ((version,),) = said(whole, f"{DATASET} dcat:version ?x .")
    release, _, digest = version.partition("+")
    assert release == __version__
    assert len(digest) == 12
    assert int(digest, 16) >= 0
    ((title,),) = said(whole, f"{DATASET} dcterms:title ?x .")
    assert title == "The policykg dataset"


def test_each_dump_is_a_distribution_with_its_address(whole: Store) -> None:
    pattern = f"{DATASET} dcat:distribution ?d . ?d dcat:downloadURL ?url ; dcat:mediaType ?type ."
    types = {url: media for _, url, media in said(whole, pattern)}
    iana = "https://www.iana.org/assignments/media-types/"
    assert types[f"{BASE}dumps/policykg.nq.gz"] == f"{iana}application/n-quads"
    assert types[f"{BASE}dumps/policykg.trig.gz"] == f"{iana}application/trig"
    assert types[f"{BASE}dumps/derived.ttl.gz"] == f"{iana}text/turtle"
    dumps = {url for _, url in said(whole, "?graph void:dataDump ?url .")}
    assert dumps == set(types)


def test_all_that_is_described_has_a_label(whole: Store) -> None:
    nameless = ask(
        whole,
        f"SELECT DISTINCT ?s WHERE {{ GRAPH <{DESCRIPTION}> {{ ?s ?p ?o }} "
        "FILTER NOT EXISTS { ?s rdfs:label ?label } }",
    )
    assert nameless == []
