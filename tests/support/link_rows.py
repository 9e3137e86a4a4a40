"""Mappings for tests, as short as they can be written."""

from kg.linking.sssom import Mapping
from kg.namespaces import ID
from kg.namespaces import PREFIXES
from kg.namespaces import TOPIC


def iri(name: str) -> str:
    """Return the IRI of a prefixed name; ``x:`` is a foreign dataset, ``y:`` another."""
    known = {
        **PREFIXES,
        "id": ID,
        "topic": TOPIC,
        "x": "https://x.example/",
        "y": "https://y.example/",
    }
    prefix, _, local = name.partition(":")
    return known[prefix] + local


def link(subject: str, predicate: str, target: str, modifier: str = "", where: str = "") -> Mapping:
    """Return a mapping with prefixed names."""
    names = [iri(one) for one in (subject, predicate, target)]
    return Mapping(where or f"{subject} {target}", *names, modifier == "Not", {})
