"""What the index is made of, and that it follows the version in service."""

import json

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.namespaces import BASE
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from kg.reconcile.matching import Asked
from kg.reconcile.reconciler import Indexed
from kg.reconcile.reconciler import Reconciler

GRAPH, BESIDE, LINKS = f"{BASE}graph/r", f"{BASE}graph/dataset/d", f"{BASE}graph/links"
THING, DOUBLE, OTHER = f"{ID}thing", f"{ID}double", f"{ID}other"


class FakeEngine:
    """Gives a few rows at a time, as a remote service with a limit of its own does."""

    def __init__(self) -> None:
        self.number = 1
        self.asked = 0
        self.texts = [
            (THING, RDFS + "label", "Thing", GRAPH),
            (DOUBLE, SKOS + "prefLabel", "Chose", BESIDE),
            (OTHER, SKOS + "prefLabel", "Thing", BESIDE),
        ]

    def version(self) -> Version:
        return Version(self.number, str(self.number), 0)

    def rows(self, query: Query) -> list[dict[str, Term]]:
        self.asked += 1
        if "OFFSET 0" not in query.text:
            return []
        if "?text" in query.text:
            return [
                {**_nodes(thing=s, property=p, graph=g), "text": Literal(o)}
                for s, p, o, g in self.texts
            ]
        if "?target" in query.text:
            return [_nodes(thing=THING, target=DOUBLE)]
        kinds = ((THING, POL + "Place", GRAPH), (DOUBLE, SCHEMA + "Place", BESIDE))
        more = ((OTHER, SCHEMA + "Place", BESIDE), (f"{ID}c", POL + "Claim", GRAPH))
        return [_nodes(thing=s, type=o, graph=g) for s, o, g in (*kinds, *more)]


def _nodes(**iris: str) -> dict[str, Term]:
    return {name: NamedNode(iri) for name, iri in iris.items()}


def test_double_in_a_dataset_is_joined() -> None:
    known = Reconciler(FakeEngine()).current()  # type: ignore[arg-type]
    assert sorted(known.matcher.index.entries) == [OTHER, THING]
    found = known.matcher.match(Asked("Chose"))[0]
    assert (found.entry.iri, found.match, found.score) == (THING, True, 99.0)
    both = known.matcher.match(Asked("Thing"))
    assert [(one.entry.iri, one.match) for one in both] == [(THING, True), (OTHER, False)]


def test_two_things_of_one_name_are_not_certain() -> None:
    engine = FakeEngine()
    engine.texts.append((f"{ID}twin", SKOS + "prefLabel", "Thing", GRAPH))
    kinds = engine.rows

    def rows(query: Query) -> list[dict[str, Term]]:
        more = _nodes(thing=f"{ID}twin", type=POL + "Place", graph=GRAPH)
        is_types = "?type" in query.text and "OFFSET 0" in query.text
        return [*kinds(query), *([more] if is_types else [])]

    engine.rows = rows  # type: ignore[method-assign]
    known = Reconciler(engine).current()  # type: ignore[arg-type]
    assert not any(one.match for one in known.matcher.match(Asked("Thing")))


def test_index_is_made_once_for_a_version() -> None:
    engine = FakeEngine()
    reconciler = Reconciler(engine)  # type: ignore[arg-type]
    first = reconciler.current()
    asked = engine.asked
    assert reconciler.current() is first
    assert engine.asked == asked
    engine.number = 2
    engine.texts[0] = (THING, RDFS + "label", "Renamed", GRAPH)
    assert reconciler.current().matcher.match(Asked("Renamed"))[0].entry.iri == THING


def test_identifiers_come_through_links(known: Indexed) -> None:
    pakistan = known.matcher.index.entries[f"{ID}pakistan"]
    wanted = {"wikidata": ["Q843"], "eurovoc": ["2222"], "iso-3166-1-alpha-3": ["PAK"]}
    assert {name: pakistan.codes[name] for name in wanted} == wanted


def test_statements_are_no_things(known: Indexed) -> None:
    classes = {one for entry in known.matcher.index.entries.values() for one in entry.all_types}
    assert not classes & {POL + "Claim", POL + "Passage", RDF + "Property"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [("shang", "Shanghai Cooperation Organization"), ("action pl", "National Action Plan")],
)
def test_suggestions(known: Indexed, typed: str, first: str) -> None:
    assert known.suggester.entities(typed, (f"{POL}Actor", f"{POL}Policy"))[0].name == first


def test_class_names(known: Indexed) -> None:
    for name in ("Actor", "pol:Actor", f"{POL}Actor", "actor"):
        assert known.suggester.class_iri(name) == f"{POL}Actor"
    assert known.suggester.class_iri("x") == "x"


def test_values(known: Indexed) -> None:
    plan = known.matcher.index.entries[f"{ID}national-action-plan"]
    found = known.properties.values(plan, ["pol:policyOf", "name", "type", "no-such"])
    assert [getattr(one, "name", "") for one in found["pol:policyOf"]] == ["Pakistan"]
    assert (found["name"], found["type"], found["no-such"]) == (
        ["National Action Plan"],
        ["policy framework"],
        [],
    )
    assert json.dumps(known.properties.proposed(None, 2))
