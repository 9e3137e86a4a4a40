"""The addresses of the graph and the prefixes by which they are written."""

from collections.abc import Mapping
from typing import Final

BASE: Final = "https://w3id.org/policykg/"
POL: Final = BASE + "ontology#"
ID: Final = BASE + "id/"
TOPIC: Final = BASE + "topic/"
GRAPH: Final = BASE + "graph/"
ONTOLOGY: Final = BASE + "ontology"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
VOID: Final = "http://rdfs.org/ns/void#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
SSSOM: Final = "https://w3id.org/sssom/"
SCHEMA: Final = "https://schema.org/"
SHACL: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final[Mapping[str, str]] = {
    "pol": POL,
    "id": ID,
    "topic": TOPIC,
    "graph": GRAPH,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "dcat": DCAT,
    "void": VOID,
    "schema": SCHEMA,
    "fabio": "http://purl.org/spar/fabio/",
    "bibo": "http://purl.org/ontology/bibo/",
    "sssom": SSSOM,
    "semapv": "https://w3id.org/semapv/vocab/",
    "vann": "http://purl.org/vocab/vann/",
}


def prefixes(base: str) -> dict[str, str]:
    """Return :data:`PREFIXES` for a graph whose things have names under ``base``."""
    # The vocabulary is shared by all deployments; only the names of things move.
    moved = {name: base + PREFIXES[name].removeprefix(BASE) for name in ("id", "topic", "graph")}
    return {**PREFIXES, **moved}


def shorten(iri: str) -> str:
    """Return ``iri`` as a prefixed name where a prefix fits, else in angle brackets."""
    for prefix, start in PREFIXES.items():
        local = iri.removeprefix(start)
        if local != iri and local and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return f"<{iri}>"


def expand(name: str) -> str:
    """Return the IRI that a prefixed name or a bracketed IRI stands for.

    Raises ``KeyError`` for a prefix that is not in :data:`PREFIXES`.
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
