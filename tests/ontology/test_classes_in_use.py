"""Every class has an individual in the graph, or says why it has none yet."""

from kg.build.read import Sources
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import SKOS

NO_INDIVIDUAL = "no individual yet"  # what the scope note of such a class says


def classes(sources: Sources) -> set[str]:
    quads = sources.ontology[0].quads
    found = {
        str(quad.subject)[1:-1]
        for quad in quads
        if quad.predicate.value == RDF + "type" and str(quad.object) == f"<{OWL}Class>"
    }
    return {iri for iri in found if iri.startswith(POL)}


def excused(sources: Sources) -> set[str]:
    return {
        str(quad.subject)[1:-1]
        for quad in sources.ontology[0].quads
        if quad.predicate.value == SKOS + "scopeNote" and NO_INDIVIDUAL in str(quad.object)
    }


def used(engine: EmbeddedEngine) -> set[str]:
    rows = engine.rows(Query("SELECT DISTINCT ?class WHERE { ?thing a ?class }"))
    return {str(row["class"])[1:-1] for row in rows}


def test_every_class_has_an_individual_or_says_why_not(
    sources: Sources, engine: EmbeddedEngine
) -> None:
    assert len(classes(sources)) > 50
    assert classes(sources) - used(engine) - excused(sources) == set()


def test_no_class_with_an_individual_says_that_it_has_none(
    sources: Sources, engine: EmbeddedEngine
) -> None:
    assert excused(sources) & used(engine) == set()
    assert excused(sources) <= classes(sources)
