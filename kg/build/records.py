"""Records of the parts of the graph: what was found and derived, by a hash of all it depends on.

A record is a file that is named by the hash and ends with a hash of what it holds. One that was cut
off by a crash is no record, and one for other sources, another ontology or another policykg has
another name; in doubt a part is taken again.
"""

import gzip
import hashlib
import json
import os
import platform
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from typing import Final

from kg import __version__
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.parts import Part
from kg.build.read import Sources
from kg.build.taking import Derived
from kg.build.taking import Taken

_LIBRARIES: Final = ("pyoxigraph", "pyshacl", "rdflib")
_END: Final = 64  # hexadecimal digits of the hash at the end


class Records:
    """The records in a folder, which is made when there is one to write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def key(self, part: Part, shared: str, texts: Iterable[str], reasoner: str) -> str:
        """Return the hash of all that the result of ``part`` depends on: besides what it holds, the
        hash of what all parts share, those of the source ``texts`` at hand, and which ``reasoner``
        judges it.
        """
        total = hashlib.sha256(f"{code_hash()} {shared} {part.reports} {reasoner}".encode())
        for source in part.sources.reports:
            total.update(f"\0{source.name}\0{source.graph}\0{source.text}".encode())
        # Those of links too: how good the suggester is depends on names in reports.
        sources = part.sources
        for quad in (*sources.link_quads, *sources.rule_quads, *sources.context):
            total.update(f"\0{quad}".encode())
        total.update(f"\0{sorted(part.wanted)}\0{sorted(texts)}".encode())
        return total.hexdigest()

    def read(self, key: str) -> Taken | None:
        """Return the record ``key``, or ``None`` if there is none that is whole."""
        self._used.add(key)
        try:
            data = gzip.decompress(self._path(key).read_bytes())
        except (OSError, EOFError, ValueError, zlib.error):
            return None
        body, end = data[:-_END], data[-_END:]
        if hashlib.sha256(key.encode() + body).hexdigest().encode() != end:
            return None
        return _taken(json.loads(body))

    def write(self, key: str, taken: Taken) -> None:
        """Keep ``taken`` as the record ``key``. What cannot be written is not kept: a build does
        without.
        """
        body = json.dumps(asdict(taken)).encode()
        data = body + hashlib.sha256(key.encode() + body).hexdigest().encode()
        new = self._folder / f".{key}-{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(gzip.compress(data, compresslevel=1, mtime=0))
            os.replace(new, self._path(key))
        except OSError:
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the records that were not asked for since this object was made."""
        try:
            for path in self._folder.iterdir():
                if path.name.removesuffix(".json.gz") not in self._used:
                    path.unlink(missing_ok=True)
        except OSError:
            return

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json.gz"


@cache
def code_hash() -> str:
    """Return a hash of policykg's code and of the libraries that judge and derive."""
    total = hashlib.sha256(f"{__version__} {platform.python_version()}".encode())
    for name in _LIBRARIES:
        total.update(f"\0{name} {version(name)}".encode())
    root = Path(str(files("kg")))
    for path in sorted(root.rglob("*.py")):
        total.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def shared_hash(sources: Sources) -> str:
    """Return a hash of what all reports share: base, ontology, shapes, rules, links, queries and
    datasets.
    """
    total = hashlib.sha256(sources.base.encode())
    for source in sources.ontology:
        total.update(f"\0{source.name}\0{source.text}".encode())
    for text in (sources.shapes, *sources.rules, *sources.links, *sources.queries):
        total.update(f"\0{text.name}\0{text.text}".encode())
    for quad in sources.dataset_quads:
        total.update(f"\0{quad}".encode())
    return total.hexdigest()


def _taken(plain: dict[str, Any]) -> Taken:
    results = []
    for one in plain["results"]:
        findings = [Finding(**finding) for finding in one.pop("findings")]
        results.append(CheckResult(findings=findings, **one))
    return Taken(results, Derived(**plain["inside"]), Derived(**plain["outside"]))
