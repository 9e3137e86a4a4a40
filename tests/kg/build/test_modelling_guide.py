"""The modelling guide shows the graph as it stands, and names only terms that exist."""

import re
from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.build.read import Sources

GUIDE = (Path(__file__).parents[3] / "docs" / "modelling.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```turtle\n(.*?)```", GUIDE, re.DOTALL)
EXAMPLES = GUIDE[GUIDE.index("## Twelve worked examples") : GUIDE.index("## What gets a note")]


def _described(quads: list[Quad]) -> dict[str, set[tuple[str, str]]]:
    things: dict[str, set[tuple[str, str]]] = {}
    for quad in quads:
        pair = (str(quad.predicate), str(quad.object))
        things.setdefault(str(quad.subject), set()).add(pair)
    return things


def test_its_turtle_is_that_of_the_graph(sources: Sources) -> None:
    report = [source for source in sources.reports if source.name.startswith("usip-")]
    prefixes = "\n".join(
        sorted({line for s in report for line in s.text.splitlines() if line.startswith("@prefix")})
    )
    graph = _described([quad for source in report for quad in source.quads])
    for block in BLOCKS:
        turtle = f"{prefixes}\n{block}".encode()
        shown = _described(list(parse(turtle, format=RdfFormat.TURTLE)))
        for thing, said in shown.items():
            assert said == graph[thing], thing


def test_it_has_twelve_worked_examples_each_with_its_turtle() -> None:
    titles = re.findall(r"^### (\d+)\. ", EXAMPLES, re.MULTILINE)
    assert titles == [str(number) for number in range(1, 13)]
    assert EXAMPLES.count("```turtle\n") == 12


def test_its_terms_are_those_of_the_vocabulary(sources: Sources) -> None:
    declared = {
        quad.subject.value.rsplit("#", 1)[-1]
        for source in sources.ontology
        for quad in source.quads
        if isinstance(quad.subject, NamedNode) and "ontology#" in quad.subject.value
    }
    named = set(re.findall(r"\bpol:(\w+)", GUIDE))
    assert named - declared == set()
    assert len(named) > 40
