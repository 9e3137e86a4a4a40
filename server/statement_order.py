"""The order in which a page gives the statements about a thing: that of the SHACL shapes.

``sh:group`` and ``sh:order`` say how (SHACL, 2.3.2.2 and 2.3.2.3).
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import parse

from kg.namespaces import RDFS
from kg.namespaces import SHACL
from server.page_language import marked

_LAST: Final = 1000.0
# The names of the groups in the shapes, which pages translate.
HEADINGS: Final = (
    marked("Identity"),
    marked("Content"),
    marked("Source and certainty"),
    marked("Time"),
    marked("Place in the text"),
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a property stands: its group's place, its own place in it, and the group's name."""

    group: float
    order: float
    heading: str


def places(kinds: Iterable[str]) -> dict[str, Place]:
    """Return the places of properties by their IRIs, for a thing of these classes."""
    found: dict[str, Place] = {}
    for kind in kinds:
        for prop, place in _by_class().get(kind, {}).items():
            found[prop] = min(place, found.get(prop, place))
    return found


@cache
def _by_class() -> Mapping[str, Mapping[str, Place]]:
    text = files("ontology").joinpath("shapes.ttl").read_text(encoding="utf-8")
    said: dict[str, dict[str, list[NamedNode | BlankNode | Literal | Triple]]]
    said = defaultdict(lambda: defaultdict(list))
    for quad in parse(text, format=RdfFormat.TURTLE):
        said[str(quad.subject)][quad.predicate.value].append(quad.object)

    def number(subject: str) -> float:
        found = [one for one in said[subject][SHACL + "order"] if isinstance(one, Literal)]
        return float(found[0].value) if found else _LAST

    def place(shape: str) -> Place | None:
        for group in said[shape][SHACL + "group"]:
            labels = [one for one in said[str(group)][RDFS + "label"] if isinstance(one, Literal)]
            return Place(number(str(group)), number(shape), labels[0].value if labels else "")
        return None

    classes: dict[str, dict[str, Place]] = defaultdict(dict)
    for shape in list(said):
        targets = [one for one in said[shape][SHACL + "targetClass"] if isinstance(one, NamedNode)]
        for part in said[shape][SHACL + "property"] if targets else ():
            where = place(str(part))
            for path in said[str(part)][SHACL + "path"]:
                if where and isinstance(path, NamedNode):
                    for target in targets:
                        classes[target.value][path.value] = where
    return classes
