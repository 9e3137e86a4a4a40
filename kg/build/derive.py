"""Deriving: rules run until they add nothing, and what they add goes into a graph of its own."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from pyoxigraph import BlankNode
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import QueryTriples
from pyoxigraph import Store
from pyoxigraph import Triple

from kg.build.rules import Rule
from kg.errors import BuildError


@dataclass(frozen=True, slots=True)
class Derivation:
    """What was derived: the number of statements, how many each rule was the first to give, and
    the statements by the kind of that rule.
    """

    total: int
    by_rule: dict[str, int]
    closure: list[Triple] = field(default_factory=list)
    shortcut: list[Triple] = field(default_factory=list)


def derive(store: Store, rules: Sequence[Rule], graph: str) -> Derivation:
    """Add what ``rules`` derive from all graphs of ``store`` to the graph ``graph``.

    Nothing that is asserted is derived again. Closure rules run to a fixpoint, then the shortcut
    rules once; that is repeated until nothing is new. The result does not depend on the order of
    the rules, as long as no rule negates what another one derives. Raises
    :class:`~kg.errors.BuildError` for a rule that makes a blank node.
    """
    closure = [rule for rule in rules if rule.kind == "closure"]
    shortcuts = [rule for rule in rules if rule.kind == "shortcut"]
    known = {quad.triple for quad in store}
    found = Derivation(0, dict.fromkeys((rule.name for rule in rules), 0))
    before = len(known)
    while True:
        while _run(store, closure, graph, known, found):
            pass
        if not _run(store, shortcuts, graph, known, found):
            total = len(known) - before
            return Derivation(total, found.by_rule, found.closure, found.shortcut)


def _run(
    store: Store, rules: Sequence[Rule], graph: str, known: set[Triple], found: Derivation
) -> int:
    """Run each of ``rules`` once and return the number of new statements."""
    context = NamedNode(graph)
    added = 0
    for rule in rules:
        new = {triple for triple in conclusions(store, rule) if triple not in known}
        refuse_blank_nodes(new, rule)
        store.extend(Quad(t.subject, t.predicate, t.object, context) for t in new)
        known |= new
        found.by_rule[rule.name] += len(new)
        (found.closure if rule.kind == "closure" else found.shortcut).extend(new)
        added += len(new)
    return added


def conclusions(store: Store, rule: Rule) -> QueryTriples:
    """Return what ``rule`` concludes from all graphs of ``store``, known or not."""
    results = store.query(rule.text, use_default_graph_as_union=True)
    if not isinstance(results, QueryTriples):
        raise BuildError("The rule is no CONSTRUCT query", where=rule.file)
    return results


def refuse_blank_nodes(triples: Iterable[Triple], rule: Rule) -> None:
    """Raise :class:`~kg.errors.BuildError` if ``rule`` made a blank node in ``triples``."""
    for triple in triples:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise BuildError(
                f"The rule makes a blank node: {triple}",
                where=rule.file,
                remedy="Make an IRI from what the node depends on, with IRI(CONCAT(...)).",
            )
