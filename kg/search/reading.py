"""Reading from an engine what the index is made of: things with their texts, kinds and sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import Final
from typing import Literal as Choice

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import DCTERMS
from kg.namespaces import ONTOLOGY
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDFS
from kg.namespaces import SKOS

Where = Choice["name", "other name", "statement", "definition"]
_ROWS: Final = 50_000  # of one answer; a remote service may give fewer at once
_SLICE: Final = re.compile(r"LIMIT 100 OFFSET 0\b")
_WHERE: Final[dict[str, Where]] = {
    RDFS + "label": "name",
    SKOS + "prefLabel": "name",
    DCTERMS + "title": "name",
    SKOS + "altLabel": "other name",
    SKOS + "notation": "other name",
    POL + "statement": "statement",
    SKOS + "definition": "definition",
    SKOS + "scopeNote": "definition",
    DCTERMS + "description": "definition",
}
_LONGEST: Final = 4000  # characters of a text that are looked at
# Graphs that say things of what stands in others; they are the source of nothing.
_NO_SOURCES: Final = ("derived", "description", "external", "links", "rules")
# What says of a thing how the ontology is written, and not what it is.
_NO_KINDS: Final = (f"{OWL}NamedIndividual",)
_BOOKKEEPING: Final = (
    *("derivation-", "suggester-", "mapping-"),
    *("dataset-class-", "dataset-property-"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text about a thing: what it is, and its language ("" if it has none)."""

    where: Where
    text: str
    language: str


@dataclass(slots=True)
class Thing:
    """A thing with its texts; ``kinds`` are IRIs of its stated classes, ``all_kinds`` those that
    follow from them too, ``sources`` IRIs of the graphs that speak of it.
    """

    iri: str
    texts: list[Text] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    all_kinds: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def labels(self) -> list[Text]:
        """Its names, or its statements if it has none: what it is called by."""
        for where in ("name", "statement", "other name"):
            found = [one for one in self.texts if one.where == where]
            if found:
                return found
        return []

    @property
    def name(self) -> str:
        """The name to show: English before others."""
        ranked = sorted(self.labels, key=lambda one: (not one.language.startswith("en"), one.text))
        return ranked[0].text if ranked else self.iri


def read_things(engine: Engine, base: str = BASE) -> list[Thing]:
    """Return the things that have a name or a statement, in the order of their IRIs.

    Raises what a query of ``engine`` raises.
    """
    found: dict[str, Thing] = {}
    for row in _rows(engine, "texts"):
        literal, where = row["text"], _WHERE.get(_iri(row["property"]))
        if not isinstance(literal, Literal) or where is None or not literal.value.strip():
            continue
        thing = found.setdefault(_iri(row["thing"]), Thing(_iri(row["thing"])))
        text = Text(where, literal.value[:_LONGEST], literal.language or "")
        if text not in thing.texts:
            thing.texts.append(text)
        _source(thing, _iri(row["graph"]), base)
    for row in _rows(engine, "types"):
        known = found.get(_iri(row["thing"]))
        if known is None:
            continue
        kind, graph = _iri(row["type"]), _iri(row["graph"])
        if kind in _NO_KINDS:
            continue
        if kind not in known.all_kinds:
            known.all_kinds.append(kind)
        if not graph.startswith(f"{base}graph/derived") and kind not in known.kinds:
            known.kinds.append(kind)
        _source(known, graph, base)
    left_out = tuple(f"{base}id/{one}" for one in _BOOKKEEPING)
    return [
        thing
        for iri, thing in sorted(found.items())
        if thing.labels and iri.startswith((base, f"{ONTOLOGY}#")) and not iri.startswith(left_out)
    ]


def read_labels(things: list[Thing]) -> dict[str, str]:
    """Return the names of ``things`` by their IRIs."""
    return {thing.iri: thing.name for thing in things}


def _source(thing: Thing, graph: str, base: str) -> None:
    name = graph.removeprefix(f"{base}graph/")
    if name.split("/")[0] not in _NO_SOURCES and graph not in thing.sources:
        thing.sources.append(graph)


def _rows(engine: Engine, name: str) -> Iterator[dict[str, Term]]:
    """Yield all rows of the query ``name``, however few of them the engine gives at once."""
    text, offset = _query(name), 0
    while True:
        rows = engine.rows(Query(_SLICE.sub(f"LIMIT {_ROWS:d} OFFSET {offset:d}", text)))
        yield from rows
        # An engine that gives less than was asked for may have a limit of its own.
        if not rows or (len(rows) < _ROWS and len(rows) % 1000):
            return
        offset += len(rows)


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


@cache
def _query(name: str) -> str:
    return files("kg.search").joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")
