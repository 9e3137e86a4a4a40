"""Suggestions as rows of an SSSOM table."""

from collections.abc import Iterable

from kg.linking.suggest import Suggestion
from kg.namespaces import shorten


def suggestion_row(one: Suggestion, source: str) -> dict[str, str]:
    """Return the row of a suggestion; ``source`` is the address of the target's dataset."""
    target = shorten(one.target.iri)
    return {
        "subject_id": shorten(one.subject.iri),
        "subject_label": one.subject.label,
        "predicate_modifier": "",
        "predicate_id": shorten(one.predicate),
        # Angle brackets are for people: in a table an IRI stands as it is.
        "object_id": target.strip("<>"),
        "object_label": one.target.label,
        "object_source": source,
        "mapping_justification": "semapv:CompositeMatching",
        "author_label": "",
        "reviewer_label": "",
        "mapping_date": "",
        "confidence": f"{one.score:.3f}",
        "comment": one.explained(),
    }


def suggestion_rows(found: Iterable[Suggestion], source: str) -> list[dict[str, str]]:
    """Return a row for each suggestion, the surest first."""
    ordered = sorted(found, key=lambda one: (-one.score, one.subject.iri, one.target.iri))
    return [suggestion_row(one, source) for one in ordered]
