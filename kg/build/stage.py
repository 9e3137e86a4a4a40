"""All asserted statements in an engine, where parts of the graph find what others say of a thing.

The engine keeps its statements in memory where there are few, else in a folder of its own that is
gone with the stage.
"""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.build.read import Sources
from kg.build.turtle import SourceOnDisk
from kg.namespaces import RDF

_TYPE: Final = NamedNode(RDF + "type")


class Stage:
    """The statements of a build: ``inside`` the reports, and ``outside`` them, from elsewhere."""

    def __init__(self, sources: Sources) -> None:
        on_disk = any(isinstance(source, SourceOnDisk) for source in sources.reports)
        self.inside = self._store_on_disk() if on_disk else Store()
        self.outside = Store()
        outside: list[Quad] = []
        self.inside.bulk_extend(_without_outside(sources, outside))
        self.outside.extend(outside)

    def _store_on_disk(self) -> Store:
        folder = tempfile.mkdtemp(prefix="policykg-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Store(folder)

    def about(self, thing: NamedNode) -> Iterator[Quad]:
        """Yield what is said of ``thing``."""
        yield from self.inside.quads_for_pattern(thing, None, None)
        yield from self.outside.quads_for_pattern(thing, None, None)

    def types(self, thing: NamedNode) -> Iterator[Quad]:
        """Yield the statements that say what ``thing`` is."""
        yield from self.inside.quads_for_pattern(thing, _TYPE, None)
        yield from self.outside.quads_for_pattern(thing, _TYPE, None)

    def pointing(self, thing: NamedNode | Literal, predicate: NamedNode | None) -> Iterator[Quad]:
        """Yield the statements with ``predicate``, or any, of which ``thing`` is the object."""
        yield from self.inside.quads_for_pattern(None, predicate, thing)
        yield from self.outside.quads_for_pattern(None, predicate, thing)

    def saying(self, predicate: NamedNode) -> Iterator[Quad]:
        """Yield the statements with ``predicate``."""
        yield from self.inside.quads_for_pattern(None, predicate, None)
        yield from self.outside.quads_for_pattern(None, predicate, None)


def _without_outside(sources: Sources, outside: list[Quad]) -> Iterator[Quad]:
    """Yield the statements inside, and put the others, which are few, into a list."""
    for quad in sources.quads():
        if is_outside(quad):
            outside.append(quad)
        else:
            yield quad


def is_outside(quad: Quad) -> bool:
    """Whether ``quad`` stands in the subfolder of a report that holds facts from elsewhere."""
    return str(quad.graph_name).endswith("/outside>")
