"""Writing statements so that the same statements are always the same bytes, and readable."""

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import serialize

from kg.namespaces import prefixes

_DATASETS: Final = (RdfFormat.TRIG, RdfFormat.N_QUADS)  # the formats that name graphs
_NAMESPACE: Final = re.compile(r".*[/#]", re.DOTALL)
_XML_NAMES: Final = re.compile(rb'(?: xmlns:[\w.-]+="[^"]*")+')


def write(
    quads: Sequence[Quad], rdf_format: RdfFormat, base: str, more: Mapping[str, str] | None = None
) -> bytes:
    """Return ``quads`` in ``rdf_format``, with those prefixes that occur in them: the ones of a
    graph under ``base``, and ``more``.

    Formats for triples leave the graphs out and give a statement of several graphs once.
    """
    used = set(_namespaces(quads))
    known = {**prefixes(base), **(more or {})}
    names = {prefix: start for prefix, start in known.items() if start in used}
    if rdf_format in _DATASETS:
        return _in_order(serialize(quads, format=rdf_format, prefixes=names) or b"", rdf_format)
    triples = dict.fromkeys(quad.triple for quad in quads)
    return _in_order(serialize(triples, format=rdf_format, prefixes=names) or b"", rdf_format)


def _namespaces(quads: Iterable[Quad]) -> Iterable[str]:
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            name = term.datatype if isinstance(term, Literal) else term
            if isinstance(name, NamedNode) and (match := _NAMESPACE.match(name.value)):
                yield match.group()


def _in_order(data: bytes, rdf_format: RdfFormat) -> bytes:
    """Return ``data`` with its prefixes sorted: pyoxigraph declares them in any order."""
    if rdf_format == RdfFormat.RDF_XML:
        return _XML_NAMES.sub(_sorted_names, data, count=1)
    lines = data.splitlines(keepends=True)
    count = 0
    while count < len(lines) and lines[count].startswith(b"@prefix "):
        count += 1
    return b"".join([*sorted(lines[:count]), *lines[count:]])


def _sorted_names(match: re.Match[bytes]) -> bytes:
    return b"".join(b" " + name for name in sorted(match.group().split()))
