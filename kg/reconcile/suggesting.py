"""Suggestions for somebody who types: things, classes, properties, by a beginning of a word."""

from bisect import bisect_left
from functools import cached_property
from typing import Final

from kg.namespaces import POL
from kg.namespaces import PREFIXES
from kg.namespaces import expand
from kg.namespaces import shorten
from kg.reconcile.codes import schemes
from kg.reconcile.entry import Entry
from kg.reconcile.index import Index
from kg.reconcile.normal import normal

_LOOKED_AT: Final = 2000  # names that begin as was typed


class Suggester:
    """Suggests from what ``index`` holds."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @cached_property
    def _beginnings(self) -> list[tuple[str, int]]:
        found = []
        for place, name in enumerate(self._index.names):
            parts = name.normal.split(" ")
            found += [(" ".join(parts[i:]), place) for i in range(len(parts))]
        return sorted(found)

    @cached_property
    def classes(self) -> dict[str, str]:
        """The classes that things are of, each with its name."""
        used = {kind for entry in self._index.entries.values() for kind in entry.all_types}
        names = self._index.class_names
        return {iri: names.get(iri) or shorten(iri).strip("<>") for iri in sorted(used)}

    def entities(self, typed: str, classes: tuple[str, ...] = ()) -> list[Entry]:
        """Return the things that have a name with a word that begins with ``typed``, those with
        the shortest names first, then things with similar names; only of ``classes`` if given.
        """
        start = normal(typed)
        found: dict[str, Entry] = {entry.iri: entry for _, entry in self._index.by_code(typed)}
        if start:
            place = bisect_left(self._beginnings, (start, 0))
            hits = []
            for text, number in self._beginnings[place : place + _LOOKED_AT]:
                if not text.startswith(start):
                    break
                name = self._index.names[number]
                whole = name.normal.startswith(start)
                hits.append((not whole, name.entry.beside, len(name.normal), number))
            names = [self._index.names[number] for *_, number in sorted(hits)]
            for name in [*names, *self._index.similar(start)]:
                found.setdefault(name.entry.iri, name.entry)
        wanted = set(classes)
        return [entry for entry in found.values() if not wanted or wanted & entry.all_types]

    def types(self, typed: str) -> list[tuple[str, str]]:
        """Return the classes, each with its name, in whose name or identifier ``typed`` stands."""
        return _holding(typed, list(self.classes.items()))

    def properties(self, typed: str) -> list[tuple[str, str]]:
        """Return the properties, each with its name, in whose name or identifier ``typed`` is:
        identifiers first, then those of the vocabulary.
        """
        known = [(one.id, one.name) for one in schemes()]
        known += [
            (shorten(iri), name)
            for iri, name in sorted(self._index.class_names.items())
            if iri.startswith(POL) and iri[len(POL) : len(POL) + 1].islower()
        ]
        return _holding(typed, known)

    def class_iri(self, name: str) -> str:
        """Return the IRI of the class ``name``: an IRI, a prefixed name, or its bare name.

        A class that is not known is returned as it is; nothing will be of it.
        """
        if name in self.classes or "://" in name:
            return name
        if name.partition(":")[0] in PREFIXES and ":" in name:
            return expand(name)
        own = f"{POL}{name}"
        if own in self.classes:
            return own
        wanted = normal(name)
        same = [iri for iri, label in self.classes.items() if normal(label) == wanted]
        return same[0] if len(same) == 1 else name


def _holding(typed: str, known: list[tuple[str, str]]) -> list[tuple[str, str]]:
    wanted = normal(typed)
    hits = [one for one in known if wanted in normal(one[1]) or typed.lower() in one[0].lower()]
    return sorted(hits, key=lambda one: not normal(one[1]).startswith(wanted))
