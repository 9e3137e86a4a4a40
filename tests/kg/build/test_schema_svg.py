"""The picture of the ontology is drawn from the ontology, the same each time, and is up to date."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Quad

from kg.build.read import Sources
from kg.build.schema import ANYTHING
from kg.build.schema import Box
from kg.build.schema import Row
from kg.build.schema_layout import arrange
from kg.build.schema_svg import main
from kg.build.schema_svg import schema_svg
from kg.build.schema_svg import sources_svg
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS

DOCUMENTED = Path(__file__).parents[3] / "docs" / "schema.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture(sources: Sources) -> str:
    return sources_svg(sources)


def test_the_documented_picture_is_that_of_the_ontology(picture: str) -> None:
    assert DOCUMENTED.read_text(encoding="utf-8") == picture, "run `make schema`"


def test_it_is_written_to_a_file(tmp_path: Path, picture: str) -> None:
    main(tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == picture


def test_every_class_and_property_is_in_it(sources: Sources, picture: str) -> None:
    root = ElementTree.fromstring(picture)
    drawn = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    words = set(re.findall(r"\w+", drawn))
    quads = sources.ontology[0].quads
    inverses = {str(q.object)[1:-1] for q in quads if q.predicate.value == OWL + "inverseOf"}
    kinds = [OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")]
    kinds.append(OWL + "AnnotationProperty")
    terms = {
        str(quad.subject)[1:-1]
        for quad in quads
        if quad.predicate.value == RDF + "type" and str(quad.object)[1:-1] in kinds
    }
    assert len(terms) > 150
    assert {term.removeprefix(POL) for term in terms - inverses} - words == set()


def test_it_says_in_words_what_it_shows(picture: str) -> None:
    root = ElementTree.fromstring(picture)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "title description"
    title, description = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert title.text == "The schema of the policy knowledge graph"
    assert description is not None
    assert "Recommendation, a kind of Claim: addressedTo to Actor; proposes to Policy." in (
        description.text or ""
    )


def test_no_box_lies_upon_another(picture: str) -> None:
    root = ElementTree.fromstring(picture)
    boxes = [
        tuple(int(element.attrib[name]) for name in ("x", "y", "width", "height"))
        for element in root.iter(f"{SVG}rect")
        if "x" in element.attrib
    ]
    assert len(boxes) > 20
    for number, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[number + 1 :]:
            beside = x + width <= other_x or other_x + other_width <= x
            assert beside or y + height <= other_y or other_y + other_height <= y


def test_the_order_of_the_statements_does_not_matter(sources: Sources, picture: str) -> None:
    reversed_sources = Sources(
        sources.base,
        [_reversed(source) for source in sources.ontology],  # type: ignore[misc]
        sources.reports,
        sources.shapes,
        sources.rules,
        sources.links,
        sources.queries,
    )
    assert sources_svg(reversed_sources) == picture


def _reversed(source: object) -> object:
    from dataclasses import replace

    quads: list[Quad] = source.quads  # type: ignore[attr-defined]
    return replace(source, quads=quads[::-1])  # type: ignore[type-var]


def _box(name: str, *targets: str, above: tuple[str, ...] = ()) -> Box:
    rows = tuple(Row((f"to{target}",), target, target) for target in targets)
    return Box(name, above, (), rows, ())


def test_columns_follow_the_distance_from_the_central_class() -> None:
    found = [_box("A", "B", "C"), _box("B"), _box("C", "D"), _box("D"), _box("E", above=("B",))]
    columns = [[box.name for box in column] for column in arrange(found)]
    assert [sorted(column) for column in columns] == [["A"], ["B", "C"], ["D", "E"]]
    # Each stands beside what it is joined with.
    assert (columns[1].index("B") < columns[1].index("C")) == (
        columns[2].index("E") < columns[2].index("D")
    )


def test_a_class_that_is_joined_with_none_is_drawn_too() -> None:
    drawn = schema_svg([_box("A", "B"), _box("B"), _box("Alone"), Box(ANYTHING, (), (), (), ())])
    assert ">Alone</text>" in drawn


def test_names_are_escaped() -> None:
    drawn = schema_svg([_box("A<b&c"), Box(ANYTHING, (), (), (), ())])
    ElementTree.fromstring(drawn)
    assert RDFS not in drawn
