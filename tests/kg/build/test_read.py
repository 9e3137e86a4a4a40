"""All sources are read together; the faults of all of them are told at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small import SmallReport

from kg.build.read import Sources
from kg.build.read import read_sources
from kg.errors import SourceSyntaxError
from kg.namespaces import ID
from kg.settings import Settings


def test_the_packaged_sources_hold_the_real_report_and_its_parts(sources: Sources) -> None:
    graphs = {source.graph for source in sources.reports}
    assert graphs == {
        sources.graph(f"usip-charting-pakistan{part}") for part in ("", "/outside", "/related")
    }
    assert [source.name for source in sources.ontology] == [
        "ontology/policykg.ttl",
        "ontology/external.ttl",
    ]
    assert sources.shapes.name == "ontology/shapes.ttl"
    assert sources.rules
    assert sources.queries
    assert sources.links


def test_files_are_read_in_the_order_of_their_names(sources: Sources) -> None:
    names = [source.name for source in sources.reports]
    assert names == sorted(names)
    assert len(set(names)) == len(names)


def test_the_faults_of_several_files_are_told_at_once(small: SmallReport) -> None:
    (small.folder / "b.ttl").write_text("<urn:a> <urn:b>\n", encoding="utf-8")
    (small.folder / "c.ttl").write_bytes(b"\xff")
    with pytest.raises(SourceSyntaxError) as caught:
        read_sources(small.settings, small.layout)
    assert str(caught.value).splitlines() == [
        "The file is not Turtle: Unexpected end (iceland-fisheries/b.ttl:2:1). Correct this place.",
        "The file is not UTF-8 text: byte 0 does not fit (iceland-fisheries/c.ttl). "
        "Store the file as UTF-8. Correct the 2 files.",
    ]


def test_one_fault_is_told_with_its_own_place(small: SmallReport) -> None:
    line = small.change("id:iceland a pol:Country ;", "id:iceland a pol:Country .")
    with pytest.raises(SourceSyntaxError) as caught:
        read_sources(small.settings, small.layout)
    assert caught.value.where == f"iceland-fisheries/report.ttl:{line + 1}:14"
    assert caught.value.remedy == "Correct this place."


def test_a_place_is_the_line_of_the_description(small: SmallReport) -> None:
    sources = read_sources(small.settings, small.layout)
    line = small.line("id:iceland a ")
    assert sources.where(ID + "iceland") == f"iceland-fisheries/report.ttl:{line} id:iceland"
    assert sources.where(ID + "nothing-at-all") == "id:nothing-at-all"


def test_places_are_found_after_the_base_has_moved(small: SmallReport) -> None:
    base = "https://kg.example.org/"
    sources = read_sources(Settings(base_iri=base), small.layout)
    line = small.line("id:iceland a ")
    place = f"iceland-fisheries/report.ttl:{line} <{base}id/iceland>"
    assert sources.where(f"{base}id/iceland") == place


def test_nothing_keeps_the_old_base_after_it_has_moved() -> None:
    base = "https://kg.example.org/deep/"
    sources = read_sources(Settings(base_iri=base))
    old = [
        str(quad)
        for quad in sources.quads()
        for term in (quad.subject, quad.object, quad.graph_name)
        if str(term).startswith(f"<{ID}")
        or str(term).startswith("<https://w3id.org/policykg/topic/")
        or str(term).startswith("<https://w3id.org/policykg/graph/")
    ]
    assert old == []
    assert any(str(quad.subject).startswith(f"<{base}id/") for quad in sources.quads())
    assert all(ID not in rule.text for rule in sources.rules)


def test_a_rule_that_is_not_utf_8_is_named_with_its_folder(
    small: SmallReport, copied_ontology: Callable[[], Path]
) -> None:
    (copied_ontology() / "rules" / "new.rq").write_bytes(b"# caf\xe9")
    with pytest.raises(SourceSyntaxError) as caught:
        read_sources(small.settings, small.layout)
    assert caught.value.where == "ontology/rules/new.rq"
