"""Building the index: a file made beside its place and moved there when it is whole."""

import json
import os
import sqlite3
import tempfile
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from kg.engine.interface import Engine
from kg.namespaces import BASE
from kg.namespaces import ONTOLOGY
from kg.namespaces import POL
from kg.namespaces import shorten
from kg.search.reading import Thing
from kg.search.reading import read_labels
from kg.search.reading import read_things
from kg.search.tokens import sound
from kg.search.tokens import stem
from kg.search.tokens import tokens

TOP: Final = 3  # letters up to which the best hits of a beginning are kept ready
TOP_HITS: Final = 20
_LONGEST_NAME: Final = 12  # words of a name whose every word is a beginning
_SHORTEST_SLIP: Final = 4  # letters of a word that may be misspelt
_LONGEST_SLIP: Final = 24
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
    beginnings: dict[str, list[tuple[float, int, str, str]]] = defaultdict(list)
    for number, thing in enumerate(things, 1):
        standing = _standing(thing, base)
        found = [tokens(one.text) for one in thing.texts]
        short = _initials(thing)
        here = {word for part in found for word in part} | short
        words.update(here)
        own = {stem(word) for word in here}
        stems.update(own)
        texts = [
            [one.where, one.text, one.language, " ".join(part)]
            for one, part in zip(thing.texts, found, strict=True)
        ]
        texts += [["first letters", one.upper(), "", one] for one in sorted(short)]
        kinds = [[iri, labels.get(iri) or shorten(iri)] for iri in thing.kinds]
        sources = [[iri, _source_name(iri, labels, base)] for iri in sorted(thing.sources)]
        connection.execute(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, thing.iri, thing.name, standing)
            + tuple(
                json.dumps(one, ensure_ascii=False)
                for one in (kinds, thing.all_kinds, sources, texts)
            ),
        )
        connection.execute(
            "INSERT INTO found (rowid, stems) VALUES (?, ?)", (number, " ".join(sorted(own)))
        )
        for text, rank, name, where in _beginnings(thing, standing):
            connection.execute(
                "INSERT OR IGNORE INTO beginning VALUES (?, ?, ?, ?, ?)",
                (text, rank, number, name, where),
            )
            for size in range(1, TOP + 1):
                if len(text) >= size:
                    beginnings[text[:size]].append((rank, number, name, where))
        names = {" ".join(tokens(one.text)) for one in thing.texts if one.where in _NAMED}
        names |= short
        connection.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?)", [(one, number) for one in names if one]
        )
    connection.executemany(
        "INSERT INTO word VALUES (?, ?, ?)", ((word, stem(word), n) for word, n in words.items())
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
    connection.executemany(
        "INSERT INTO top VALUES (?, ?)",
        ((text, json.dumps(_best(hits), ensure_ascii=False)) for text, hits in beginnings.items()),
    )
    connection.execute("INSERT INTO about VALUES ('things', ?)", (str(len(things)),))


_NAMED: Final = frozenset(("name", "other name"))


def slipped(word: str) -> Iterator[str]:
    """Yield ``word`` and what is left of it without one of its letters."""
    yield word
    if _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP and not any(sign.isdigit() for sign in word):
        for place in range(len(word)):
            yield word[:place] + word[place + 1 :]


def _best(hits: list[tuple[float, int, str, str]]) -> list[tuple[float, int, str, str]]:
    best: dict[int, tuple[float, int, str, str]] = {}
    for hit in sorted(hits):
        best.setdefault(hit[1], hit)
        if len(best) == TOP_HITS:
            break
    return list(best.values())


def _beginnings(thing: Thing, standing: float) -> Iterator[tuple[str, float, str, str]]:
    """Yield each text that begins a name of ``thing`` or a word in it, with its rank (the least is
    the best), the name and what the name is.
    """
    shown = set(thing.labels)
    for one in thing.texts:
        if one.where not in _NAMED and one not in shown:
            continue
        parts = tokens(one.text)
        for place in range(len(parts) if len(parts) <= _LONGEST_NAME else 1):
            text = " ".join(parts[place:])[:80]
            rank = (1 - standing) + 0.3 * (place > 0) + min(len(one.text), 100) / 200
            yield text, round(rank, 4), one.text[:200], one.where
    for short in _initials(thing):
        yield short, round(1.2 - standing, 4), thing.name[:200], "first letters"


def _initials(thing: Thing) -> set[str]:
    """Return the first letters of the words of the names, which people write for the names."""
    found = set()
    for one in thing.texts:
        parts = tokens(one.text.split(",")[0])
        if one.where == "name" and 3 <= len(parts) <= 9 and one.language in ("", "en"):
            for said in (
                parts,
                [word for word in parts if word not in ("of", "the", "and", "for")],
            ):
                if len(said) > 2 and one.text[:1].isupper():
                    found.add("".join(word[0] for word in said))
    return found


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
