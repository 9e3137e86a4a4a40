"""Graphs of a store in the place of those that the last build made."""

from collections.abc import Collection
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store

from kg.engine.patch import apply_patch
from kg.engine.patch import write_patch
from kg.engine.statement_file import StatementFile


def fill(store: Store, quads: Collection[Quad]) -> tuple[str, ...]:
    """Put ``quads`` into an empty ``store`` and return the names of their graphs."""
    if isinstance(quads, StatementFile):
        store.bulk_load(path=str(quads.path), format=RdfFormat.N_QUADS)
    else:
        store.bulk_extend(quads)
    return tuple(sorted(_graphs(store)))


def replace(
    store: Store, old: Iterable[str], quads: Collection[Quad], patch: Path
) -> tuple[str, ...]:
    """Put ``quads`` in the place of the graphs ``old``, and return the graphs that came with them.

    A graph that was there already, because users filled it, is not among them. Only what differs is
    written, also to the file ``patch``, for those who follow the graph.
    """
    kept = _graphs(store) - set(old)
    write_patch(patch, store, sorted(old), quads, quads)
    apply_patch(patch, store)
    for graph in old:
        name = NamedNode(graph)
        if next(store.quads_for_pattern(None, None, None, name), None) is None:
            store.remove_graph(name)
    return tuple(sorted(_graphs(store) - kept))


def _graphs(store: Store) -> set[str]:
    return {graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)}
