"""What a part of the graph gives: the results of its checks, and what is derived from it.

That depends on the part alone, on the rules, and on what follows from the ontology by itself.
"""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store
from pyoxigraph import Triple

from kg.build.checks.claims import count_claims
from kg.build.checks.coverage import check_coverage
from kg.build.checks.passages import check_passages
from kg.build.checks.shapes import judge_shapes
from kg.build.checks.terms import check_terms
from kg.build.checks.values import check_values
from kg.build.derive import Derivation
from kg.build.derive import derive
from kg.build.findings import CheckResult
from kg.build.parts import Part
from kg.build.rules import Rule
from kg.build.stage import is_outside

_DERIVED: Final = "urn:policykg:derived"
_KNOWN: Final = NamedNode("urn:policykg:known")


@dataclass(frozen=True, slots=True)
class Derived:
    """Statements that were derived, by the kind of the rule that gave them first: N-Triples, each
    statement a line.
    """

    closure: str = ""
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The results of a part's checks, and what is derived from it: without the facts from
    elsewhere, and what these add.
    """

    results: Sequence[CheckResult]
    inside: Derived
    outside: Derived


def take(
    part: Part, texts: Sequence[Path], rules: Sequence[Rule], of_ontology: Iterable[Triple]
) -> Taken:
    """Return what ``part`` gives, with the source ``texts`` of its reports that are at hand.

    ``of_ontology`` is what the ``rules`` derive from the ontology by itself. Nothing is derived
    from a part in which a check finds an error.
    """
    sources = part.sources
    results = [
        check_terms(sources),
        check_values(sources),
        check_passages(sources, texts),
        check_coverage(sources, texts),
        judge_shapes(sources, part.wanted),
        *count_claims(sources),
    ]
    if any(result.errors for result in results):
        return Taken(results, Derived(), Derived())
    return Taken(results, *_derive(part, rules, of_ontology))


def _derive(
    part: Part, rules: Sequence[Rule], of_ontology: Iterable[Triple]
) -> tuple[Derived, Derived]:
    local = [rule for rule in rules if rule.scope == "report"]
    quads = [*part.sources.quads(), *part.sources.context]
    outside = [quad for quad in quads if is_outside(quad)]
    store = Store()
    store.extend(quad for quad in quads if not is_outside(quad))
    store.extend(Quad(t.subject, t.predicate, t.object, _KNOWN) for t in of_ontology)
    inside = _derived(derive(store, local, _DERIVED))
    if not outside:
        return inside, Derived()
    store.extend(outside)
    return inside, _derived(derive(store, local, f"{_DERIVED}/outside"))


def _derived(derivation: Derivation) -> Derived:
    return Derived(_lines(derivation.closure), _lines(derivation.shortcut))


def _lines(triples: Iterable[Triple]) -> str:
    return "".join(sorted(f"{triple} .\n" for triple in triples))
