"""Values of properties of things, by which a table is extended."""

from typing import Final
from typing import TypeAlias

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Engine
from kg.engine.interface import Term
from kg.namespaces import PREFIXES
from kg.namespaces import expand
from kg.namespaces import shorten
from kg.reconcile.codes import schemes
from kg.reconcile.entry import Entry
from kg.reconcile.index import Index
from kg.reconcile.reading import properties_of
from kg.reconcile.reading import said

Value: TypeAlias = str | Entry | Literal
IRI: Final = "iri"
NAME: Final = "name"
TYPE: Final = "type"
_OWN: Final = {IRI: "IRI", NAME: "Name", TYPE: "Type", "other-names": "Other names"}


class Properties:
    """Answers what things of ``index`` have; what is no identifier is read from ``engine``."""

    def __init__(self, index: Index, engine: Engine) -> None:
        self._index = index
        self._engine = engine

    def proposed(self, kind: str | None, limit: int) -> list[tuple[str, str]]:
        """Return the identifiers and names of properties that things of the class ``kind`` have."""
        entries = self._index.entries.values()
        of_kind = [one for one in entries if kind is None or kind in one.all_types]
        used = {scheme for one in of_kind for scheme in one.codes}
        found = [(one.id, one.name) for one in schemes() if one.id in used]
        found += list(_OWN.items())
        if kind and _is_iri(kind):
            found += [(shorten(iri), self.name(iri)) for iri in properties_of(self._engine, kind)]
        return found[:limit]

    def name(self, property_id: str) -> str:
        """Return the name of a property, given by its identifier or its IRI."""
        if property_id in _OWN:
            return _OWN[property_id]
        for one in schemes():
            if one.id == property_id:
                return one.name
        iri = _iri(property_id)
        return self._index.class_names.get(iri) or (shorten(iri) if iri else property_id)

    def values(
        self, entry: Entry, property_ids: list[str]
    ) -> dict[str, list[str | Entry | Literal]]:
        """Return what ``entry`` has under each property: texts, literals, or other things."""
        found: dict[str, list[Value]] = {}
        statements: list[tuple[str, Term]] | None = None
        for one in property_ids:
            if one == IRI:
                found[one] = [entry.iri]
            elif one == NAME:
                found[one] = [entry.name]
            elif one == TYPE:
                names = self._index.class_names
                found[one] = [names.get(kind) or shorten(kind) for kind in entry.types]
            elif one == "other-names":
                names_of = [*entry.labels.get("label", ()), *entry.labels.get("other", ())]
                found[one] = [text for text in names_of if text != entry.name]
            elif any(scheme.id == one for scheme in schemes()):
                found[one] = list(entry.codes.get(one, ()))
            else:
                iri = _iri(one)
                if statements is None:
                    statements = said(self._engine, entry.iri)
                values = (self._value(value) for term, value in statements if term == iri)
                found[one] = [value for value in values if value is not None]
        return found

    def _value(self, term: Term) -> Value | None:
        if isinstance(term, NamedNode):
            return self._index.entries.get(term.value) or term.value
        return term if isinstance(term, Literal) and not isinstance(term, BlankNode) else None


def _iri(property_id: str) -> str:
    prefix, colon, _ = property_id.partition(":")
    if colon and prefix in PREFIXES:
        return expand(property_id)
    return property_id.strip("<>")


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
