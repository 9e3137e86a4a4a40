"""The data has the shape that ``ontology/shapes.ttl`` lays down (SHACL, by pyshacl)."""

import logging
from collections.abc import Callable
from collections.abc import Container
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from rdflib import RDF
from rdflib import RDFS
from rdflib import SH
from rdflib import BNode
from rdflib import Graph
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef
from rdflib.term import Node

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.namespaces import shorten


@dataclass(frozen=True, slots=True)
class Violation:
    """A validation result: the node, the shape's IRI, the path and value where there are such."""

    focus: str
    shape: str
    path: str
    value: str
    message: str
    severity: str


def check_shapes(sources: Sources) -> CheckResult:
    """Return findings for nodes that break a shape, and for shapes that meet no node.

    Only results of severity ``sh:Violation`` are errors. ``counts`` of the result holds the number
    of focus nodes of each shape that has a target.
    """
    return shapes_result([judge_shapes(sources)], sources.shapes.name)


def judge_shapes(sources: Sources, wanted: Container[str] | None = None) -> CheckResult:
    """Return the findings of :func:`check_shapes` for the nodes ``wanted``, or all.

    What the rest of the graph says about these must be in ``sources`` or their context. The result
    does not tell of shapes that meet no node, because nodes of another part may.
    """
    shapes = shapes_graph(sources.shapes.text)
    # The ontology is part of the data graph from the start, rather than an ont_graph, which pyshacl
    # would copy into it statement by statement.
    with quiet_terms():
        data = rdflib_graph(chain(sources.quads(), sources.context))
        found = violations(data, shapes)
    counts = focus_nodes(data, shapes, wanted)
    findings = [_finding(sources, one) for one in found if wanted is None or one.focus in wanted]
    targets = sum(len(list(shapes.subject_objects(predicate))) for predicate in TARGETS)
    named = {shape_name(shape): count for shape, count in counts.items()}
    return CheckResult("shapes", "", findings, counts=named, sums={"targets": targets})


def shapes_result(judged: Sequence[CheckResult], file: str) -> CheckResult:
    """Return the results of the parts as one; ``file`` is the name of that of the shapes."""
    findings = [finding for one in judged for finding in one.findings]
    counts = {
        shape: sum(one.counts.get(shape, 0) for one in judged)
        for shape in sorted({shape for one in judged for shape in one.counts})
    }
    for shape, count in counts.items():
        if not count:
            message = f"{shape} meets no node of the data"
            remedy = "Correct its target, or remove the shape."
            findings.append(Finding(file, message, remedy, warning=True))
    targets = max((one.sums["targets"] for one in judged), default=0)
    looked_at = f"{sum(counts.values())} focus nodes, {len(counts)} shapes with {targets} targets"
    return CheckResult("shapes", looked_at, findings, counts=counts)


@lru_cache(maxsize=1)
def shapes_graph(text: str) -> Graph:
    """Return the shapes that ``text`` describes in Turtle; it is parsed once, nobody changes it."""
    return Graph().parse(data=text, format="turtle")


@contextmanager
def quiet_terms() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each literal that its datatype does not know."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def rdflib_graph(quads: Iterable[Quad]) -> Graph:
    """Return ``quads`` as one rdflib graph. Terms are converted one by one, which takes less than
    half the time of writing and parsing N-Triples.
    """
    graph = Graph(bind_namespaces="none")
    known: dict[object, Node] = {}

    def convert(term: object) -> Node:
        node = known.get(term)
        if node is None:
            if isinstance(term, NamedNode):
                node = URIRef(term.value)
            elif isinstance(term, Literal) and term.language:
                node = RdflibLiteral(term.value, lang=term.language)
            elif isinstance(term, Literal):
                node = RdflibLiteral(term.value, datatype=URIRef(term.datatype.value))
            else:
                raise TypeError(f"{term} cannot stand in published data")
            known[term] = node
        return node

    for quad in quads:
        graph.store.add(
            (convert(quad.subject), convert(quad.predicate), convert(quad.object)), graph
        )
    return graph


def validation_report(
    data: Graph, shapes: Graph, focus: Sequence[Node] | None = None
) -> tuple[bool, Graph]:
    """Return whether ``data``, which holds the ontology too, conforms to ``shapes``, and the SHACL
    validation report; with ``focus`` only on these nodes, where a shape targets them.
    """
    from pyshacl import shape
    from pyshacl import validate
    from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
    from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP

    # What pyshacl keeps here itself, but as a list, in which it looks for each part of each shape
    # for each node: a quarter of its time.
    parameters = frozenset(ALL_CONSTRAINT_PARAMETERS)
    shape.CONSTRAINT_PARAMS = parameters, CONSTRAINT_PARAMETERS_MAP
    conforms, report, _ = validate(
        data,
        shacl_graph=shapes,
        inference="none",
        advanced=False,
        inplace=True,
        focus_nodes=None if focus is None else list(focus),
    )
    if not isinstance(report, Graph):
        raise TypeError(str(report))
    return conforms, report


def violations(data: Graph, shapes: Graph) -> list[Violation]:
    """Return what breaks ``shapes`` in ``data``, which holds the ontology too, in a fixed order."""
    _, report = validation_report(data, shapes)
    found = {
        Violation(
            focus=str(report.value(result, SH.focusNode)),
            shape=named_shape(shapes, report.value(result, SH.sourceShape)),
            path=_path(report.value(result, SH.resultPath)),
            value=_shown(report.value(result, SH.value)),
            message=_message(report, shapes, result),
            severity=str(report.value(result, SH.resultSeverity)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    return sorted(found, key=lambda v: (v.focus, v.shape, v.path, v.value, v.message))


def focus_nodes(data: Graph, shapes: Graph, wanted: Container[str] | None = None) -> dict[str, int]:
    """Return for each shape with a target the number of nodes of ``data`` that it meets, of all or
    of those ``wanted``.
    """
    counts: dict[str, int] = {}
    for shape in sorted(set(shapes.subjects()), key=str):
        targets = [
            set(nodes_of(data, target))
            for predicate, nodes_of in TARGETS.items()
            for target in shapes.objects(shape, predicate)
        ]
        if targets:
            met = set[Node]().union(*targets)
            counts[str(shape)] = sum(wanted is None or str(node) in wanted for node in met)
    return counts


def _instances(data: Graph, target: Node) -> Iterator[Node]:
    for cls in data.transitive_subjects(RDFS.subClassOf, target):
        yield from data.subjects(RDF.type, cls)


def _subjects(data: Graph, target: Node) -> Iterator[Node]:
    yield from data.subjects(target)


def _objects(data: Graph, target: Node) -> Iterator[Node]:
    yield from data.objects(None, target)


def _itself(data: Graph, target: Node) -> Iterator[Node]:
    yield target


# The nodes that a target meets, by the property that names the target.
TARGETS: Mapping[Node, Callable[[Graph, Node], Iterator[Node]]] = {
    SH.targetClass: _instances,
    SH.targetSubjectsOf: _subjects,
    SH.targetObjectsOf: _objects,
    SH.targetNode: _itself,
}


def named_shape(shapes: Graph, shape: Node | None) -> str:
    """Return the IRI of ``shape``, or of the nearest shape with an IRI that holds it."""
    while isinstance(shape, BNode):
        shape = next(iter(shapes.subjects(None, shape)), None)
    return str(shape)


def _message(report: Graph, shapes: Graph, result: Node) -> str:
    shape = report.value(result, SH.sourceShape)
    if isinstance(shape, BNode):
        # pyshacl words a message of its own for a nameless part; the whole shape has a better one.
        message = shapes.value(URIRef(named_shape(shapes, shape)), SH.message)
        if message is not None:
            return str(message)
    messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
    return " ".join(messages)


def _path(path: Node | None) -> str:
    return shorten(str(path)) if isinstance(path, URIRef) else ""


def _shown(value: Node | None) -> str:
    if value is None:
        return ""
    if isinstance(value, URIRef):
        return shorten(str(value))
    text = str(value)
    return repr(text if len(text) < 60 else text[:57] + "...")


def shape_name(shape: str) -> str:
    """Return the name by which findings call the shape with this IRI."""
    return f"shape:{shape.rsplit('/', 1)[-1]}"


def _finding(sources: Sources, violation: Violation) -> Finding:
    about = " ".join(part for part in (violation.path, violation.value) if part)
    return Finding(
        sources.where(violation.focus),
        f"breaks {shape_name(violation.shape)}" + (f" by {about}" if about else ""),
        violation.message,
        warning=violation.severity != str(SH.Violation),
    )
