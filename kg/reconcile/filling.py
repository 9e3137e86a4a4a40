"""Filling a table with what its names stand for."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.reconcile.matching import Asked
from kg.reconcile.matching import Candidate
from kg.reconcile.reconciler import Extending
from kg.reconcile.reconciler import Reconciliation
from kg.reconcile.tables import Table

COLUMNS: Final = ("policykg_iri", "policykg_name", "policykg_score", "policykg_reason")
CANDIDATE: Final = "policykg_candidate"
DEFAULT_PROPERTIES: Final = ("wikidata", "iso-3166-1-alpha-2", "iso-3166-1-alpha-3", "eurovoc")
_SEVERAL: Final = " | "
_REMEMBERED: Final = 100_000  # names


@dataclass(slots=True)
class Counts:
    """How many rows were read, how many had a name, and of how many it is certain what is meant."""

    rows: int = 0
    named: int = 0
    matched: int = 0


@dataclass(slots=True)
class Filling:
    """Fills ``table``: ``column`` is the place of the names, ``types`` are IRIs of classes."""

    known: Reconciliation
    table: Table
    column: int
    types: tuple[str, ...] = ()
    properties: tuple[str, ...] = DEFAULT_PROPERTIES

    def header(self) -> list[str]:
        """Return the names of all columns; a new one that is there already gets a number."""
        found = list(self.table.header)
        for name in (*COLUMNS, CANDIDATE, *self.properties):
            free, number = name, 2
            while free in found:
                free, number = f"{name}_{number}", number + 1
            found.append(free)
        return found

    def rows(self, counts: Counts) -> Iterator[list[str]]:
        """Yield the rows with what was found, and count them. The IRI and the identifiers stand
        only where it is certain what is meant; else the best candidate stands by itself.
        """
        remembered = lru_cache(_REMEMBERED)(self._cells)
        for row in self.table.rows:
            counts.rows += 1
            name = row[self.column].strip()
            cells = remembered(name) if name else self._empty()
            counts.named += bool(name)
            counts.matched += bool(cells[0])
            yield [*row, *cells]

    def _cells(self, name: str) -> tuple[str, ...]:
        (found,) = self.known.matches([Asked(name, self.types, "should", limit=1)])
        if not found:
            return self._empty()
        best = found[0]
        if not best.match:
            unsure = ("", "", f"{best.score:g}", best.reason, best.entry.iri)
            return (*unsure, *[""] * len(self.properties))
        certain = (best.entry.iri, best.entry.name, f"{best.score:g}", best.reason, "")
        return (*certain, *identifiers(self.known.properties, best, self.properties))

    def _empty(self) -> tuple[str, ...]:
        return ("",) * (len(COLUMNS) + 1 + len(self.properties))


def identifiers(of: Extending, candidate: Candidate, wanted: Sequence[str]) -> list[str]:
    """Return what the thing has of each property that is wanted, several values apart by a bar."""
    values = of.values(candidate.entry, list(wanted))
    return [
        _SEVERAL.join(
            one if isinstance(one, str) else getattr(one, "name", "") or getattr(one, "value", "")
            for one in values[name]
        )
        for name in wanted
    ]
