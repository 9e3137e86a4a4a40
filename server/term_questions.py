"""Which questions of the catalogue use a term, so that a reader sees it at work."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from kg.catalogue import CatalogueQuery
from kg.catalogue import load_catalogue
from kg.engine.tokens import tokens
from kg.namespaces import expand


def questions_with(term: str, base: str) -> tuple[CatalogueQuery, ...]:
    """Return the questions of the catalogue whose queries name ``term``, by their titles."""
    return _uses(base).get(term, ())


@cache
def _uses(base: str) -> Mapping[str, tuple[CatalogueQuery, ...]]:
    """Return the questions of the catalogue by the IRIs in their queries."""
    catalogue = load_catalogue(base)
    found: dict[str, set[str]] = defaultdict(set)
    for name, query in catalogue.items():
        for token in tokens(query.text):
            if token.kind == "iri":
                found[token.text[1:-1]].add(name)
            elif token.kind == "prefixed" and not token.text.endswith(":"):
                try:
                    found[expand(token.text.rstrip("."))].add(name)
                except KeyError:
                    continue  # a prefix of the query's own
    return {
        iri: tuple(sorted((catalogue[name] for name in names), key=lambda one: one.title))
        for iri, names in found.items()
    }
