"""The claims are counted by kind, by certainty and by asserter."""

from pyoxigraph import QuerySolutions
from pyoxigraph import Store
from small import SmallReport

from kg.build.checks.claims import count_claims
from kg.build.read import Sources
from kg.build.read import read_sources

ROWS = [
    ("claims by kind", "a"),
    ("claims by certainty", "pol:certainty"),
    ("claims by asserter", "pol:assertedBy"),
]


def test_the_small_report(small: SmallReport) -> None:
    found = count_claims(read_sources(small.settings, small.layout))
    assert [(one.name, one.looked_at, list(one.findings)) for one in found] == [
        ("claims by kind", "4: finding 2; assessment 1; recommendation 1", []),
        ("claims by certainty", "4: certain 3; possible 1", []),
        ("claims by asserter", "4: Fishing after the fall 4", []),
    ]


def test_the_real_report_is_counted_as_sparql_counts_it(linked_sources: Sources) -> None:
    store = Store()
    store.extend(linked_sources.quads())
    for result, (name, prop) in zip(count_claims(linked_sources), ROWS, strict=True):
        assert result.name == name
        solutions = store.query(
            "PREFIX pol: <https://w3id.org/policykg/ontology#> "
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
            "SELECT ?label (COUNT(DISTINCT ?claim) AS ?n) WHERE { ?claim pol:statement ?s ; "
            f"{prop} ?x . ?x rdfs:label ?label FILTER (LANG(?label) = 'en') }} GROUP BY ?label",
            use_default_graph_as_union=True,
        )
        assert isinstance(solutions, QuerySolutions)
        counted = {row["label"].value: int(row["n"].value) for row in solutions}
        assert dict(result.counts) == counted
        assert sum(counted.values()) > 200
