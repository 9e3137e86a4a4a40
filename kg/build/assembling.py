"""The dataset: what is asserted, what the parts derive, what follows from several, and what others
publish, with its description.
"""

import hashlib
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store
from pyoxigraph import Triple

from kg.build.counting import count
from kg.build.derive import conclusions
from kg.build.derive import derive
from kg.build.derive import refuse_blank_nodes
from kg.build.describe import describe
from kg.build.dumps import dump_files
from kg.build.ordering import store_lines
from kg.build.progress import Progress
from kg.build.progress import silent
from kg.build.read import Sources
from kg.build.rules import Rule
from kg.build.spool import Spool
from kg.build.stage import Stage

_NAMELESS: Final = "urn:policykg:derived"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A built graph: the stage that holds it, how many of its quads were derived, how many of these
    by rules of the closure, its digest (SHA-256), and its graphs.
    """

    stage: Stage
    derived: int
    closure: int
    digest: str
    graphs: Sequence[str]

    @property
    def store(self) -> Store:
        """The store with all of its quads."""
        return self.stage.inside


def ontology_closure(sources: Sources, rules: Sequence[Rule]) -> list[Triple]:
    """Return what the ``rules`` for parts derive from the ontology by itself."""
    store = Store()
    store.extend(quad for source in sources.ontology for quad in source.quads)
    found = derive(store, [rule for rule in rules if rule.scope == "report"], _NAMELESS)
    return [*found.closure, *found.shortcut]


def assemble(
    sources: Sources, stage: Stage, spool: Spool, rules: Sequence[Rule], progress: Progress = silent
) -> Dataset:
    """Return the dataset of what ``stage`` holds and the parts in ``spool`` derive."""
    progress("deriving")
    # What needs an outside fact goes to a graph of its own, so that a query can leave it out.
    closure = _put(stage, spool, "inside", sources.graph("derived"), sources, rules)
    stage.inside.extend(stage.outside)
    closure += _put(stage, spool, "outside", sources.graph("derived/outside"), sources, rules)
    # What others publish stands beside the graph: nothing is derived from it.
    stage.inside.extend(sources.dataset_quads)
    progress("describing")
    return _described(stage, sources, closure)


def _described(stage: Stage, sources: Sources, closure: int) -> Dataset:
    base, description = sources.base, sources.graph("description")
    counts = count(store_lines(stage.inside), base)
    graphs = [*sorted(counts.graphs), description]
    said = describe(counts, base, description, dump_files(graphs, base))
    derived = sum(counts.graphs[sources.graph(name)] for name in ("derived", "derived/outside"))
    stage.inside.extend(said)
    digest = hashlib.sha256()
    for line in store_lines(stage.inside):
        digest.update(line)
    return Dataset(stage, derived, closure, digest.hexdigest(), sorted(graphs))


def _put(
    stage: Stage, spool: Spool, where: str, graph: str, sources: Sources, rules: Sequence[Rule]
) -> int:
    """Put what was derived ``where`` into ``graph``, and what follows from several parts; return
    how many statements rules of the closure gave first.
    """
    closure = sum(len(_add(stage.inside, some, graph)) for some in spool.triples(where, "closure"))
    for some in spool.triples(where, "shortcut"):
        _add(stage.inside, some, graph)
    return closure + _across(stage.inside, sources, rules, graph)


def _across(store: Store, sources: Sources, rules: Sequence[Rule], graph: str) -> int:
    """Add what rules for the whole graph conclude, and what that leads to, until nothing is new;
    return how many statements rules of the closure gave.
    """
    wide = [rule for rule in rules if rule.scope == "graph"]
    local = [rule for rule in rules if rule.scope == "report"]
    closure = 0
    while True:
        fresh: list[Triple] = []
        for rule in wide:
            new = _add(store, conclusions(store, rule), graph)
            refuse_blank_nodes(new, rule)
            closure += len(new) if rule.kind == "closure" else 0
            fresh += new
        if not fresh:
            return closure
        near = Store()
        near.extend(quad for source in sources.ontology for quad in source.quads)
        near.extend(
            quad for thing in _things(fresh) for quad in store.quads_for_pattern(thing, None, None)
        )
        more = derive(near, local, graph)
        closure += len(_add(store, more.closure, graph))
        _add(store, more.shortcut, graph)


def _add(store: Store, triples: Iterable[Triple], graph: str) -> list[Triple]:
    """Add those of ``triples`` that ``store`` has in no graph, and return them."""
    name = NamedNode(graph)
    new = [one for one in dict.fromkeys(triples) if not _known(store, one)]
    store.bulk_extend(Quad(one.subject, one.predicate, one.object, name) for one in new)
    return new


def _known(store: Store, triple: Triple) -> bool:
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return next(found, None) is not None


def _things(triples: Iterable[Triple]) -> set[NamedNode]:
    terms = (term for triple in triples for term in (triple.subject, triple.object))
    return {term for term in terms if isinstance(term, NamedNode)}
