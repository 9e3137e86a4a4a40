"""The English names of properties, which are read once for a version: every page shows many."""

from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from server.bounded_query import bounded_query
from server.kept import kept
from server.service import Service

_MOST: Final = 5000  # in bulk: the vocabulary has a few hundred


def property_names(service: Service) -> dict[Term, Literal]:
    """Return the names of all properties that say they are such, up to 5,000."""

    def read() -> dict[Term, Literal]:
        found: dict[Term, Literal] = {}
        for row in service.engine.rows(bounded_query(service, "property-labels", rows=_MOST)):
            term, label = row.get("term"), row.get("label")
            if isinstance(term, NamedNode) and isinstance(label, Literal):
                known = found.setdefault(term, label)
                if label.value < known.value:
                    found[term] = label
        return found

    return kept("property-names", read)
