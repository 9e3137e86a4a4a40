"""What the claims are, in numbers: of which kind, how certain, and by whom asserted."""

from collections import Counter
from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from itertools import islice
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.build.findings import CheckResult
from kg.build.read import Sources
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import shorten

_SHOWN: Final = 20  # of the labels; the counts have all
# The rows: what the claims are counted by, and the property that says it.
_ROWS: Final = (
    ("kind", RDF + "type"),
    ("certainty", POL + "certainty"),
    ("asserter", POL + "assertedBy"),
)


def count_claims(sources: Sources) -> list[CheckResult]:
    """Return three results without findings: the claims by kind, by certainty and by asserter.

    ``counts`` of each holds the figures, by the label of what is counted.
    """
    claims: set[str] = set()
    labels: dict[str, str] = {}
    said: dict[str, dict[str, str]] = {prop: {} for _, prop in _ROWS}
    own = {source.graph for source in sources.reports}
    for quad in chain(sources.quads(), sources.context):
        subject, prop, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue
        if prop == POL + "statement":
            if str(quad.graph_name)[1:-1] in own:
                claims.add(subject.value)
        elif prop == RDFS + "label" and isinstance(value, Literal) and value.language == "en":
            labels[subject.value] = value.value
        elif prop in said:
            said[prop][subject.value] = value.value
    results = []
    for name, prop in _ROWS:
        counter = Counter(said[prop].get(claim, "") for claim in claims)
        counts: dict[str, int] = defaultdict(int)
        for iri, number in sorted(counter.items(), key=lambda one: (-one[1], one[0])):
            counts[labels.get(iri) or (shorten(iri) if iri else "none")] += number
        results.append(claims_result(f"claims by {name}", counts, len(claims)))
    return results


def claims_result(name: str, counts: Mapping[str, int], claims: int) -> CheckResult:
    """Return the result ``name`` for so many ``claims``, with their ``counts`` in this order."""
    shown = "; ".join(f"{label} {number}" for label, number in islice(counts.items(), _SHOWN))
    if len(counts) > _SHOWN:
        shown += f"; {len(counts) - _SHOWN} others {sum(islice(counts.values(), _SHOWN, None))}"
    return CheckResult(name, f"{claims}: {shown}", counts=dict(counts), sums={"claims": claims})
