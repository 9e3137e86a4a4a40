"""The second query of the page of a thing: what is wanted after what the first has told."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import POL
from server.block_query import block_query
from server.block_query import together
from server.elsewhere_view import elsewhere_query
from server.entity_head import COUNTED
from server.graph_roles import is_derived
from server.incoming_view import ListedLinks
from server.paging import Slice
from server.row_cells import text_of
from server.section_slices import Slices
from server.service import Service
from server.statement_view import IDENTITY_PROPERTIES
from server.thing_first import FirstSolutions

Solution = dict[str, Term]

# By which a derivation names the claims that it was made of. It is bound to a variable, because a
# query with the letters FROM is looked through for a dataset each time.
ORIGIN: Final = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
# The properties by which claims.rq finds the claims of a thing.
CLAIM_PROPERTIES: Final = frozenset(
    f"{POL}{name}"
    for name in (
        *("subject", "object", "statedIn", "evidence", "addressedTo", "proposes", "attributedTo"),
        *("purpose", "withRespectTo", "despite", "basis", "supersededBy", "unit"),
    )
)
# Those by which the units of a source text are found.
_OF_TEXTS: Final = frozenset(f"{POL}{name}" for name in ("textOf", "describes", "inText"))
_WHOLE: Final = Slice(1, 0, 0)
_PASSAGES: Final = 100  # under one claim
# The claims of a thing to which so many statements lead are sorted in about a millisecond.
SORTED: Final = 100


def incoming_total(counts: Mapping[Term, int]) -> int | None:
    """Return how many statements lead to a thing; ``None`` if they are more than are counted."""
    total = sum(counts.values())
    return total if total <= COUNTED else None


@dataclass(frozen=True, slots=True)
class ThingParts:
    """What the second query asks for, after what the first has told."""

    service: Service
    thing: NamedNode
    first: FirstSolutions
    counts: Mapping[Term, int]
    names: Mapping[Term, Literal]
    slices: Slices
    listed: ListedLinks

    def rows(self) -> list[Solution]:
        """Return the solutions of all parts."""
        parts = list(self._parts())
        return self.service.engine.rows(together(*parts)) if parts else []

    @property
    def claim_parts(self) -> frozenset[str]:
        """The parts of ``claims.rq`` that are wanted."""
        total = incoming_total(self.counts)
        few = ("sorted",) if total is not None and total <= SORTED else ()
        units = ("unit",) if self._leads({POL + "unit"}) else ()
        return frozenset((*few, *units))

    def _parts(self) -> Iterable[Query]:
        slices, said = self.slices, {text_of(row, "property") for row in self.first.statements}
        sliced = self.first.more or slices.statements.number > 1
        if self.first.named is None:
            yield self._query("thing-names")
        if any(self._is_derived(row) for row in self.first.statements):
            parts = ("sliced",) if sliced else ()
            yield self._query("thing-derivations", slices.statements, parts, origin=ORIGIN)
        linked = any(self._leads_out(row) for row in self.first.statements)
        if linked:
            yield self._query("thing-mappings")
            # Only what is linked can be spoken of elsewhere.
            yield elsewhere_query(self.service, self.thing.value)
        if any(row["property"] not in self.names for row in self.first.statements):
            yield self._query("thing-properties")
        if self._leads(CLAIM_PROPERTIES):
            yield self._query("claims", slices.claims, self.claim_parts, more=1)
        if f"{POL}evidence" in said:
            yield self._query("own-passages", Slice(1, _PASSAGES, 0))
        if self.counts:
            values = {"linking": self.listed.relation} if self.listed.relation else {}
            yield self._query("incoming", slices.incoming, self.listed.parts, more=1, **values)
        if self._leads(_OF_TEXTS):
            yield self._query("covered")

    def _query(
        self,
        name: str,
        asked: Slice = _WHOLE,
        parts: Collection[str] = (),
        more: int = 0,
        **values: NamedNode,
    ) -> Query:
        return block_query(
            self.service,
            name,
            rows=asked.rows + more,
            offset=asked.offset,
            parts=parts,
            values={"thing": self.thing, **values},
        )

    def _leads(self, properties: Collection[str]) -> bool:
        """Return whether one of ``properties`` leads to the thing, or may, as not all are known."""
        if incoming_total(self.counts) is None:
            return True
        return any(isinstance(one, NamedNode) and one.value in properties for one in self.counts)

    def _is_derived(self, row: Solution) -> bool:
        return is_derived(text_of(row, "graph"), self.service.links)

    def _leads_out(self, row: Solution) -> bool:
        value = row["value"]
        if not isinstance(value, NamedNode):
            return False
        if text_of(row, "property") in IDENTITY_PROPERTIES:
            return True
        return not value.value.startswith((self.service.links.base, BASE))
