"""The mappings of the graph as rows of an SSSOM table, in the form in which they are published."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.linking.sssom import COLUMNS
from kg.linking.sssom import Mapping
from kg.namespaces import PREFIXES
from kg.namespaces import prefixes
from server.bounded_query import bounded_query
from server.service import Service

MOST: Final = 100_000  # rows that are published
# Each column of the table with the variable of the query that holds it.
_VARIABLES: Final = {
    "subject_id": "subject",
    "subject_label": "subjectLabel",
    "predicate_modifier": "modifier",
    "predicate_id": "predicate",
    "object_id": "object",
    "object_label": "objectLabel",
    "object_source": "source",
    "mapping_justification": "justification",
    "author_label": "author",
    "reviewer_label": "reviewer",
    "mapping_date": "day",
    "confidence": "confidence",
    "comment": "comment",
}
USED: Final = ("id", "topic", "schema", "skos", "semapv", "sssom")


def mapping_rows(service: Service) -> list[dict[str, str]]:
    """Return the mappings, whole IRIs in their cells, by subject, predicate and object."""
    found = service.engine.rows(bounded_query(service, "mappings", rows=MOST))
    rows: dict[str, dict[str, str]] = {}
    for row in found:
        # A thing with two English names has two solutions, but one row.
        rows.setdefault(str(row["mapping"]), _row(row))
    return list(rows.values())


def _row(solution: dict[str, Term]) -> dict[str, str]:
    return {name: _text(solution.get(_VARIABLES[name])) for name in COLUMNS}


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def read_back(rows: Iterable[dict[str, str]]) -> list[Mapping]:
    """Return ``rows`` as mappings that can be checked."""
    return [
        Mapping(
            where=row["subject_id"],
            subject=row["subject_id"],
            predicate=row["predicate_id"],
            object=row["object_id"],
            negated=row["predicate_modifier"] == "Not",
            values=row,
        )
        for row in rows
    ]


def short(row: dict[str, str], base: str) -> dict[str, str]:
    """Return ``row`` with prefixed names in place of the IRIs that the prefixes of the set fit."""
    names = prefixes(base)
    return {name: _short(name, text, names) for name, text in row.items()}


def _short(column: str, text: str, names: dict[str, str]) -> str:
    if not column.endswith(("_id", "_justification")):
        return text
    for prefix in USED:
        local = text.removeprefix(names[prefix])
        if local != text and local and not set(local) & set("/#"):
            return f"{prefix}:{local}"
    return text


def curie_map(base: str) -> dict[str, str]:
    """Return the prefixes of the published set."""
    names = prefixes(base)
    return {prefix: names.get(prefix, PREFIXES[prefix]) for prefix in USED}
