"""Rows of an SSSOM table become statements; a row that cannot be used is found with its line."""

import hashlib
from dataclasses import replace

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import parse

from kg.build.findings import Finding
from kg.build.links import link_quads
from kg.build.links import read_links
from kg.build.read import Sources
from kg.build.read import TextFile
from kg.build.read import read_sources
from kg.namespaces import ID
from kg.namespaces import PREFIXES
from kg.settings import Settings

HEADER = "#mapping_set_id: https://example.org/set\n#curie_map:\n#  ex: https://example.org/\n"
ROW = {
    "subject_id": "id:pakistan",
    "subject_label": "Pakistan",
    "predicate_modifier": "",
    "predicate_id": "schema:sameAs",
    "object_id": "ex:PK",
    "mapping_justification": "semapv:ManualMappingCuration",
    "author_label": "someone",
    "mapping_date": "2026-01-31",
    "confidence": "0.95",
    "comment": "Looked up.",
}
PLACE = "kg/links/a.sssom.tsv:5"


def table(*rows: dict[str, str]) -> str:
    lines = ["\t".join(row[name] for name in ROW) for row in rows]
    return HEADER + "\t".join(ROW) + "\n" + "\n".join(lines) + "\n"


def with_table(sources: Sources, text: str) -> Sources:
    return replace(sources, links=[TextFile("kg/links/a.sssom.tsv", text)])


def test_the_rows_of_the_real_table_are_all_used(sources: Sources) -> None:
    mappings, result = read_links(sources)
    assert list(result.findings) == []
    rows = [
        line
        for file in sources.links
        for line in file.text.splitlines()
        if line and not line.startswith("#")
    ]
    assert len(mappings) == len(rows) - len(sources.links)
    assert result.looked_at == f"{len(mappings)} rows"
    assert len(mappings) > 50


@pytest.mark.parametrize(
    ("change", "message", "remedy"),
    [
        ({"confidence": ""}, "The row has no confidence", "Fill the column."),
        (
            {"subject_id": "", "object_id": ""},
            "The row has no subject_id, object_id",
            "Fill the column.",
        ),
        (
            {"object_id": "nowhere:PK"},
            "object_id 'nowhere:PK' is not an IRI",
            "Declare the prefix in #curie_map, or write a whole http(s) IRI.",
        ),
        (
            {"object_id": "https://example.org/a b"},
            "object_id 'https://example.org/a b' is not an IRI",
            "Declare the prefix in #curie_map, or write a whole http(s) IRI.",
        ),
        (
            {"predicate_id": "owl:sameAs"},
            "predicate_id owl:sameAs may not link",
            "Use schema:sameAs, skos:exactMatch, skos:closeMatch, skos:broadMatch, "
            "skos:narrowMatch, skos:relatedMatch.",
        ),
        (
            {"subject_id": "id:atlantis"},
            "subject_id id:atlantis is not in the graph",
            "Correct it.",
        ),
        (
            {"predicate_modifier": "Perhaps"},
            "predicate_modifier 'Perhaps' is unknown",
            "Write Not, or nothing.",
        ),
        ({"confidence": "1.01"}, "confidence '1.01' is not from 0 to 1", "Write such as 0.95."),
        ({"confidence": "-0.5"}, "confidence '-0.5' is not from 0 to 1", "Write such as 0.95."),
        ({"confidence": "high"}, "confidence 'high' is not from 0 to 1", "Write such as 0.95."),
        (
            {"mapping_date": "31 January 2026"},
            "mapping_date '31 January 2026' is not a date",
            "Write such as 2026-01-31.",
        ),
        (
            {"mapping_date": "20260131"},
            "mapping_date '20260131' is not a date",
            "Write such as 2026-01-31.",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_found(
    sources: Sources, change: dict[str, str], message: str, remedy: str
) -> None:
    mappings, result = read_links(with_table(sources, table({**ROW, **change})))
    assert mappings == []
    assert list(result.findings) == [Finding(PLACE, message, remedy)]


def test_a_row_that_repeats_another_is_found(sources: Sources) -> None:
    _, result = read_links(with_table(sources, table(ROW, {**ROW, "confidence": "0.5"})))
    assert list(result.findings) == [
        Finding("kg/links/a.sssom.tsv:6", "The row repeats row 5", "Keep one of them.")
    ]


def test_one_bad_row_does_not_hide_the_others(sources: Sources) -> None:
    text = table({**ROW, "confidence": "2"}, ROW, {**ROW, "subject_id": "id:atlantis"})
    mappings, result = read_links(with_table(sources, text))
    assert [mapping.where for mapping in mappings] == ["kg/links/a.sssom.tsv:6"]
    assert [f.where for f in result.findings] == [PLACE, "kg/links/a.sssom.tsv:7"]


def test_a_quotation_mark_in_a_comment_swallows_no_row(sources: Sources) -> None:
    text = table(
        {**ROW, "comment": '"Pakistan'}, {**ROW, "subject_id": "id:india", "object_id": "ex:IN"}
    )
    mappings, result = read_links(with_table(sources, text))
    assert list(result.findings) == []
    assert [mapping.values["comment"] for mapping in mappings] == ['"Pakistan', "Looked up."]


def test_a_comment_below_the_header_is_found_and_hides_nothing(sources: Sources) -> None:
    text = table(ROW).replace("id:pakistan", "#note\nid:pakistan")
    mappings, result = read_links(with_table(sources, text))
    assert [mapping.where for mapping in mappings] == ["kg/links/a.sssom.tsv:6"]
    assert [finding.where for finding in result.findings] == [PLACE]


def statements(sources: Sources, row: dict[str, str]) -> tuple[set[Triple], set[str]]:
    mappings, result = read_links(with_table(sources, table(row)))
    assert list(result.findings) == []
    quads = link_quads(mappings, sources.base)
    graphs = {str(quad.graph_name) for quad in quads}
    return {Triple(q.subject, q.predicate, q.object) for q in quads}, graphs


def expected(sources: Sources, modifier: str) -> set[Triple]:
    key = f"{ID}pakistan {PREFIXES['schema']}sameAs https://example.org/PK"
    node = f"id:mapping-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    said = "not schema:sameAs" if modifier else "schema:sameAs"
    turtle = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + (
        f'{node} a sssom:Mapping ; rdfs:label "Pakistan {said} https://example.org/PK"@en ;'
        " sssom:subject_id id:pakistan ; sssom:predicate_id schema:sameAs ;"
        " sssom:object_id <https://example.org/PK> ;"
        " sssom:mapping_justification semapv:ManualMappingCuration ; sssom:confidence 0.95 ;"
        ' sssom:comment "Looked up." ; sssom:author_label "someone" ;'
        ' sssom:mapping_date "2026-01-31"^^xsd:date'
    )
    turtle += f' ; sssom:predicate_modifier "{modifier}" .' if modifier else " ."
    turtle += "" if modifier else " id:pakistan schema:sameAs <https://example.org/PK> ."
    return {
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in parse(turtle.encode(), format=RdfFormat.TURTLE)
    }


@pytest.mark.parametrize("modifier", ["", "Not"])
def test_a_row_becomes_a_mapping_and_a_direct_statement_unless_negated(
    sources: Sources, modifier: str
) -> None:
    found, graphs = statements(sources, {**ROW, "predicate_modifier": modifier})
    assert found == expected(sources, modifier)
    assert graphs == {f"<{sources.base}graph/links>"}


def test_links_move_with_the_base() -> None:
    base = "https://kg.example.org/"
    sources = read_sources(Settings(base_iri=base))
    mappings, result = read_links(sources)
    assert list(result.findings) == []
    assert mappings
    for quad in link_quads(mappings, base):
        assert isinstance(quad.subject, NamedNode)
        assert quad.subject.value.startswith(base)
