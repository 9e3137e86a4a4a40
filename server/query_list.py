"""The questions of the catalogue as a list: by family, and those that hold some words."""

from collections import defaultdict
from collections.abc import Mapping

from kg.catalogue import CatalogueQuery


def by_family(catalogue: Mapping[str, CatalogueQuery]) -> list[tuple[str, list[CatalogueQuery]]]:
    """Return the questions by family, both in the order of the alphabet."""
    groups: dict[str, list[CatalogueQuery]] = defaultdict(list)
    for query in catalogue.values():
        groups[query.family].append(query)
    return [
        (family, sorted(groups[family], key=lambda one: one.title)) for family in sorted(groups)
    ]


def matching(catalogue: Mapping[str, CatalogueQuery], words: str) -> dict[str, CatalogueQuery]:
    """Return the questions that hold all ``words`` in their names, texts, tags or columns."""
    wanted = words.casefold().split()
    return {
        name: query
        for name, query in catalogue.items()
        if all(word in _searched(query) for word in wanted)
    }


def body_of(query: CatalogueQuery) -> str:
    """Return the query of a catalogue file without its header."""
    lines = query.text.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if not line.startswith("#")), 0)
    return "".join(lines[start:])


def _searched(query: CatalogueQuery) -> str:
    parts = [query.name, query.title, query.description, query.family, *query.tags]
    parts += [column.description for column in query.columns]
    parts += [parameter.description for parameter in query.parameters]
    return " ".join(parts).casefold()
