"""What the parts derive, kept on the disk until all have been taken."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from itertools import product
from typing import IO
from typing import Final

from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import parse

from kg.build.findings import CheckResult
from kg.build.taking import Taken

_AT_ONCE: Final = 200_000  # statements


class Spool:
    """Collects what parts give: ``results`` of their checks, and on the disk what they derive."""

    def __init__(self) -> None:
        self.results: list[list[CheckResult]] = []
        self._open = ExitStack()
        self._files: dict[tuple[str, str], IO[bytes]] = {}
        for name in product(("inside", "outside"), ("closure", "shortcut")):
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the others
            self._files[name] = self._open.enter_context(file)

    def add(self, taken: Taken) -> None:
        """Take in what a part gave."""
        self.results.append(list(taken.results))
        for (where, kind), file in self._files.items():
            file.write(getattr(getattr(taken, where), kind).encode())

    def triples(self, where: str, kind: str) -> Iterator[list[Triple]]:
        """Yield what was derived ``inside`` or ``outside`` by rules of the ``kind``, some at once.

        What several parts derive comes several times.
        """
        file = self._files[where, kind]
        file.seek(0)
        triples = (quad.triple for quad in parse(file, format=RdfFormat.N_TRIPLES))
        while some := list(islice(triples, _AT_ONCE)):
            yield some

    def close(self) -> None:
        """Let go of the files."""
        self._open.close()
