"""Policy-like data of any size, the same at every run: reports, claims, evidence, links.

    python bench/generate.py 100000 > data.nq

A graph a report. Entities and topics are chosen with a skew, so that there are hubs, as in real
collections: a few actors are in every report, most in one.
"""

import random
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Final

BASE: Final = "https://bench.example.org/"
VOCABULARY: Final = BASE + "ontology#"
CLAIMS_A_REPORT: Final = 60
TOPICS: Final = 400
CERTAINTIES: Final = ("certain", "probable", "possible", "disputed")
RELATIONS: Final = ("supports", "funds", "opposes", "leads", "amends", "dependsOn", "partOf")
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_WORDS: Final = """
    policy reform council budget province ministry review plan water border school police court
    election treaty harvest tariff clinic refugee grant audit mandate sanction coalition energy
    climate fishery housing pension customs census charter militia ceasefire dialogue inquiry
"""


def statements(count: int) -> Iterator[str]:
    """Yield the first ``count`` statements as lines of N-Quads."""
    return islice(_all(random.Random(20240229), _entities(count)), count)


def _entities(count: int) -> int:
    return max(50, count // 60)


def claims(count: int) -> int:
    """Return a number of claims that data of ``count`` statements have for certain."""
    return count // 14


def entity(number: int) -> str:
    """Return the IRI of an entity; the lower the number, the more is said of it."""
    return f"{BASE}id/entity-{number}"


def claim(number: int) -> str:
    """Return the IRI of a claim."""
    return f"{BASE}id/claim-{number}"


def topic(number: int) -> str:
    """Return the IRI of a topic; the topic's parent has a seventh of its number."""
    return f"{BASE}topic/{number}"


def _all(choice: random.Random, entities: int) -> Iterator[str]:
    schema = f"<{BASE}graph/topics> ."
    for number in range(TOPICS):
        yield f"<{topic(number)}> {_TYPE} <{VOCABULARY}Topic> {schema}\n"
        yield f'<{topic(number)}> {_LABEL} "{_text(choice, 2)}"@en {schema}\n'
        if number:
            yield f"<{topic(number)}> <{VOCABULARY}broader> <{topic(number // 7)}> {schema}\n"
    known: set[int] = set()
    report = 0
    while True:
        graph = f"<{BASE}graph/report-{report}> ."
        yield from (f"{line} {graph}\n" for line in _report(choice, report, entities, known))
        report += 1


def _report(choice: random.Random, number: int, entities: int, known: set[int]) -> Iterator[str]:
    this = f"<{BASE}id/report-{number}>"
    date = f"{choice.randint(1995, 2024)}-{choice.randint(1, 12):02}-{choice.randint(1, 28):02}"
    yield f"{this} {_TYPE} <{VOCABULARY}Report>"
    yield f'{this} {_LABEL} "{_text(choice, 6)}"@en'
    yield f'{this} <{VOCABULARY}date> "{date}"^^<{_XSD}date>'
    yield f"{this} <{VOCABULARY}publisher> <{entity(_skewed(choice, 40))}>"
    for place in range(CLAIMS_A_REPORT):
        yield from _claim(choice, this, number * CLAIMS_A_REPORT + place, entities, known)


def _claim(
    choice: random.Random, report: str, number: int, entities: int, known: set[int]
) -> Iterator[str]:
    this, passage = f"<{claim(number)}>", f"<{BASE}id/passage-{number}>"
    subject, value = _skewed(choice, entities), _skewed(choice, entities)
    relation = choice.choice(RELATIONS)
    yield f"{this} {_TYPE} <{VOCABULARY}Claim>"
    yield f"{this} <{VOCABULARY}subject> <{entity(subject)}>"
    yield f"{this} <{VOCABULARY}predicate> <{VOCABULARY}{relation}>"
    yield f"{this} <{VOCABULARY}object> <{entity(value)}>"
    yield f"{this} <{VOCABULARY}certainty> <{VOCABULARY}{choice.choice(CERTAINTIES)}>"
    yield f"{this} <{VOCABULARY}topic> <{topic(_skewed(choice, TOPICS))}>"
    yield f'{this} {_LABEL} "{_text(choice, 9)} {number}"@en'
    yield f"{this} <{VOCABULARY}evidence> {passage}"
    yield f"{passage} <{VOCABULARY}source> {report}"
    yield f'{passage} <{VOCABULARY}page> "{choice.randint(1, 90)}"^^<{_XSD}integer>'
    yield f'{passage} <{VOCABULARY}text> "{_text(choice, 25)}"@en'
    yield f"<{entity(subject)}> <{VOCABULARY}{relation}> <{entity(value)}>"
    for thing in (subject, value):
        if thing not in known:
            known.add(thing)
            yield f"<{entity(thing)}> {_TYPE} <{VOCABULARY}Entity>"
            yield f'<{entity(thing)}> {_LABEL} "{_text(choice, 2)} {thing}"@en'


def _skewed(choice: random.Random, below: int) -> int:
    """Return a number from 0; about the logarithm of a number is as often as that of any other."""
    return int(below ** choice.random()) - 1


def _text(choice: random.Random, words: int) -> str:
    return " ".join(choice.choices(_WORDS.split(), k=words))


if __name__ == "__main__":
    sys.stdout.writelines(statements(int(sys.argv[1])))
