"""Reading from an engine what the index is made of: things with names, classes and identifiers."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final
from typing import TypeAlias

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import DCTERMS
from kg.namespaces import ONTOLOGY
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from kg.reconcile.codes import LINK
from kg.reconcile.codes import codes
from kg.reconcile.entry import Entry

ROWS: Final = 20_000  # of one answer; a remote service may give fewer at once
MOST_SAID: Final = 500  # statements about a thing that are read
_SLICE: Final = re.compile(r"LIMIT 100 OFFSET 0\b")
_LABELS: Final = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title")
_DESCRIPTIONS: Final = (DCTERMS + "description", SKOS + "definition")
_CODES: Final = (SKOS + "notation", DCTERMS + "identifier")
_LONGEST_DESCRIPTION: Final = 300  # characters


def read_entries(engine: Engine, base: str = BASE) -> tuple[list[Entry], dict[str, str]]:
    """Return the things that a name may stand for, in the order of their IRIs, and the labels of
    classes and properties.

    What a dataset beside the graph has of a thing that the graph has too, and says is the same,
    is added to that thing. Raises what a query of ``engine`` raises.
    """
    found: dict[str, Entry] = {}
    texts: dict[str, list[tuple[str, Literal]]] = defaultdict(list)
    in_graph: set[str] = set()
    beside, derived = f"{base}graph/dataset/", f"{base}graph/derived"
    for row in all_rows(engine, "types"):
        iri, kind, graph = (_iri(row[name]) for name in ("thing", "type", "graph"))
        entry = found.setdefault(iri, Entry(iri))
        entry.all_types.add(kind)
        if not graph.startswith(derived) and kind not in entry.types:
            entry.types.append(kind)
        if not graph.startswith((beside, derived)):
            in_graph.add(iri)
    for row in all_rows(engine, "texts"):
        iri = _iri(row["thing"])
        literal = row["text"]
        if isinstance(literal, Literal) and literal.value.strip():
            texts[iri].append((_iri(row["property"]), literal))
    left_out = _left_out()
    things = {
        iri: entry
        for iri, entry in found.items()
        if not entry.all_types & left_out and not iri.startswith(f"{ONTOLOGY}#")
    }
    terms = {iri: _name(said) for iri, said in texts.items() if iri not in things}
    for iri, entry in things.items():
        entry.beside = iri not in in_graph
        _describe(entry, texts.get(iri, []))
    _join(engine, things, texts)
    entries = [things[iri] for iri in sorted(things) if things[iri].name]
    return entries, {iri: label for iri, label in terms.items() if label}


def _describe(entry: Entry, texts: list[tuple[str, Literal]]) -> None:
    entry.name = entry.name or _name(texts)
    for term, literal in texts:
        if term in _DESCRIPTIONS and literal.language in (None, "en") and not entry.description:
            entry.description = literal.value[:_LONGEST_DESCRIPTION]
        elif term in _CODES:
            for scheme, code in codes(term, literal.value, entry.all_types):
                _add(entry.codes, scheme.id, code)
        elif term in _LABELS or term == SKOS + "altLabel":
            _add(entry.labels, "label" if term in _LABELS else "other", literal.value)


_Texts: TypeAlias = dict[str, list[tuple[str, Literal]]]


def _join(engine: Engine, things: dict[str, Entry], texts: _Texts) -> None:
    """Add to things what is known of them elsewhere, and let go of their doubles."""
    links = [(_iri(row["thing"]), _iri(row["target"])) for row in all_rows(engine, "links")]
    for iri, target in links:
        if iri in things:
            things[iri].targets.add(target)
    owners: dict[str, list[str]] = defaultdict(list)
    for iri, target in links:
        if iri in things and not things[iri].beside and target in things and things[target].beside:
            owners[target].append(iri)
    for double, of in owners.items():
        if len(set(of)) > 1:
            continue  # which one is meant is not known
        entry, other = things[of[0]], things.pop(double)
        entry.targets |= other.targets | {double}
        entry.all_types |= other.all_types
        _other_names(entry, other)
        for scheme_id, values in other.codes.items():
            for value in values:
                _add(entry.codes, scheme_id, value)
    for entry in things.values():
        for target in sorted(entry.targets):
            for scheme, code in codes(LINK, target, entry.all_types):
                _add(entry.codes, scheme.id, code)
            if target not in things and target in texts:
                other = Entry(target)
                _describe(other, texts[target])
                _other_names(entry, other)


def _other_names(entry: Entry, other: Entry) -> None:
    entry.description = entry.description or other.description
    for names in other.labels.values():
        for name in names:
            if name not in entry.labels.get("label", ()):
                _add(entry.labels, "other", name)


def all_rows(engine: Engine, name: str) -> Iterator[dict[str, Term]]:
    """Yield all rows of the query ``name``, however few of them the engine gives at once."""
    text = _query(name)
    offset = 0
    while True:
        rows = engine.rows(Query(_SLICE.sub(f"LIMIT {ROWS:d} OFFSET {offset:d}", text)))
        yield from rows
        # An engine that gives less than was asked for may have a limit of its own.
        if not rows or (len(rows) < ROWS and len(rows) % 1000):
            return
        offset += len(rows)


def _name(texts: list[tuple[str, Literal]]) -> str:
    """Return the name to show: English before others, labels before other names."""

    def rank(one: tuple[str, Literal]) -> tuple[int, int, str]:
        term, literal = one
        language = literal.language or ""
        english = language == "en" or language.startswith("en-")
        place = len(language) if english else 9 if not language else 10
        return place, _LABELS.index(term), literal.value

    named = [one for one in texts if one[0] in _LABELS]
    return min(named, key=rank)[1].value if named else ""


def _add(lists: dict[str, list[str]], key: str, value: str) -> None:
    values = lists.setdefault(key, [])
    if value not in values:
        values.append(value)


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def said(engine: Engine, iri: str) -> list[tuple[str, Term]]:
    """Return at most :data:`MOST_SAID` properties and values of the thing ``iri``."""
    text = _SLICE.sub(f"LIMIT {MOST_SAID:d} OFFSET 0", _query("values"))
    rows = engine.rows(Query(text, bindings={"thing": NamedNode(iri)}))
    return [(_iri(row["property"]), row["value"]) for row in rows]


def properties_of(engine: Engine, kind: str) -> list[str]:
    """Return the properties that things of the class ``kind`` have, the most frequent first."""
    rows = engine.rows(Query(_query("properties"), bindings={"type": NamedNode(kind)}))
    return [_iri(row["property"]) for row in rows]


@cache
def _query(name: str) -> str:
    return files("kg.reconcile").joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")


@cache
def _left_out() -> frozenset[str]:
    text = files("kg.reconcile").joinpath("left_out.tsv").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in text.splitlines()[1:])
