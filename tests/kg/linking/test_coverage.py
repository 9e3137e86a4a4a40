"""Everything that should be linked is linked, or was looked for; and the gaps are told."""

from link_rows import iri
from link_rows import link
from pyoxigraph import NamedNode

from kg.build.links import read_links
from kg.build.read import Sources
from kg.linking.conflicts import conflicts
from kg.linking.coverage import SOUGHT
from kg.linking.coverage import THESAURI
from kg.linking.coverage import coverage
from kg.linking.coverage import kinds
from kg.linking.sssom import Mapping


def test_everything_of_the_real_graph_is_covered(sources: Sources) -> None:
    mappings, result = read_links(sources)
    rows, gaps = coverage(mappings, kinds(sources.quads()))
    assert list(result.findings) == []
    assert gaps == []
    assert [row.kind for row in rows] == list(SOUGHT)
    assert all(row.undecided == 0 and row.things for row in rows)
    counted = {row.kind: (row.things, row.linked) for row in rows}
    assert counted["Country"] == (10, 10)
    assert counted["Person"] == (5, 1)


def test_every_link_of_the_real_graph_can_be_defended(sources: Sources) -> None:
    mappings, _ = read_links(sources)
    for one in mappings:
        for column in ("author_label", "mapping_date", "comment", "confidence"):
            assert one.values[column], f"{one.where}: {column}"
        # What a target's own file could not confirm rests on the first reading alone.
        seen = not one.object.startswith(("http://metadata.un.org/thesaurus", "http://dbpedia"))
        unseen = "wikidata" in one.object
        assert unseen or bool(one.values["reviewer_label"]) == seen, one.where
    assert sum(one.negated for one in mappings) >= 15


def test_no_target_of_a_shipped_dataset_is_dead(sources: Sources) -> None:
    mappings, _ = read_links(sources)
    known = {q.subject.value for q in sources.dataset_quads if isinstance(q.subject, NamedNode)}
    spaces = (
        "http://eurovoc.",
        "http://vocabularies.unesco.",
        "http://zbw.eu/",
        f"{sources.base}id/",
    )
    dead = [one for one in mappings if one.object.startswith(spaces) and one.object not in known]
    # A refused pair may name what is in no extract.
    assert [one.object for one in dead if not one.negated] == []
    assert conflicts(mappings, kinds(sources.quads()), sources.dataset_quads) == []


def test_the_gaps_are_told() -> None:
    of = {iri("id:a"): {"Organization"}, iri("topic:t"): {"Topic"}, iri("id:goal"): {"Goal"}}
    rows, gaps = coverage([], of)
    assert [gap.where for gap in gaps] == ["id:a", "topic:t"]
    assert {row.kind: row.undecided for row in rows if row.undecided} == {
        "Organization": 1,
        "Topic": 1,
    }
    one = link("topic:t", "skos:exactMatch", "x:1")
    partly = Mapping(
        one.where, one.subject, one.predicate, one.object, False, {"object_source": THESAURI[0]}
    )
    _, gaps = coverage([partly, link("id:a", "schema:sameAs", "x:2")], of)
    [gap] = gaps
    assert gap.message == f"It has no row for {THESAURI[1]}, {THESAURI[2]}"


def test_a_refused_pair_covers_nothing() -> None:
    of = {iri("id:a"): {"Organization"}}
    _, gaps = coverage([link("id:a", "schema:sameAs", "x:1", "Not")], of)
    assert len(gaps) == 1
