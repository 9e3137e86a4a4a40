"""Every example of the SPARQL guide runs on the report, and finds something."""

import re
from pathlib import Path

import pytest

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query

GUIDE = Path(__file__).parents[2] / "docs" / "sparql.md"
BLOCKS = re.findall(r"```sparql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
EXAMPLES = [block for block in BLOCKS if "SELECT" in block]


def test_guide_has_examples_and_one_block_of_prefixes() -> None:
    assert len(EXAMPLES) >= 10
    assert len(BLOCKS) == len(EXAMPLES) + 1


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_finds_something(engine: EmbeddedEngine, example: str) -> None:
    assert engine.rows(Query(example))


def test_guide_names_every_graph_of_the_store(engine: EmbeddedEngine) -> None:
    rows = engine.rows(Query("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"))
    text = GUIDE.read_text(encoding="utf-8")
    graphs = [str(row["graph"])[1:-1].partition("/graph/")[2] for row in rows]
    assert graphs
    assert [graph for graph in graphs if f"`…/graph/{graph}`" not in text] == []


def test_guide_uses_only_terms_of_the_vocabulary(engine: EmbeddedEngine) -> None:
    rows = engine.rows(
        Query(
            "SELECT ?term FROM <https://w3id.org/policykg/graph/ontology> "
            "WHERE { ?term <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
        )
    )
    known = {str(row["term"])[1:-1].partition("#")[2] for row in rows}
    used = set(re.findall(r"\bpol:([A-Za-z]+)", GUIDE.read_text(encoding="utf-8")))
    assert len(used) > 30
    assert used - known == set()
