"""Which version the service holds, and what was loaded: a graph of its own, beside the data."""

import hashlib
import secrets
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Final

from kg.engine.interface import Version

STAGED: Final = "urn:policykg:staged:"  # before the names of graphs that are not in place yet
SUBJECT: Final = "urn:policykg:version"
_NUMBER: Final = "http://www.w3.org/2002/07/owl#versionInfo"
MARK: Final = "http://purl.org/dc/terms/identifier"  # digest of the version, checksum of a graph
_QUADS: Final = "http://rdfs.org/ns/void#triples"


def state_graph(base: str) -> str:
    """Return the name of the graph that says which version the data is."""
    return f"{base}graph/version"


def asking(base: str) -> str:
    """Return the query for the version: ``number``, ``digest`` and ``quads``."""
    return (
        f"SELECT ?number ?digest ?quads {{ GRAPH <{state_graph(base)}> {{ <{SUBJECT}> "
        f"<{_NUMBER}> ?number ; <{MARK}> ?digest ; <{_QUADS}> ?quads }} }}"
    )


def putting(base: str, version: Version) -> str:
    """Return the update that makes ``version`` the one the data is said to be."""
    graph = state_graph(base)
    # The values are a number and hexadecimal digits, so that nothing has to be escaped.
    return (
        f"DELETE WHERE {{ GRAPH <{graph}> {{ <{SUBJECT}> ?p ?o }} }} ;\n"
        f"INSERT DATA {{ GRAPH <{graph}> {{ <{SUBJECT}> <{_NUMBER}> {version.number:d} ; "
        f'<{MARK}> "{version.digest}" ; <{_QUADS}> {version.quads:d} }} }}'
    )


def marking(base: str, marks: Mapping[str, str], gone: Iterable[str] = ()) -> str:
    """Return the update that notes the checksums of graphs, and forgets those of ``gone``."""
    graph = state_graph(base)
    steps = [
        f"DELETE WHERE {{ GRAPH <{graph}> {{ <{one}> <{MARK}> ?mark }} }}"
        for one in (*marks, *gone)
    ]
    if marks:
        said = " ".join(f'<{one}> <{MARK}> "{checksum}" .' for one, checksum in marks.items())
        steps.append(f"INSERT DATA {{ GRAPH <{graph}> {{ {said} }} }}")
    return " ;\n".join(steps)


def after_write(version: Version, quads: int) -> Version:
    """Return the version that a write makes of ``version``.

    Its digest is one of its own, and not that of the statements, which are elsewhere.
    """
    own = hashlib.sha256(f"{version.digest} {secrets.token_hex(16)}".encode()).hexdigest()
    return Version(version.number + 1, own, quads)
