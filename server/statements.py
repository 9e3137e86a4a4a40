"""The statements of the graph about one thing, and names close to one that is not there."""

from functools import cache
from pathlib import Path

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.engine.interface import Term

_LONGEST_NAME = 100  # characters of a name that is worth comparing with others


def statements_about(engine: Engine, iri: str) -> list[Quad]:
    """Return all statements with ``iri`` as subject or object, its own first, in a fixed order.

    This is the symmetric description; published data has no blank nodes to follow. Empty for what
    is not in the graph, or is no IRI at all.
    """
    return _quads(engine, "describe", "thing", iri)


def statements_in(engine: Engine, iri: str) -> list[Quad]:
    """Return all statements of the graph ``iri``, in a fixed order; empty if there is no such."""
    return _quads(engine, "graph", "graph", iri)


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


def _quads(engine: Engine, query: str, variable: str, iri: str) -> list[Quad]:
    try:
        node = NamedNode(iri)
    except ValueError:
        return []
    rows = engine.rows(Query(_read(query), bindings={variable: node}))
    return sorted(
        {_quad(row, node) for row in rows},
        key=lambda quad: (quad.subject != node, str(quad)),
    )


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
