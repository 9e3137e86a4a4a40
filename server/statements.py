"""The statements of the graph about one thing, and names close to one that is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.engine.interface import Term

# Statements of a page: they take about 10 MB and half a second.
MOST: Final = 10_000
_LONGEST_NAME = 100  # characters of a name that is worth comparing with others


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """Some of the statements about a thing, or of a graph; ``more`` says whether others follow."""

    quads: Sequence[Quad]
    more: bool


def page_about(engine: Engine, iri: str, number: int = 1, size: int = MOST) -> StatementsPage:
    """Return a page of the statements with ``iri`` as subject or object, its own before those that
    lead to it, and each page in a fixed order.

    This is the symmetric description; published data has no blank nodes to follow. Empty for what
    is not in the graph, or is no IRI at all.
    """
    return _page(engine, "describe", "thing", iri, number, size)


def page_in(engine: Engine, iri: str, number: int = 1, size: int = MOST) -> StatementsPage:
    """Return a page of the statements of the graph ``iri``, in a fixed order; empty if there is no
    such graph.
    """
    return _page(engine, "graph", "graph", iri, number, size)


def statements_in(engine: Engine, iri: str) -> list[Quad]:
    """Return all statements of the graph ``iri``, which is known to be small, in a fixed order."""
    quads: list[Quad] = []
    number, more = 0, True
    while more:
        number += 1
        page = page_in(engine, iri, number)
        quads += page.quads
        more = page.more
    return sorted(quads, key=str)


def near_names(engine: Engine, iri: str) -> list[str]:
    """Return up to three IRIs of labelled things that are spelled nearly like ``iri``.

    They are of the same kind, that is, differ from it only behind the last slash or hash. In a
    large graph only a part of the names is looked at, so that an error costs little.
    """
    from difflib import get_close_matches  # needed only when somebody errs

    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    start, name = iri[:cut], iri[cut:]
    if len(name) > _LONGEST_NAME:
        return []
    rows = engine.rows(Query(_read("names"), bindings={"start": Literal(start)}))
    things = (row["thing"] for row in rows)
    names = sorted(thing.value[cut:] for thing in things if isinstance(thing, NamedNode))
    return [start + close for close in get_close_matches(name, names, n=3, cutoff=0.6)]


def _page(
    engine: Engine, query: str, variable: str, iri: str, number: int, size: int
) -> StatementsPage:
    try:
        node = NamedNode(iri)
    except ValueError:
        return StatementsPage((), False)
    # One more, to know whether there is another page.
    part = f"LIMIT {size + 1:d} OFFSET {(number - 1) * size:d}"
    text = _read(query).replace("LIMIT 100 OFFSET 0", part)
    rows = engine.rows(Query(text, bindings={variable: node}))
    quads = sorted(
        {_quad(row, node) for row in rows[:size]},
        key=lambda quad: (quad.subject != node, str(quad)),
    )
    return StatementsPage(quads, len(rows) > size)


def _quad(row: dict[str, Term], node: NamedNode) -> Quad:
    # Where a position is unbound in the row, the thing that was asked for stands there.
    return Quad(
        row.get("subject", node),  # type: ignore[arg-type]
        row["predicate"],  # type: ignore[arg-type]
        row.get("object", node),
        row["graph"],  # type: ignore[arg-type]
    )


@cache
def _read(name: str) -> str:
    return (Path(__file__).parent / "page_queries" / f"{name}.rq").read_text(encoding="utf-8")
