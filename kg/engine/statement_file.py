"""Statements in a file of N-Quads beside the store that holds them too: more than memory holds."""

from collections.abc import Collection
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse


class StatementFile(Collection[Quad]):
    """The statements of the N-Quads file ``path``, which are those of ``store``."""

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store

    def __len__(self) -> int:
        return len(self._store)

    def __contains__(self, quad: object) -> bool:
        return isinstance(quad, Quad) and quad in self._store

    def __iter__(self) -> Iterator[Quad]:
        yield from parse(path=str(self.path), format=RdfFormat.N_QUADS)
