"""Searching an index: the things that some words mean, best first, and why."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from functools import partial
from pathlib import Path
from typing import Any
from typing import Final

from kg.search.beginnings import MANY
from kg.search.candidates import candidates
from kg.search.hits import Found
from kg.search.hits import Hit
from kg.search.hits import Named
from kg.search.hits import Suggestion
from kg.search.hits import Written
from kg.search.meanings import meanings
from kg.search.rating import Rater
from kg.search.tokens import tokens

LONGEST: Final = 200  # characters of what is searched for
MOST: Final = 200  # things that are rated; what is further down nobody reads
_MOST_LIKE: Final = 20  # things that are rated where no name begins as it was typed
_AFTER: Final = "\U0010ffff"
_MAPPED: Final = 256 << 20  # bytes of the file that are mapped into memory, not copied
_STATEMENTS: Final = 32  # that a connection keeps ready


class Index:
    """The index in the file ``path``; several threads may use it.

    Connections stay open, and the one used last is used next: it has read what is needed, and its
    statements are ready.
    """

    def __init__(self, path: Path) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._free: list[sqlite3.Connection] = []
        self._count = int(str(self._ask("SELECT value FROM about WHERE name = 'things'")[0][0]))

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._free.pop()
        except IndexError:
            connection = sqlite3.connect(
                self._address,
                uri=True,
                isolation_level=None,
                check_same_thread=False,  # one at a time
                cached_statements=_STATEMENTS,
            )
            connection.execute(f"PRAGMA mmap_size = {_MAPPED:d}")
        try:
            yield connection
        finally:
            self._free.append(connection)

    def _ask(self, text: str, values: Iterable[object] = ()) -> list[Any]:
        with self._connection() as connection:
            return connection.execute(text, tuple(values)).fetchall()

    def search(self, asked: str, kind: str = "", source: str = "", most: int = MOST) -> Found:
        """Return what ``asked`` means, at most ``most`` things; only of the class ``kind`` and from
        the graph ``source`` if they are given. The counts are of all that was found.
        """
        with self._connection() as connection:
            meant = meanings(connection, asked[:LONGEST], self._count)
            numbers = candidates(connection, [one for one, _ in meant], most)
        rater = Rater(" ".join(tokens(asked)), meant)
        rows = self._ask(
            "SELECT id, iri, name, standing, kinds, sources, rated FROM thing "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers),),
        )
        hits: list[tuple[float, str, Hit]] = []
        kinds: Counter[str] = Counter()
        sources: Counter[str] = Counter()
        for number, iri, name, standing, of_kinds, of_sources, rated in rows:
            one = rater.rate(rated, standing)
            if one is None:
                continue
            kinds[of_kinds] += 1
            sources[of_sources] += 1
            pairs, graphs = _pairs(of_kinds), _pairs(of_sources)
            if (kind and all(kind != iri for iri, _ in pairs)) or (
                source and all(source != iri for iri, _ in graphs)
            ):
                continue
            score, place, where, way, matched = one
            read = partial(self._texts, number)
            hit = Hit(iri, name, score, pairs, graphs, where, way, matched, place, read)
            hits.append((-score, iri, hit))
        hits.sort()
        return Found(
            tuple(hit for *_, hit in hits),
            _counted(kinds),
            _counted(sources),
            len(numbers) >= most,
        )

    def suggest(self, typed: str, most: int = 10) -> list[Suggestion]:
        """Return at most ``most`` things with a name of which a word begins as ``typed``; or, if
        there are none, what :meth:`search` finds, for what is misspelt or begins several words.
        """
        start = " ".join(tokens(typed[:LONGEST]))
        if not start:
            return []
        found: dict[str, Suggestion] = {}
        for iri, name, kinds, matched, where in self._beginnings(start):
            if iri not in found:
                found[iri] = Suggestion(iri, name, kinds, matched, where)
                if len(found) == most:
                    break
        if not found and len(start) > 2:
            return [
                Suggestion(hit.iri, hit.name, hit.kinds, hit.text[:LONGEST], hit.where)
                for hit in self.search(typed, most=_MOST_LIKE).hits[:most]
                if hit.score > 0.5
            ]
        return list(found.values())

    def named(self, text: str) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return the things that have the name ``text`` (tokens apart by a space), those of the
        highest standing first, each with the name to show and all its classes.
        """
        rows = self._ask(
            "SELECT iri, thing.name, all_kinds FROM name JOIN thing ON thing.id = name.thing "
            "WHERE text = ? ORDER BY standing DESC, iri LIMIT 20",
            (text,),
        )
        return [(iri, name, tuple(json.loads(kinds))) for iri, name, kinds in rows]

    def name_of(self, iri: str) -> str:
        """Return the name to show of the thing ``iri``, empty if the index does not have it."""
        rows = self._ask("SELECT name FROM thing WHERE iri = ?", (iri,))
        return str(rows[0][0]) if rows else ""

    def _texts(self, number: int) -> list[Written]:
        return [
            Written(*row)
            for row in self._ask(
                "SELECT where_, text, language FROM text WHERE thing = ? ORDER BY place", (number,)
            )
        ]

    def _beginnings(self, start: str) -> list[tuple[str, str, tuple[Named, ...], str, str]]:
        ready = self._ask("SELECT hits FROM top WHERE text = ?", (start,))
        if ready:
            return [
                (iri, name, tuple((one, label) for one, label in kinds), matched, where)
                for iri, name, kinds, matched, where in json.loads(ready[0][0])
            ]
        rows = self._ask(
            "SELECT iri, thing.name, kinds, b.name, where_ FROM (SELECT * FROM beginning "
            "WHERE text >= ? AND text < ? LIMIT ?) AS b JOIN thing ON thing.id = b.thing "
            "ORDER BY rank, b.thing",
            (start, start + _AFTER, MANY),
        )
        return [(iri, name, _pairs(kinds), *rest) for iri, name, kinds, *rest in rows]


@lru_cache(maxsize=4096)
def _pairs(text: str) -> tuple[Named, ...]:
    """Return pairs of an IRI and a name from JSON; few of the many things have others."""
    return tuple((iri, name) for iri, name in json.loads(text))


def _counted(counts: Counter[str]) -> tuple[tuple[str, str, int], ...]:
    each: Counter[Named] = Counter()
    for text, count in counts.items():
        for one in _pairs(text):
            each[one] += count
    ordered = sorted(each.items(), key=lambda one: (-one[1], one[0][1]))
    return tuple((iri, name, number) for (iri, name), number in ordered)
