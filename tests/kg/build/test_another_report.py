"""A report on another country and subject loads, checks and answers without a change of schema."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.build.pipeline import check
from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.namespaces import BASE
from kg.namespaces import POL
from kg.settings import Settings

REPORTS = Path(__file__).parents[2] / "fixtures" / "reports"
FOLDER = REPORTS / "electric-buses"
TEXT = REPORTS / "electric-buses.txt"
CATALOGUE = load_catalogue()
TSV = Formats("text/tab-separated-values", None)

# Each question of the catalogue that the made-up report answers, with what it is asked about.
QUESTIONS: dict[str, dict[str, str]] = {
    "actors-and-roles": {},
    "actors-by-kind": {"kind": "pol:ActorGroup"},
    "causes": {},
    "claims-about-entity": {"entity": "id:clean-fleet-plan"},
    "claims-by-certainty": {"certainty": "pol:possible"},
    "claims-count": {},
    "claims-of-document": {"document": "id:electric-buses"},
    "claims-on-passage": {"text": "id:electric-buses-text", "position": "60"},
    "claims-on-topic": {"topic": "topic:public-transport"},
    "claims-with-words": {"words": "diesel"},
    "coverage": {"text": "id:electric-buses-text"},
    "derived-statements": {"entity": "id:clean-fleet-plan"},
    "document-credits": {"document": "id:electric-buses"},
    "editorial-notes": {},
    "evidence-for-entity": {"entity": "id:depot-strategy"},
    "examples-named": {},
    "forecasts-and-plans": {},
    "framework-factors": {"framework": "id:clean-fleet-plan"},
    "framework-goals": {"framework": "id:clean-fleet-plan"},
    "framework-times": {"framework": "id:depot-strategy"},
    "frameworks-compared": {"first": "id:clean-fleet-plan", "second": "id:depot-strategy"},
    "frameworks-in-time-order": {},
    "hedged-or-open": {},
    "implementation-factors": {},
    "members-of-organization": {"organization": "id:fjord-transport-alliance"},
    "necessary-conditions": {},
    "on-a-day": {"day": "2031-03-15"},
    "open-questions": {},
    "quantities": {},
    "recommendation-basis": {},
    "recommendations": {},
    "recommendations-to-actor": {"actor": "id:varnholm-city-council"},
    "statements-by-asserter": {"asserter": "id:ada-lindquist"},
    "statuses-and-trends": {},
    "strategy-components": {"strategy": "id:charging-strategy"},
    "text-without-claims": {"text": "id:electric-buses-text"},
    "timeline": {},
    "times-in-words": {},
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """Return an engine on a graph of the shipped report and the made-up one."""
    data = tmp_path_factory.mktemp("another") / "data"
    build(Settings(data=data, reports=(FOLDER,)), Options(source_texts=(TEXT,)))
    engine = EmbeddedEngine(data)
    yield engine
    engine.close()


def things() -> set[str]:
    """Return what the made-up report describes and the shipped one does not."""
    quads = [
        quad
        for path in FOLDER.glob("*.ttl")
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
    ]
    return {str(quad.subject) for quad in quads} - {f"<{BASE}topic/scheme>"}


def test_it_has_no_finding_beside_the_shipped_report() -> None:
    report = check(Settings(reports=(FOLDER,)), Options(source_texts=(TEXT,))).report
    assert report.findings() == ""
    assert {result.name for result in report.results} >= {"passages", "shapes", "terms"}


def test_it_stands_alone() -> None:
    packaged = packaged_layout()
    alone = Layout(packaged.ontology, packaged.queries, REPORTS / "no-links", (FOLDER,))
    report = check(Settings(), Options(source_texts=(TEXT,), layout=alone)).report
    assert report.passed, report.findings()


def test_it_uses_no_term_that_the_shipped_vocabulary_lacks() -> None:
    vocabulary = (packaged_layout().ontology / "policykg.ttl").read_text(encoding="utf-8")
    declared = set(re.findall(r"^pol:(\w+) a ", vocabulary, re.MULTILINE))
    used = {
        term
        for path in FOLDER.glob("*.ttl")
        for term in re.findall(r"\bpol:(\w+)", path.read_text(encoding="utf-8"))
    }
    assert used - declared == set()
    assert len(used) > 60


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_question_is_answered_from_it(both: EmbeddedEngine, name: str) -> None:
    query = CATALOGUE[name]
    bound = Query(query.text, bindings=bind(query, QUESTIONS[name]))
    head, *rows = both.answer(bound, TSV).body.decode().splitlines()
    assert head.startswith("?")
    found = things()
    of_it = [row for row in rows if found & set(re.findall(r"<[^<>]+>", row))]
    assert of_it, rows[:3]


def test_most_of_the_catalogue_is_asked_of_it() -> None:
    assert len(QUESTIONS) >= 20
    assert set(QUESTIONS) <= set(CATALOGUE)


def test_its_hedge_is_never_a_direct_statement(both: EmbeddedEngine) -> None:
    text = f"""
        ASK {{ <{BASE}id/goals-of-the-clean-fleet-plan> <{POL}hasStatus> ?status }}"""
    assert both.answer(Query(text), Formats("text/csv", None)).body == b"false"
    firm = f"ASK {{ <{BASE}id/clean-fleet-plan> <{POL}hasGoal> ?goal }}"
    assert both.answer(Query(firm), Formats("text/csv", None)).body == b"true"
