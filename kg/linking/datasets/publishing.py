"""Datasets beside the graph where a remote engine is in service: it gets what is here."""

from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.isolation.limits import Limits
from kg.engine.remote.engine import RemoteEngine
from kg.engine.remote.loading import Loaded
from kg.engine.remote.loading import Loader
from kg.engine.versions import VersionStore
from kg.errors import StoreMissing
from kg.linking.datasets.beside import FACTS
from kg.linking.datasets.beside import Beside
from kg.linking.datasets.description import PUBLIC
from kg.namespaces import DCTERMS
from kg.settings import Settings

_FACTS: Final = """
SELECT ?graph ?fact ?value ?start WHERE {
  GRAPH ?graph { ?graph ?fact ?value }
  FILTER (STRSTARTS(STR(?graph), ?start))
}
"""
_COUNTS: Final = """
SELECT ?graph (COUNT(*) AS ?count) ?start WHERE {
  GRAPH ?graph { ?s ?p ?o }
  FILTER (STRSTARTS(STR(?graph), ?start))
}
GROUP BY ?graph ?start
"""


def check_built(settings: Settings) -> None:
    """Raise :class:`~kg.errors.StoreMissing` if there is no built graph to publish from."""
    try:
        VersionStore(settings.data).current()
    except StoreMissing:
        raise StoreMissing(
            "The remote engine gets datasets from a built graph, and none is here",
            where=str(settings.data),
            remedy="Run `policykg build` and `policykg load` first.",
        ) from None


def publish(settings: Settings, said: Callable[[str], None]) -> Loaded:
    """Bring the version in service here to the remote engine; unchanged graphs are not sent.

    Raises :class:`~kg.errors.BadParameter` if an address is missing, and
    :class:`~kg.errors.EngineFailed` if the engine does not hold what it was sent.
    """
    versions = VersionStore(settings.data)
    version = versions.current()
    engine = RemoteEngine(settings, Limits.of(settings))
    try:
        loader = Loader(settings, engine.select, said)
        try:
            return loader.load(versions.open(version), version)
        finally:
            loader.close()
    finally:
        engine.close()


def listed_there(settings: Settings) -> list[Beside]:
    """Return the datasets that the remote engine has, by name."""
    start = f"{settings.base_iri}graph/dataset/"
    bound = {"start": Literal(start)}
    engine = RemoteEngine(settings, Limits.of(settings))
    try:
        counts = engine.rows(Query(_COUNTS, bindings=bound))
        facts = engine.rows(Query(_FACTS, bindings=bound))
    finally:
        engine.close()
    said: dict[str, dict[str, str]] = {}
    for row in facts:
        key = _text(row["fact"]).removeprefix(DCTERMS)
        said.setdefault(_text(row["graph"]), {})[key] = _text(row["value"])
    found = []
    for row in counts:
        graph = _text(row["graph"])
        values = [said.get(graph, {}).get(key, "") for key in FACTS]
        shipped = said.get(graph, {}).get("accessRights") == PUBLIC
        found.append(Beside(graph.removeprefix(start), int(_text(row["count"])), shipped, *values))
    return sorted(found, key=lambda one: one.name)


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
