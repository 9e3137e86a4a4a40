"""What is checked and derived part by part is what would be checked and derived all at once."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import Store
from rdflib import SH
from rdflib import BNode
from rdflib import Graph
from rdflib import URIRef
from small import REPORTS

from kg.build.checks.shapes import check_shapes
from kg.build.checks.terms import check_terms
from kg.build.derive import derive
from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.links import link_quads
from kg.build.links import read_links
from kg.build.parts import _FOLLOWED
from kg.build.parts import parts
from kg.build.pipeline import Options
from kg.build.pipeline import check
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.build.rule_nodes import rule_quads
from kg.build.rules import read_rules
from kg.build.stage import Stage
from kg.build.stage import is_outside
from kg.settings import Settings

pytestmark = pytest.mark.usefixtures("no_java")

PREFIXES = """\
@prefix id: <https://w3id.org/policykg/id/> .
@prefix topic: <https://w3id.org/policykg/topic/> .
@prefix pol: <https://w3id.org/policykg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
# Two more reports, which speak of the things of the others in every way that matters.
NORTH = """
id:north a pol:Region ; rdfs:label "The North"@en .
id:iceland pol:locatedIn id:north ; dcterms:description "In the North."@en .
id:varnholm pol:locatedIn id:iceland .
id:fisheries-act pol:affectedBy id:dear-diesel .
id:dear-diesel a pol:Situation .
topic:fisheries skos:broader topic:public-transport .
"""
EARTH = """
id:earth a pol:Region ; rdfs:label "The Earth"@en .
id:north pol:locatedIn id:earth .
id:island-of-aedey pol:locatedIn id:iceland .
id:iceland-fisheries-c004 pol:withRespectTo id:earth .
"""
OUTSIDE = """
id:north pol:concerns id:iceland .
id:earth pol:memberOf id:fjord-transport-alliance .
id:fisheries-act pol:follows id:clean-fleet-plan .
"""
LINKS = """\
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence
id:iceland\tschema:sameAs\thttp://www.wikidata.org/entity/Q189\tsemapv:ManualMappingCuration\t1.0
topic:fisheries\tskos:exactMatch\thttp://eurovoc.europa.eu/2437\tsemapv:ManualMappingCuration\t1.0
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Return the layout of four reports and a table of links, in folders that may be changed."""
    files = {
        "north/entities.ttl": NORTH,
        "earth/entities.ttl": EARTH,
        "earth/outside/facts.ttl": OUTSIDE,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, encoding="utf-8")
    for name in ("electric-buses", "iceland-fisheries"):
        shutil.copytree(REPORTS / name, tmp_path / name)
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "a.sssom.tsv").write_text(LINKS, encoding="utf-8")
    names = ("electric-buses", "iceland-fisheries", "north", "earth")
    reports = tuple(tmp_path / name for name in names)
    packaged = packaged_layout()
    return Layout(packaged.ontology, packaged.queries, tmp_path / "links", reports)


def whole(layout: Layout) -> Sources:
    """Return the sources with the links and the rules as statements."""
    sources = read_sources(Settings(), layout)
    mappings, _ = read_links(sources)
    sources.link_quads.extend(link_quads(mappings, sources.base))
    sources.rule_quads.extend(rule_quads(read_rules(sources.rules), sources.base))
    return sources


def statements(store: Store, graph: str) -> set[str]:
    return {str(q.triple) for q in store.quads_for_pattern(None, None, None, NamedNode(graph))}


def test_the_parts_derive_what_the_whole_derives(layout: Layout) -> None:
    sources = whole(layout)
    store, rules = Store(), read_rules(sources.rules)
    inside, outside = sources.graph("derived"), sources.graph("derived/outside")
    store.extend(quad for quad in sources.quads() if not is_outside(quad))
    derive(store, rules, inside)
    store.extend(sources.quads())
    derive(store, rules, outside)
    checked = check(Settings(), Options(layout=layout))
    assert checked.dataset is not None, checked.report.findings()
    assert statements(checked.dataset.store, inside) == statements(store, inside)
    assert statements(checked.dataset.store, outside) == statements(store, outside)
    derived = statements(store, inside) | statements(store, outside)
    assert checked.dataset.derived == len(derived)
    # By way of three reports; and what one report says of a claim of another is heeded.
    assert any("varnholm>" in line and line.endswith("id/earth>") for line in derived)
    assert not any("derivedSubject" in line and "aedey" in line for line in derived)


SPOILT = {
    "a second label": ("north/entities.ttl", 'id:iceland rdfs:label "Island"@en .'),
    "a value without its kind": (
        "north/entities.ttl",
        "id:north a pol:PolicyFramework ; dcterms:subject id:dear-diesel .",
    ),
    "a claim upon nothing": ("earth/entities.ttl", "id:electric-buses-c020 pol:basis id:north ."),
    "an unused passage": (
        "electric-buses/entities.ttl",
        "id:iceland-fisheries-p009 a pol:Passage ; pol:unit id:iceland-fisheries-u001 .",
    ),
    "a time that ends before it begins": (
        "earth/outside/facts.ttl",
        'id:announcement-of-the-clean-fleet-plan pol:earliest "2031-04-01"^^'
        "<http://www.w3.org/2001/XMLSchema#date> .",
    ),
    "a source without an address": ("north/entities.ttl", "id:north dcterms:source <urn:book> ."),
    "a thing without a description": ("north/entities.ttl", "id:north pol:concerns id:nowhere ."),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_the_parts_are_found_to_break_what_the_whole_breaks(
    layout: Layout, spoilt: tuple[str, str]
) -> None:
    file = layout.reports[0].parent / spoilt[0]
    file.write_text(file.read_text(encoding="utf-8") + spoilt[1], encoding="utf-8")
    sources = whole(layout)
    expected = {
        one.message for one in (*check_shapes(sources).errors, *check_terms(sources).errors)
    }
    results = {one.name: one for one in check(Settings(), Options(layout=layout)).report.results}
    found = [one.message for name in ("shapes", "terms") for one in results[name].errors]
    assert set(found) == expected
    assert expected
    assert results["shapes"].counts == check_shapes(sources).counts
    assert results["terms"].looked_at == check_terms(sources).looked_at


def test_each_thing_is_judged_in_one_part(layout: Layout) -> None:
    sources = whole(layout)
    described = {str(quad.subject)[1:-1] for quad in sources.quads()}
    judged = [iri for part in parts(sources, Stage(sources)) for iri in part.wanted]
    assert len(described & set(judged)) == sum(iri in described for iri in judged)
    assert described <= set(judged)


def test_reports_that_share_a_claim_are_together_and_others_are_not(layout: Layout) -> None:
    sources = whole(layout)
    names = [part.reports for part in parts(sources, Stage(sources))]
    assert names == [(), ("earth", "iceland-fisheries"), ("electric-buses",), ("north",)]


def test_shapes_look_no_further_than_the_context_of_a_part(sources: Sources) -> None:
    """A path has one step, backwards only where the context holds it; only the class of a value is
    looked at.
    """
    shapes = Graph().parse(data=sources.shapes.text, format="turtle")
    followed = {URIRef(one.value) for one in _FOLLOWED}
    for path in shapes.objects(None, SH.path):
        if isinstance(path, BNode):
            assert set(shapes.predicates(path)) == {SH.inversePath}
            assert shapes.value(path, SH.inversePath) in followed
    for far in (SH.node, SH.qualifiedValueShape, SH.sparql, SH.target, SH.rule):
        assert not list(shapes.subject_objects(far))
    for outer in shapes.subjects(SH.path):
        assert not list(shapes.objects(outer, SH.property))
