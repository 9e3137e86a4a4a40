"""The questions of the benchmark; each number gives another question of the same kind."""

from collections.abc import Callable
from typing import Final

from generate import RELATIONS
from generate import TOPICS
from generate import VOCABULARY
from generate import claim
from generate import claims
from generate import entity
from generate import topic

_PREFIXES: Final = (
    f"PREFIX : <{VOCABULARY}>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)
LARGE: Final = 200_000
SELECT_LARGE: Final = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {LARGE}"
CONSTRUCT_LARGE: Final = f"CONSTRUCT WHERE {{ ?s ?p ?o }} LIMIT {LARGE}"
# Ends at no time limit that a server has; the filter keeps the engine from counting cleverly.
RUNAWAY: Final = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
)


def lookup(number: int, triples: int) -> str:
    """All that is said of a claim."""
    return f"SELECT ?p ?o WHERE {{ <{claim(number * 7919 % claims(triples))}> ?p ?o }}"


def analytic(number: int, triples: int) -> str:
    """Who published how many claims of one relation in six years, by certainty?"""
    first = 1995 + number % 25
    return (
        f"{_PREFIXES}SELECT ?publisher ?certainty (COUNT(?claim) AS ?claims) "
        "(AVG(?page) AS ?place) WHERE {\n"
        "  ?report :date ?date ; :publisher ?publisher\n"
        f"  FILTER(YEAR(?date) >= {first} && YEAR(?date) < {first + 6})\n"
        "  ?passage :source ?report ; :page ?page . ?claim :evidence ?passage ;\n"
        f"    :predicate :{RELATIONS[number // 25 % len(RELATIONS)]} ; :certainty ?certainty\n"
        "} GROUP BY ?publisher ?certainty ORDER BY DESC(?claims) ?publisher ?certainty"
    )


def text(number: int, triples: int) -> str:
    """Which claims have this text in their label?"""
    return (
        f"{_PREFIXES}SELECT ?claim ?label WHERE {{ ?claim a :Claim ; rdfs:label ?label "
        f'FILTER(CONTAINS(LCASE(?label), " {number * 7919 % claims(triples)}")) }}'
    )


def path(number: int, triples: int) -> str:
    """Which claims are on a topic or below it, in the reports of a publisher?"""
    return (
        f"{_PREFIXES}SELECT ?topic (COUNT(?claim) AS ?claims) WHERE {{\n"
        f"  ?topic :broader* <{topic(1 + number % (TOPICS - 1))}> . ?claim :topic ?topic ;\n"
        f"    :evidence/:source/:publisher <{entity(number // TOPICS)}>\n"
        "} GROUP BY ?topic ORDER BY ?topic"
    )


KINDS: Final[dict[str, Callable[[int, int], str]]] = {
    "lookup": lookup,
    "analytic": analytic,
    "text": text,
    "path": path,
}
