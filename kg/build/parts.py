"""The parts of the graph: each report with what the others say about its things.

What is checked and derived of a part depends on nothing else, so that parts can be taken one after
the other in little memory, at once in several processes, or not at all if nothing has changed. Two
reports are one part if one speaks of a claim, a passage or a source text of the other: what follows
from a claim depends on all that is said of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.read import Sources
from kg.build.read import TextFile
from kg.build.stage import Stage
from kg.build.turtle import Source
from kg.build.turtle import SourceOnDisk
from kg.namespaces import POL

# Each thing that has one of these belongs to the report that says so.
_OWNED: Final = tuple(NamedNode(POL + name) for name in ("statement", "quote", "textOf"))
# Checks follow these from the value to the thing that has it.
_FOLLOWED: Final = tuple(NamedNode(POL + name) for name in ("evidence", "unit"))
SHARED: Final = "shared"  # the name of the part that is no report


@dataclass(frozen=True)
class Part:
    """Reports that are judged together, by their names, or without any what all reports share.

    ``wanted`` are the IRIs that are judged in this part: those that no report before it describes,
    and those that nobody does. What all share comes last here.
    """

    reports: tuple[str, ...]
    sources: Sources
    wanted: frozenset[str]

    @property
    def name(self) -> str:
        """What users call it."""
        return ", ".join(self.reports) or SHARED


def parts(sources: Sources, stage: Stage) -> Iterator[Part]:
    """Yield the parts of ``sources``, of which ``stage`` holds the statements: first what all
    reports share, then the reports in the order of their names.
    """
    files: dict[str, list[Source]] = defaultdict(list)
    for source in sources.reports:
        files[source.name.split("/", 1)[0]].append(source)
    groups = _groups(files, sources.base, stage)
    places = {name: place for place, group in enumerate(groups) for name in group}
    shared = _with_context(replace(sources, reports=[]), stage)
    yield Part((), shared, _wanted(shared, places, len(groups)))
    none: list[TextFile] = []
    for place, group in enumerate(groups):
        own = [_held(source) for name in group for source in files[name]]
        part = replace(
            sources,
            reports=own,
            rules=none,
            links=none,
            queries=none,
            link_quads=[],
            rule_quads=[],
            only_reports=True,
        )
        part = _with_context(part, stage)
        yield Part(group, part, _wanted(part, places, place))


def _wanted(part: Sources, places: Mapping[str, int], place: int) -> frozenset[str]:
    described, objects = _mentioned(part.judged())
    elsewhere, before = set(), set()
    for quad in part.context:
        elsewhere.add(quad.subject)
        if places.get(_report(quad, part.base), place) < place:
            before.add(quad.subject)
    for source in part.ontology:
        elsewhere.update(quad.subject for quad in source.quads)
    return frozenset(node.value for node in (described - before) | (objects - elsewhere))


def _held(source: Source) -> Source:
    return source.held() if isinstance(source, SourceOnDisk) else source


def _with_context(part: Sources, stage: Stage) -> Sources:
    """Return ``part`` with what is said elsewhere about the things that it mentions."""
    own = {source.graph for source in (*part.ontology, *part.reports)}
    own |= {str(quad.graph_name)[1:-1] for quad in (*part.link_quads, *part.rule_quads)}
    described, objects = _mentioned(part.judged())
    mentioned = described | objects
    found = set(_elsewhere(own, (quad for one in mentioned for quad in stage.about(one))))
    for predicate in _FOLLOWED:
        found.update(
            _elsewhere(own, (q for one in described for q in stage.pointing(one, predicate)))
        )
    near = {quad.object for quad in found if isinstance(quad.object, NamedNode)} - mentioned
    found.update(_elsewhere(own, (quad for one in near for quad in stage.types(one))))
    return replace(part, context=sorted(found, key=str))


def _mentioned(quads: Iterable[Quad]) -> tuple[set[NamedNode], set[NamedNode]]:
    """Return what ``quads`` are about, and what else they name."""
    subjects, objects = set[NamedNode](), set[NamedNode]()
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            subjects.add(quad.subject)
        if isinstance(quad.object, NamedNode):
            objects.add(quad.object)
    return subjects, objects


def _elsewhere(own: set[str], quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value not in own:
            yield quad


def _report(quad: Quad, base: str) -> str:
    return str(quad.graph_name)[1:-1].removeprefix(f"{base}graph/").split("/", 1)[0]


def _groups(names: Iterable[str], base: str, stage: Stage) -> Sequence[tuple[str, ...]]:
    """Return ``names`` of reports in groups that are judged together, all in order."""
    group = {name: {name} for name in sorted(names)}
    if len(group) > 1:
        for owned in _OWNED:
            for quad in stage.saying(owned):
                if isinstance(quad.subject, NamedNode):
                    _join(group, _speaking(quad.subject, base, stage) & group.keys())
    return sorted({tuple(sorted(members)) for members in group.values()})


def _speaking(thing: NamedNode, base: str, stage: Stage) -> set[str]:
    """Return the names of the reports that speak of ``thing``."""
    said = {_report(quad, base) for quad in stage.about(thing)}
    return said | {_report(quad, base) for quad in stage.pointing(thing, None)}


def _join(group: dict[str, set[str]], names: set[str]) -> None:
    if len(names) > 1:
        joined = set[str]().union(*(group[name] for name in names))
        for name in joined:
            group[name] = joined
