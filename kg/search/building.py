"""Building the index: a file made beside its place and moved there when it is whole."""

import json
import os
import sqlite3
import tempfile
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Final
from typing import TypeAlias

from kg.engine.interface import Engine
from kg.namespaces import BASE
from kg.namespaces import ONTOLOGY
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import shorten
from kg.search.beginnings import NAMES
from kg.search.beginnings import Beginning
from kg.search.beginnings import beginnings
from kg.search.beginnings import frequent
from kg.search.beginnings import initials
from kg.search.reading import Thing
from kg.search.reading import read_labels
from kg.search.reading import read_things
from kg.search.tokens import slipped
from kg.search.tokens import sound
from kg.search.tokens import stem
from kg.search.tokens import telling
from kg.search.tokens import tokens

# The IRI of a thing, its name, and its kinds: IRI and name each.
Shown: TypeAlias = tuple[str, str, list[list[str]]]
# Names of what the graph has no names for.
_KINDS: Final = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "property",
    f"{OWL}DatatypeProperty": "property",
    f"{OWL}AnnotationProperty": "property",
}
_MINOR: Final = frozenset(
    POL + name for name in ("Passage", "SourceUnit", "Membership", "SourceText", "Derivation")
)


def build_index(engine: Engine, path: Path, base: str = BASE) -> None:
    """Write the index of the version that ``engine`` has in service to ``path``.

    A reader sees the whole index or none, whenever the process ends. Raises what a query of
    ``engine`` raises, and ``OSError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".making-") as folder:
        made = Path(folder) / path.name
        _write(made, read_things(engine, base), base)
        with made.open("rb") as written:
            os.fsync(written.fileno())
        made.replace(path)


def _write(path: Path, things: list[Thing], base: str) -> None:
    connection = sqlite3.connect(path)
    try:
        # No journal: what is cut off is never read.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        connection.executescript(files("kg.search").joinpath("schema.sql").read_text("utf-8"))
        _fill(connection, things, base)
        connection.commit()
        connection.execute("INSERT INTO found (found) VALUES ('optimize')")
        connection.commit()
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, things: list[Thing], base: str) -> None:
    labels = read_labels(things)
    words: Counter[str] = Counter()
    stems: Counter[str] = Counter()
    starts: list[Beginning] = []
    shown: dict[int, Shown] = {}
    # What is worth most has the lowest numbers: where too much is found, it is found first.
    ranked = sorted((-_standing(one, base), len(one.name), one.iri, one) for one in things)
    for number, (worth, _, _, thing) in enumerate(ranked, 1):
        short = initials(thing)
        texts: list[tuple[str, str, str, list[str]]]
        texts = [(one.where, one.text, one.language, tokens(one.text)) for one in thing.texts]
        texts += [("first letters", one.upper(), "", [one]) for one in sorted(short)]
        here = {word for *_, said in texts for word in said}
        own = {stem(word) for word in here}
        words.update(here)
        stems.update(own)
        kinds = [[iri, labels.get(iri) or _KINDS.get(iri) or shorten(iri)] for iri in thing.kinds]
        sources = [[iri, _source_name(iri, labels, base)] for iri in sorted(thing.sources)]
        shown[number] = (thing.iri, thing.name, kinds)
        connection.execute(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, thing.iri, thing.name, -worth)
            + (_json(kinds), _json(thing.all_kinds), _json(sources))
            + ("\n".join(_rated(where, said) for where, _, _, said in texts),),
        )
        connection.executemany(
            "INSERT INTO text VALUES (?, ?, ?, ?, ?)",
            ((number, place, *one[:3]) for place, one in enumerate(texts)),
        )
        connection.execute(
            "INSERT INTO found (rowid, stems) VALUES (?, ?)", (number, " ".join(sorted(own)))
        )
        names = {" ".join(said) for where, _, _, said in texts if where in NAMES} | short
        connection.executemany(
            "INSERT INTO name VALUES (?, ?)", [(one, number) for one in names if one]
        )
        starts += beginnings(number, thing, -worth)
    _fill_words(connection, words, stems)
    _fill_beginnings(connection, starts, shown)
    connection.execute("INSERT INTO about VALUES ('things', ?)", (str(len(things)),))


def _rated(where: str, said: list[str]) -> str:
    """Return what the rating of a text needs; words hold neither tabs nor line ends."""
    stems = " ".join(dict.fromkeys(stem(word) for word in said))
    return f"{where}\t{len(telling(said))}\t{' '.join(said)}\t{stems}"


def _fill_words(connection: sqlite3.Connection, words: Counter[str], stems: Counter[str]) -> None:
    connection.executemany(
        "INSERT INTO word VALUES (?, ?, ?, ?)",
        ((word, stem(word), uses, stems[stem(word)]) for word, uses in words.items()),
    )
    connection.executemany("INSERT INTO stem VALUES (?, ?)", stems.items())
    connection.executemany(
        "INSERT OR IGNORE INTO slip VALUES (?, ?)",
        ((written, word) for word in words for written in slipped(word)),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO sound VALUES (?, ?)",
        ((heard, word) for word in words if len(heard := sound(word)) > 1),
    )


def _fill_beginnings(
    connection: sqlite3.Connection, starts: list[Beginning], shown: dict[int, Shown]
) -> None:
    connection.executemany("INSERT OR IGNORE INTO beginning VALUES (?, ?, ?, ?, ?)", starts)
    connection.executemany(
        "INSERT INTO top VALUES (?, ?)",
        (
            (start, _json([[*shown[one.thing], one.name, one.where] for one in best]))
            for start, best in frequent(starts).items()
        ),
    )


def _standing(thing: Thing, base: str) -> float:
    """Return what a thing is worth before anything is asked, from 0 to 1: what the reports name,
    then what they say, then what stands beside them, then terms and parts of texts.
    """
    if thing.iri.startswith(f"{ONTOLOGY}#"):
        return 0.35
    if _MINOR & {*thing.kinds, *thing.all_kinds} or not thing.kinds:
        return 0.2
    if not any(text.where == "name" for text in thing.texts):
        return 0.6
    beside = f"{base}graph/dataset/"
    if all(source.startswith(beside) for source in thing.sources):
        return 0.5
    return 1.0


def _source_name(graph: str, labels: dict[str, str], base: str) -> str:
    return labels.get(graph) or graph.removeprefix(f"{base}graph/")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
