"""IRIs are written by prefixes and read back; the names of things move with the base."""

import pytest

from kg.namespaces import BASE
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import PREFIXES
from kg.namespaces import expand
from kg.namespaces import prefixes
from kg.namespaces import shorten


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (f"{ID}pakistan", "id:pakistan"),
        (f"{POL}Claim", "pol:Claim"),
        (f"{BASE}topic/trade", "topic:trade"),
        ("http://www.w3.org/2002/07/owl#Class", "owl:Class"),
        ("https://schema.org/sameAs", "schema:sameAs"),
        # What would need escapes, or has no prefix, stays whole.
        (f"{BASE}graph/report/outside", f"<{BASE}graph/report/outside>"),
        (f"{ID}a#b", f"<{ID}a#b>"),
        (ID, f"<{ID}>"),
        ("https://example.org/x", "<https://example.org/x>"),
    ],
)
def test_a_name_stands_for_its_iri_both_ways(iri: str, name: str) -> None:
    assert shorten(iri) == name
    assert expand(name) == iri


def test_an_unknown_prefix_is_no_name() -> None:
    with pytest.raises(KeyError):
        expand("nobody:knows")


def test_only_the_names_of_things_move_with_the_base() -> None:
    moved = prefixes("https://kg.example.org/")
    assert {name for name in PREFIXES if moved[name] != PREFIXES[name]} == {"id", "topic", "graph"}
    assert moved["id"] == "https://kg.example.org/id/"
    assert moved["topic"] == "https://kg.example.org/topic/"
    assert moved["graph"] == "https://kg.example.org/graph/"
    assert prefixes(BASE) == PREFIXES


def test_no_two_prefixes_stand_for_one_namespace() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert all(iri.endswith(("/", "#")) for iri in PREFIXES.values())
