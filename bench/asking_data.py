"""The same facts twice for the benchmark of asking: in a data folder of policykg, and in SQLite."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import page_data

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import POL
from kg.namespaces import RDFS

DATABASE: Final = "asking"
# The question that is asked of both, and its parameter.
QUESTION: Final = "claims-about-entity"
PARAMETER: Final = "entity"
_PREFIXES: Final = f"PREFIX pol: <{POL}> PREFIX rdfs: <{RDFS}>\n"
# Claims as the catalogue asks for them have a kind and somebody who says so.
_KINDS_AND_VOICES: Final = f"""{_PREFIXES}
INSERT {{ GRAPH ?graph {{ ?claim a pol:Finding ; pol:assertedBy ?voice }} }}
WHERE {{ GRAPH ?graph {{ ?claim pol:certainty ?certainty ; pol:object ?voice }} }}
"""
# Each table with the query for its rows, and the columns by which it is looked up.
_TABLES: Final = (
    (
        "claim(id PRIMARY KEY, statement, kind, asserter, certainty)",
        "?claim pol:statement ?statement ; a ?kind ; pol:assertedBy ?asserter ;"
        " pol:certainty ?certainty . FILTER (?kind = pol:Finding)",
        (),
    ),
    (
        "involved(claim, thing)",
        "{ ?claim pol:subject ?thing } UNION { ?claim pol:object ?thing }",
        ("thing",),
    ),
    ("concerned(thing, entity)", "?thing pol:concerns ?entity", ("entity",)),
    (
        "name(id PRIMARY KEY, label)",
        "?id rdfs:label ?label . FILTER (LANG(?label) = 'en')"
        " FILTER EXISTS { { ?c pol:assertedBy ?id } UNION { ?c pol:certainty ?id } UNION"
        " { ?id rdfs:subClassOf pol:Claim } }",
        (),
    ),
)
_SQL: Final = """
SELECT DISTINCT claim.id AS claim, statement, kinds.label AS kindLabel,
  voices.label AS asserterLabel, certainties.label AS certaintyLabel
FROM (SELECT :entity AS thing UNION SELECT thing FROM concerned WHERE entity = :entity) AS meant
JOIN involved ON involved.thing = meant.thing
JOIN claim ON claim.id = involved.claim
JOIN name AS kinds ON kinds.id = claim.kind
JOIN name AS voices ON voices.id = claim.asserter
JOIN name AS certainties ON certainties.id = claim.certainty
ORDER BY claim.id
"""


def load(folder: Path, count: int) -> None:
    """Make a data folder in ``folder`` of the first ``count`` generated statements, and of those
    that give each claim a kind and a voice.
    """

    def change(store, last):  # type: ignore[no-untyped-def]
        store.update(_KINDS_AND_VOICES)
        return {"by": "bench"}

    page_data.load_policykg(folder, count)
    VersionWriter(folder / "policykg").change(change)


def sqlite_files(folder: Path, index: Path) -> tuple[Path, Path, list[str]]:
    """Return a database for Datasette with the texts of ``index`` and the facts of the data folder
    in ``folder``, the file that tells Datasette of the question, and the names in the index.
    """
    path, metadata = folder / f"{DATABASE}.db", folder / "metadata.json"
    with closing(sqlite3.connect(path)) as target:
        names = _texts(index, target)
        _facts(folder, target)
        target.commit()
        target.execute("ANALYZE")
    question = {QUESTION: {"sql": _SQL, "params": [PARAMETER]}}
    metadata.write_text(json.dumps({"databases": {DATABASE: {"queries": question}}}))
    return path, metadata, names


def entities(folder: Path) -> list[str]:
    """Return the IRIs of entities of which something is claimed, those with most claims left out,
    whose answers Datasette would cut off.
    """
    engine = EmbeddedEngine(folder / "policykg")
    text = (
        f"{_PREFIXES} SELECT ?thing (COUNT(*) AS ?n) WHERE {{ ?claim pol:subject|pol:object ?thing "
        "} GROUP BY ?thing HAVING (COUNT(*) < 500)"
    )
    found = sorted(_text(row["thing"]) for row in engine.rows(Query(text)))
    engine.close()
    return found


def _texts(index: Path, target: sqlite3.Connection) -> list[str]:
    with closing(sqlite3.connect(index)) as source:
        rows = source.execute(
            "SELECT iri, name, group_concat(text, ' ') FROM thing JOIN text ON thing = id "
            "WHERE where_ <> 'first letters' GROUP BY id"
        ).fetchall()
    target.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT, name, body TEXT)")
    target.executemany("INSERT INTO thing (iri, name, body) VALUES (?, ?, ?)", rows)
    target.execute(
        "CREATE VIRTUAL TABLE thing_fts USING fts5(name, body, content='thing', "
        "content_rowid='id', tokenize='porter unicode61')"
    )
    target.execute("INSERT INTO thing_fts (thing_fts) VALUES ('rebuild')")
    return [name for _, name, _ in rows]


def _facts(folder: Path, target: sqlite3.Connection) -> None:
    engine = EmbeddedEngine(folder / "policykg")
    for table, pattern, keys in _TABLES:
        name, columns = table.rstrip(")").split("(")
        target.execute(f"CREATE TABLE {table}")
        names = [column.split()[0] for column in columns.split(", ")]
        variables = ["claim" if one == "id" and name == "claim" else one for one in names]
        query = f"{_PREFIXES} SELECT DISTINCT {' '.join(f'?{one}' for one in variables)} WHERE {{ "
        rows = engine.rows(Query(f"{query} {pattern} }}"))
        _insert(target, name, ([_text(row[one]) for one in variables] for row in rows), len(names))
        for key in keys:
            target.execute(f"CREATE INDEX {name}_{key} ON {name}({key})")
    engine.close()


def _insert(
    target: sqlite3.Connection, table: str, rows: Iterable[list[str]], columns: int
) -> None:
    target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
