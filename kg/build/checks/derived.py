"""What was derived does not contradict the ontology: no thing is in two disjoint classes.

HermiT looks at what is asserted; a claim whose property has another domain or range than its
subject or object shows only when the claim has become a direct statement.
"""

from pyoxigraph import QuerySolutions
from pyoxigraph import Store

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.namespaces import shorten

_BOTH = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?thing ?one ?other WHERE {
  ?one owl:disjointWith ?other .
  ?thing a ?one, ?other .
}
ORDER BY ?thing ?one ?other
"""


def check_derived(sources: Sources, store: Store, derived: int, closure: int) -> CheckResult:
    """Return findings for things in ``store`` whose classes exclude each other.

    ``store`` holds the dataset with what was derived, ``derived`` statements, ``closure`` of them
    by rules of the closure.
    """
    solutions = store.query(_BOTH, use_default_graph_as_union=True)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("the query has no solutions")
    findings = []
    for solution in solutions:
        thing, one, other = (str(term)[1:-1] for term in solution)
        findings.append(
            Finding(
                sources.where(thing),
                f"is both {shorten(one)} and {shorten(other)}, which exclude each other",
                "Look for a claim whose predicate has another domain or range than its subject "
                "or object.",
            )
        )
    looked_at = f"{derived} statements, {closure} of them the closure"
    return CheckResult("derived", looked_at, findings)
