"""Things that were withdrawn, or merged into another one.

Withdrawn is what is ``owl:deprecated``; ``dcterms:isReplacedBy`` says what stands in its place. One
of which nothing else is left, not even a name, was merged: its address leads on to the other.
"""

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from flask import Response
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.errors import Gone
from kg.namespaces import DCTERMS
from kg.namespaces import OWL
from kg.namespaces import RDFS


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That ``iri`` was withdrawn, by what it was replaced, and the name that it had."""

    iri: str
    replaced_by: tuple[str, ...]
    name: str | None

    def answer(self, address: Callable[[str], str | None]) -> Response:
        """Return the redirect (301) to what the thing was merged into, at the ``address`` of that.

        Raises :class:`~kg.errors.Gone` for what was withdrawn.
        """
        target = address(self.replaced_by[0]) if len(self.replaced_by) == 1 else None
        if self.name is None and target:
            response = Response(f"See {target}\n", 301, content_type="text/plain; charset=utf-8")
            response.headers["Location"] = target
            return response
        instead = " and ".join(address(one) or one for one in self.replaced_by)
        raise Gone(
            f"{self.name or 'This thing'} was withdrawn from the graph",
            where=self.iri[:200],
            remedy=f"It was replaced by {instead}." if instead else "Nothing stands in its place.",
        )


def withdrawal(quads: Iterable[Quad], iri: str) -> Withdrawal | None:
    """Return that ``iri`` was withdrawn if ``quads``, its own statements first, say so."""
    values: dict[str, list[str]] = {}
    for quad in takewhile(lambda one: one.subject == NamedNode(iri), quads):
        if isinstance(quad.object, Literal | NamedNode):
            values.setdefault(quad.predicate.value, []).append(quad.object.value)
    if not {"true", "1"}.intersection(values.get(OWL + "deprecated", ())):
        return None
    replaced = tuple(dict.fromkeys(values.get(DCTERMS + "isReplacedBy", ())))
    return Withdrawal(iri, replaced, next(iter(values.get(RDFS + "label", ())), None))
