"""Deciding suggestions one by one: accept, reject, change the relation, comment, undo.

Each decision is written at once: first into the table of links, then out of that of suggestions, so
that a crash between the two loses nothing and at worst asks again.
"""

from dataclasses import dataclass
from dataclasses import field
from typing import Final

from kg.errors import BadParameter
from kg.linking.mapping_file import MappingFile
from kg.linking.sssom import ALLOWED
from kg.namespaces import shorten

RELATIONS: Final = tuple(shorten(iri) for iri in ALLOWED)
REVIEWED: Final = "semapv:ManualMappingCuration"


@dataclass(slots=True)
class Review:
    """A review of ``candidates`` by ``author`` on ``day``; decisions go into ``table``."""

    candidates: MappingFile
    table: MappingFile
    author: str
    day: str
    place: int = 0
    _done: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def current(self) -> dict[str, str] | None:
        """The suggestion to decide, or ``None`` if all were decided or passed over."""
        rows = self.candidates.rows
        return rows[self.place] if self.place < len(rows) else None

    @property
    def left(self) -> int:
        """How many suggestions are neither decided nor passed over."""
        return len(self.candidates.rows) - self.place

    def accept(self) -> None:
        """Make the suggestion a link."""
        self._decide("")

    def reject(self) -> None:
        """Record that the pair does not match, which keeps it from being suggested again."""
        self._decide("Not")

    def relate(self, number: int) -> None:
        """Give the suggestion the relation ``number`` of :data:`RELATIONS`, counted from 1.

        Raises :class:`~kg.errors.BadParameter` if there is none.
        """
        if not 1 <= number <= len(RELATIONS):
            raise BadParameter(
                f"There is no relation {number}",
                where="relation",
                remedy=f"Give a number from 1 to {len(RELATIONS)}.",
            )
        if self.current is not None:
            self.current["predicate_id"] = RELATIONS[number - 1]
            self.candidates.save()

    def comment(self, text: str) -> None:
        """Put ``text`` in the place of the suggestion's comment."""
        if self.current is not None:
            self.current["comment"] = " ".join(text.split())
            self.candidates.save()

    def skip(self) -> None:
        """Pass the suggestion over; it stays in its table."""
        if self.current is not None:
            self.place += 1

    def undo(self) -> bool:
        """Take the last decision back; return whether there was one."""
        if not self._done:
            return False
        place, row = self._done.pop()
        self.table.rows.pop()
        self.candidates.rows.insert(place, row)
        self.place = place
        # The other way round than a decision: the suggestion is back before the link is gone.
        self.candidates.save()
        self.table.save()
        return True

    def _decide(self, modifier: str) -> None:
        row = self.current
        if row is None:
            return
        decided = {
            **row,
            "predicate_modifier": modifier,
            "mapping_justification": REVIEWED,
            "author_label": self.author,
            "mapping_date": self.day,
            "confidence": "0.9",
        }
        key = ("subject_id", "predicate_id", "object_id")
        known = [all(one.get(k, "") == decided.get(k, "") for k in key) for one in self.table.rows]
        if any(known):
            raise BadParameter(
                "The table has a row on this pair and relation already",
                where=f"{self.table.path.name}",
                remedy="Change the relation, or pass the suggestion over.",
            )
        self.table.rows.append({name: decided.get(name, "") for name in self.table.columns})
        self.table.save()
        self._done.append((self.place, row))
        del self.candidates.rows[self.place]
        self.candidates.save()
