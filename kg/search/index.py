"""Searching an index: the things that some words mean, best first, and why."""

import json
import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.reconcile.normal import expansions
from kg.search.building import TOP
from kg.search.spelling import Meaning
from kg.search.spelling import meaning
from kg.search.tokens import stem
from kg.search.tokens import telling
from kg.search.tokens import tokens

LONGEST: Final = 200  # characters of what is searched for
MOST: Final = 200  # things that are rated; what is further down nobody reads
_MOST_WORDS: Final = 12
_LOOKED_AT: Final = 300  # beginnings
_FEW: Final = 3  # suggestions, below which what is spelt otherwise is suggested too
_MOST_LIKE: Final = 20  # things that are rated for that
_ENOUGH: Final = 50  # things with all the words, beside which those with some are left out
_AFTER: Final = "\U0010ffff"
_WEIGHT: Final = {
    "name": 1.0,
    "other name": 0.95,
    "first letters": 0.75,
    "statement": 0.8,
    "definition": 0.55,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its name, its kinds and sources (IRI and name), all texts that are
    names by language, and why it was found: in which text, of what sort, by what way.
    """

    iri: str
    name: str
    score: float
    kinds: tuple[tuple[str, str], ...]
    all_kinds: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    where: str
    text: str
    language: str
    way: str
    matched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, best first, and how many there are by kind and by source (IRI, name, number)."""

    hits: tuple[Hit, ...]
    kinds: tuple[tuple[str, str, int], ...]
    sources: tuple[tuple[str, str, int], ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody who types may mean: a thing, and the name of it that begins so."""

    iri: str
    name: str
    kinds: tuple[tuple[str, str], ...]
    matched: str
    where: str


class Index:
    """The index in the file ``path``; several threads may use it."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._count = int(str(self._ask("SELECT value FROM about WHERE name = 'things'")[0][0]))

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self._address, uri=True)
            self._local.connection = found
        return found

    def _ask(self, text: str, values: Iterable[object] = ()) -> list[tuple[object, ...]]:
        return self._connection().execute(text, tuple(values)).fetchall()

    def search(self, asked: str, kind: str = "", source: str = "", most: int = MOST) -> Found:
        """Return what ``asked`` means, at most ``most`` things; only of the class ``kind`` and from
        the graph ``source`` if they are given. The counts are of all that was found.
        """
        meanings = self._meanings(asked)
        rated = [self._rate(number, meanings, asked) for number in self._candidates(meanings, most)]
        hits = sorted((one for one in rated if one), key=lambda hit: (-hit.score, hit.iri))
        kinds = Counter(one for hit in hits for one in hit.kinds)
        sources = Counter(one for hit in hits for one in hit.sources)
        chosen = [
            hit
            for hit in hits
            if (not kind or kind in {iri for iri, _ in hit.kinds})
            and (not source or source in {iri for iri, _ in hit.sources})
        ]
        return Found(tuple(chosen), _counted(kinds), _counted(sources), len(rated) >= most)

    def suggest(self, typed: str, most: int = 10) -> list[Suggestion]:
        """Return at most ``most`` things with a name of which a word begins as ``typed``; then
        what :meth:`search` finds, for what is misspelt or begins several words.
        """
        start = " ".join(tokens(typed[:LONGEST]))
        if not start:
            return []
        found: dict[int, tuple[str, str]] = {}
        for _, number, name, where in self._beginnings(start):
            found.setdefault(number, (name, where))
            if len(found) == most:
                break
        suggestions = [self._suggestion(number, *said) for number, said in found.items()]
        if len(suggestions) < min(most, _FEW) and len(start) > 2:
            known = {one.iri for one in suggestions}
            for hit in self.search(typed, most=_MOST_LIKE).hits:
                if hit.iri not in known and len(suggestions) < most and hit.score > 0.5:
                    suggestions.append(
                        Suggestion(hit.iri, hit.name, hit.kinds, hit.text[:200], hit.where)
                    )
        return suggestions

    def named(self, text: str) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return the things that have the name ``text`` (tokens apart by a space), those of the
        highest standing first, each with the name to show and all its classes.
        """
        rows = self._ask(
            "SELECT iri, thing.name, all_kinds FROM name JOIN thing ON thing.id = name.thing "
            "WHERE text = ? ORDER BY standing DESC, iri LIMIT 20",
            (text,),
        )
        return [(str(i), str(name), tuple(json.loads(str(kinds)))) for i, name, kinds in rows]

    def name_of(self, iri: str) -> str:
        """Return the name to show of the thing ``iri``, empty if the index does not have it."""
        rows = self._ask("SELECT name FROM thing WHERE iri = ?", (iri,))
        return str(rows[0][0]) if rows else ""

    def _beginnings(self, start: str) -> list[tuple[float, int, str, str]]:
        if len(start) <= TOP:
            rows = self._ask("SELECT hits FROM top WHERE text = ?", (start,))
            return [tuple(one) for one in json.loads(str(rows[0][0]))] if rows else []
        found = self._ask(
            "SELECT rank, thing, name, where_ FROM beginning WHERE text >= ? AND text < ? LIMIT ?",
            (start, start + _AFTER, _LOOKED_AT),
        )
        return sorted(found)  # type: ignore[arg-type]

    def _suggestion(self, number: int, name: str, where: str) -> Suggestion:
        iri, shown, kinds = self._ask("SELECT iri, name, kinds FROM thing WHERE id = ?", (number,))[
            0
        ]
        pairs = tuple((one, label) for one, label in json.loads(str(kinds)))
        return Suggestion(str(iri), str(shown), pairs, name, where)

    def _meanings(self, asked: str) -> list[tuple[Meaning, float]]:
        """Return what each word may stand for, with its weight: the rarer, the heavier."""
        words = tokens(asked[:LONGEST])
        written_out = [one for word in words for one in expansions(word)[:1]]
        if written_out and len(words) > 1:
            words = [
                part
                for word in words
                for part in (tokens(expansions(word)[0]) if expansions(word) else [word])
            ]
        connection = self._connection()
        words = self._joined(words[: 2 * _MOST_WORDS])
        found = []
        for word in list(dict.fromkeys(telling(words)))[:_MOST_WORDS]:
            one = meaning(connection, word)
            uses = min((self._uses(s) for s, f in one.stems.items() if f > 0.7), default=1)
            found.append((one, math.log(1 + self._count / (1 + uses)) + 0.3))
        return found

    def _joined(self, words: list[str]) -> list[str]:
        """Return ``words`` with two of them as one where the index knows only that."""
        found: list[str] = []
        for word in words:
            last = found[-1] if found else ""
            if last and not self._uses(stem(word)) and not self._uses(stem(last)):
                one = meaning(self._connection(), last + word, unfinished=False)
                if max(one.stems.values(), default=0.0) > 0.85:
                    found[-1] = last + word
                    continue
            found.append(word)
        return found

    def _uses(self, one: str) -> int:
        rows = self._ask("SELECT uses FROM stem WHERE stem = ?", (one,))
        return int(str(rows[0][0])) if rows else 0

    def _candidates(self, meanings: list[tuple[Meaning, float]], most: int) -> list[int]:
        groups = [_either(one.stems) for one, _ in meanings if one.stems]
        if not groups:
            return []
        # What has all the words first, then what has some, the rarer ones first.
        expressions = [" AND ".join(f"({group})" for group in groups)]
        if len(groups) > 1:
            expressions.append(" OR ".join(groups))
        found: dict[int, None] = {}
        for expression in expressions:
            rows = self._ask(
                "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?",
                (expression, most - len(found) if found else most),
            )
            found.update(dict.fromkeys(int(str(number)) for (number,) in rows))
            if len(found) >= min(most, _ENOUGH):
                break
        return list(found)[:most]

    def _rate(self, number: int, meanings: list[tuple[Meaning, float]], asked: str) -> Hit | None:
        row = self._ask(
            "SELECT iri, name, standing, kinds, all_kinds, sources, texts FROM thing WHERE id = ?",
            (number,),
        )[0]
        iri, name, standing = str(row[0]), str(row[1]), float(str(row[2]))
        kinds, all_kinds, sources, texts = (json.loads(str(one)) for one in row[3:])
        total = sum(weight for _, weight in meanings)
        wanted = " ".join(tokens(asked))
        best_of = [0.0] * len(meanings)
        best = (0.0, "", "", "", "", frozenset[str]())
        for where, text, language, said in texts:
            words = said.split()
            stems = {stem(word): word for word in words}
            score, matched, ways = 0.0, set(), set()
            for place, (one, weight) in enumerate(meanings):
                fits, which = max(
                    ((fits, s) for s, fits in one.stems.items() if s in stems),
                    default=(0.0, ""),
                )
                if fits:
                    matched.add(which)
                    ways.add(one.ways[which])
                    if one.typed in words:
                        fits = 1.02
                    score += fits * weight
                    best_of[place] = max(best_of[place], fits * _WEIGHT[where])
            score = score / total * _WEIGHT[where]
            telling_words = telling(words)
            score += 0.25 * score * min(1.0, len(matched) / max(1, len(telling_words)))
            if said == wanted:
                score += 0.4 if where in ("name", "other name") else 0.2
            elif said.startswith(wanted) and where != "definition":
                score += 0.08
            if score > best[0]:
                way = next((w for w in ("spelling", "beginning") if w in ways), "word")
                best = (score, where, text, language, way, frozenset(matched))
        if not best[0]:
            return None
        together = sum(w * b for (_, w), b in zip(meanings, best_of, strict=True)) / total
        score = (0.75 * best[0] + 0.35 * together) * (0.8 + 0.2 * standing)
        names = tuple((t, lang) for where, t, lang, _ in texts if where == "name")
        return Hit(
            iri,
            name,
            round(score, 4),
            tuple((one, label) for one, label in kinds),
            tuple(all_kinds),
            tuple((one, label) for one, label in sources),
            names,
            *best[1:],
        )


def _either(stems: Iterable[str]) -> str:
    # In quotes nothing is an operator; a stem holds letters and digits only.
    return " OR ".join(f'"{one}"' for one in stems)


def _counted(counts: Counter[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0][1]))
    return tuple((iri, name, number) for (iri, name), number in ordered)
