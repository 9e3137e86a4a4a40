"""Things as tidy JSON objects: JSON-LD, compacted by the vocabulary's context and framed."""

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from typing import Final
from typing import cast

from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import serialize

from kg.engine.interface import Engine
from kg.engine.interface import Term
from kg.namespaces import RDFS
from server.bounded_query import bounded_query
from server.service import Service

MOST: Final = 10_000  # statements of an object; the other representations have all
_LABEL: Final = NamedNode(RDFS + "label")


def tidy_object(
    service: Service, engine: Engine, iri: str, context: Mapping[str, Any], address: str
) -> dict[str, Any] | None:
    """Return what is said of ``iri`` as one object, whose values have their labels with them.

    It is JSON-LD 1.1 for the ``context``, which is named by its ``address``. ``None``: nothing is
    said of it.
    """
    rows = engine.rows(bounded_query(service, "object", rows=MOST, thing=NamedNode(iri)))
    if not rows:
        return None
    from pyld import jsonld  # only programs that want objects need it

    data = serialize(sorted(_statements(rows), key=str), format=RdfFormat.N_TRIPLES) or b""
    nodes = jsonld.from_rdf(data.decode(), {"useNativeTypes": True})
    frame = {"@context": context, "@id": iri}
    options = {"omitGraph": True, "embed": "@always", "documentLoader": _refuse}
    framed = cast(dict[str, Any], jsonld.frame(nodes, frame, options))
    return {**framed, "@context": address}


def _statements(rows: Iterable[Mapping[str, Term]]) -> set[Triple]:
    found: set[Triple] = set()
    for row in rows:
        thing, property_, value = row["thing"], row["property"], row["value"]
        if isinstance(thing, NamedNode) and isinstance(property_, NamedNode):
            found.add(Triple(thing, property_, value))
            if "label" in row and isinstance(value, NamedNode):
                found.add(Triple(value, _LABEL, row["label"]))
    return found


def _refuse(address: str, options: Mapping[str, Any]) -> None:
    raise ValueError(f"{address} is not fetched")
