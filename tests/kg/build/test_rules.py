"""A rule is a CONSTRUCT query with a header; what is wrong with it is told with file and line."""

import pytest

from kg.build.read import Sources
from kg.build.read import TextFile
from kg.build.rules import Rule
from kg.build.rules import read_rules
from kg.errors import SourceSyntaxError

HEADER = "# title: A title\n# description: What it does.\n# kind: closure\n"
QUERY = "CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o }\n"


def fault(text: str) -> tuple[str, str | None, str | None]:
    with pytest.raises(SourceSyntaxError) as caught:
        read_rules([TextFile("ontology/rules/a.rq", text)])
    return caught.value.detail, caught.value.where, caught.value.remedy


def test_a_rule_has_what_its_header_says() -> None:
    text = HEADER + QUERY
    assert read_rules([TextFile("ontology/rules/a.rq", text)]) == [
        Rule("a", "A title", "What it does.", "closure", text, "ontology/rules/a.rq")
    ]


def test_rules_stand_in_the_order_of_their_names() -> None:
    files = [TextFile(f"ontology/rules/{name}.rq", HEADER + QUERY) for name in "cab"]
    assert [rule.name for rule in read_rules(files)] == ["a", "b", "c"]


@pytest.mark.parametrize("key", ["title", "description", "kind"])
def test_a_header_without_a_part_is_refused(key: str) -> None:
    lines = [line for line in HEADER.splitlines() if not line.startswith(f"# {key}")]
    assert fault("\n".join([*lines, QUERY])) == (
        f"The rule's header has no {key}",
        "ontology/rules/a.rq",
        f"Add a line `# {key}: ...` at the top.",
    )


def test_a_comment_below_the_header_is_no_header() -> None:
    text = HEADER.replace("# kind: closure\n", "") + QUERY + "# kind: closure\n"
    assert fault(text)[0] == "The rule's header has no kind"


def test_an_unknown_kind_is_refused() -> None:
    assert fault(HEADER.replace("closure", "magic") + QUERY) == (
        "The rule's kind 'magic' is unknown",
        "ontology/rules/a.rq",
        "Write `# kind: closure` or `# kind: shortcut`.",
    )


def test_a_rule_is_for_the_whole_graph_unless_it_says_otherwise() -> None:
    file = TextFile("ontology/rules/a.rq", HEADER + QUERY)
    assert [rule.scope for rule in read_rules([file])] == ["graph"]
    of_report = TextFile(file.name, f"# scope: report\n{file.text}")
    assert [rule.scope for rule in read_rules([of_report])] == ["report"]


def test_an_unknown_scope_is_refused() -> None:
    assert fault("# scope: everywhere\n" + HEADER + QUERY) == (
        "The rule's scope 'everywhere' is unknown",
        "ontology/rules/a.rq",
        "Write `# scope: report`, or leave the line out.",
    )


@pytest.mark.parametrize("query", ["SELECT * WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o }"])
def test_a_query_that_makes_no_statements_is_refused(query: str) -> None:
    assert fault(HEADER + query) == (
        "The rule is no CONSTRUCT query",
        "ontology/rules/a.rq",
        "Begin it with CONSTRUCT.",
    )


def test_a_query_that_does_not_parse_is_refused_with_line_and_column() -> None:
    detail, where, remedy = fault(HEADER + "CONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }")
    assert detail.startswith("The rule does not parse: ")
    assert where == "ontology/rules/a.rq:4:19"
    assert remedy == "Correct this place."


def test_every_packaged_rule_can_be_read(sources: Sources) -> None:
    rules = read_rules(sources.rules)
    assert len(rules) == len(sources.rules)
    assert {rule.kind for rule in rules} == {"closure", "shortcut"}
    for rule in rules:
        assert rule.title[0].isupper()
        assert rule.description.endswith(".")
