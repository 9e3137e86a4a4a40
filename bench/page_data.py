"""The same facts twice for the benchmark of pages: in a data folder of policykg, and in SQLite."""

import re
import sqlite3
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Final

import generate
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat

from kg.engine.committing import VersionWriter
from kg.namespaces import POL

ONTOLOGY_GRAPH: Final = f"{generate.BASE}graph/ontology"
# Where the facts about one thing of each kind are, as a table with its columns.
_TABLES: Final = """
CREATE TABLE entity (id TEXT PRIMARY KEY, label TEXT);
CREATE TABLE topic (id TEXT PRIMARY KEY, label TEXT, broader TEXT REFERENCES topic(id));
CREATE TABLE report (
  id TEXT PRIMARY KEY, label TEXT, date TEXT, publisher TEXT REFERENCES entity(id)
);
CREATE TABLE passage (
  id TEXT PRIMARY KEY, text TEXT, page INTEGER, source TEXT REFERENCES report(id)
);
CREATE TABLE claim (
  id TEXT PRIMARY KEY, label TEXT, subject TEXT REFERENCES entity(id), predicate TEXT,
  object TEXT REFERENCES entity(id), certainty TEXT, topic TEXT REFERENCES topic(id),
  evidence TEXT REFERENCES passage(id)
);
CREATE TABLE relation (
  subject TEXT REFERENCES entity(id), predicate TEXT, object TEXT REFERENCES entity(id)
);
"""
_INDEXES: Final = (
    ("claim", "subject"),
    ("claim", "object"),
    ("claim", "topic"),
    ("claim", "evidence"),
    ("passage", "source"),
    ("report", "publisher"),
    ("topic", "broader"),
    ("relation", "subject"),
    ("relation", "object"),
)
_LINE: Final = re.compile(
    r'<(?P<subject>[^>]*)> <(?P<property>[^>]*)> (?:<(?P<node>[^>]*)>|"(?P<text>[^"]*)"\S*)'
)


def load_policykg(folder: Path, count: int) -> None:
    """Make a data folder in ``folder`` of the first ``count`` generated statements in the terms of
    the vocabulary, which is loaded as well.
    """
    data = folder / "data.nq"
    with data.open("w", encoding="utf-8") as file:
        file.writelines(_in_our_terms(generate.statements(count)))
    ontology = files("ontology").joinpath("policykg.ttl").read_bytes()

    def change(store, last):  # type: ignore[no-untyped-def]
        store.bulk_load(path=data, format=RdfFormat.N_QUADS)
        store.load(ontology, format=RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY_GRAPH))
        return {"by": "bench"}

    VersionWriter(folder / "policykg").change(change)
    data.unlink()


def load_sqlite(folder: Path, count: int) -> Path:
    """Return a SQLite file in ``folder`` with the facts of the same statements, indexed."""
    path = folder / "bench.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_TABLES)
        _fill(database, generate.statements(count))
        for table, column in _INDEXES:
            database.execute(f"CREATE INDEX {table}_{column} ON {table}({column})")
        database.execute("ANALYZE")
    return path


def names(database: Path) -> tuple[list[str], list[str]]:
    """Return the names of the entities and of the claims in the SQLite file, the entities first of
    which most is said.
    """
    with closing(sqlite3.connect(database)) as opened:
        entities = [name for (name,) in opened.execute("SELECT id FROM entity")]
        # The last report may be cut off in the middle of a claim.
        claims = [name for (name,) in opened.execute("SELECT id FROM claim WHERE label <> ''")]
    return sorted(entities, key=lambda name: int(name.rpartition("-")[2])), claims


def _in_our_terms(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        ours = (
            line.replace(generate.VOCABULARY + "text>", POL + "quote>")
            .replace(generate.VOCABULARY + "Entity>", POL + "Actor>")
            .replace(generate.VOCABULARY, POL)
        )
        yield ours
        if line.startswith(f"<{generate.BASE}id/claim-") and "#label>" in line:
            yield re.sub(r"<[^>]*#label>", f"<{POL}statement>", ours)
        if f"<{generate.VOCABULARY}page>" in line:
            subject, _, rest = ours.partition(" ")
            graph = rest.rsplit("<", 1)[1]
            for name, value in (("start", '"0"'), ("end", '"150"'), ("sha256", '"00"')):
                yield f"{subject} <{POL}{name}> {value} <{graph}"


def _fill(database: sqlite3.Connection, lines: Iterable[str]) -> None:
    seen: set[str] = set()
    for line in lines:
        found = _LINE.match(line)
        if not found:
            raise ValueError(line)
        thing = found["subject"].rsplit("/", 1)[1]
        prop = re.split("[/#]", found["property"])[-1]
        value = found["text"] if found["node"] is None else re.split("[/#]", found["node"])[-1]
        table = "topic" if thing.isdigit() else thing.partition("-")[0]
        if table == "entity" and prop not in ("type", "label"):
            database.execute("INSERT INTO relation VALUES (?, ?, ?)", (thing, prop, value))
            continue
        if thing not in seen:
            seen.add(thing)
            database.execute(f"INSERT INTO {table} (id) VALUES (?)", (thing,))
        if prop != "type":
            database.execute(f"UPDATE {table} SET {prop} = ? WHERE id = ?", (value, thing))
