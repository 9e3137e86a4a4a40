"""What search engines are told of a thing: JSON-LD in the terms of schema.org."""

from collections.abc import Sequence
from typing import Any
from typing import Final

from kg.namespaces import POL
from server.cells import Cell
from server.entity_head import Head
from server.identity_view import Identity

_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
# The nearest types of schema.org, the most special first.
_TYPES: Final = (
    ("Recommendation", "Recommendation"),
    ("Claim", "Claim"),
    ("Report", "Report"),
    ("Article", "Article"),
    ("WebPage", "WebPage"),
    ("Document", "CreativeWork"),
    ("Passage", "Quotation"),
    ("Person", "Person"),
    ("PoliticalParty", "PoliticalParty"),
    ("EducationalOrganization", "EducationalOrganization"),
    ("ResearchOrganization", "ResearchOrganization"),
    ("Government", "GovernmentOrganization"),
    ("PublicBody", "GovernmentOrganization"),
    ("Organization", "Organization"),
    ("Country", "Country"),
    ("City", "City"),
    ("Place", "Place"),
    ("Event", "Event"),
    ("LegalInstrument", "Legislation"),
    ("Topic", "DefinedTerm"),
)
_SAME: Final = ("sameAs", "exactMatch")


def structured_data(
    iri: str, page: str, head: Head, identities: Sequence[Identity], dataset: str
) -> dict[str, Any]:
    """Return the thing ``iri``, whose page is ``page``, as a document of JSON-LD."""
    kinds = {(one.iri or "").removeprefix(POL) for one in (*head.kinds, *head.wider_kinds)}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": next((known for kind, known in _TYPES if kind in kinds), "Thing"),
        "@id": iri,
        "identifier": iri,
        "name": _text(head.name),
        "url": page,
        "mainEntityOfPage": page,
        "subjectOf": {"@type": "Dataset", "@id": dataset, "name": "policykg", "license": _LICENCE},
    }
    same = [
        one.target.iri
        for one in identities
        if one.target.iri and (one.relation.iri or "").endswith(_SAME)
    ]
    more = {
        "alternateName": [_text(one) for one in head.other_names],
        "description": [_text(one) for one in head.descriptions],
        "sameAs": same,
    }
    return found | {name: values for name, values in more.items() if values}


def _text(cell: Cell) -> Any:
    return {"@value": cell.text, "@language": cell.lang} if cell.lang else cell.text
