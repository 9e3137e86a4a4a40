"""The data has the shape that ``ontology/shapes.ttl`` lays down (SHACL, by pyshacl)."""

import logging
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass

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
    shapes = Graph().parse(data=sources.shapes.text, format="turtle")
    # The ontology is part of the data graph from the start, rather than an ont_graph, which pyshacl
    # would copy into it statement by statement.
    with quiet_terms():
        data = rdflib_graph(sources.quads())
        found = violations(data, shapes)
    counts = focus_nodes(data, shapes)
    findings = [_finding(sources, violation) for violation in found]
    for shape, count in counts.items():
        if not count:
            message = f"{shape_name(shape)} meets no node of the data"
            remedy = "Correct its target, or remove the shape."
            findings.append(Finding(sources.shapes.name, message, remedy, warning=True))
    targets = sum(len(list(shapes.subject_objects(predicate))) for predicate in TARGETS)
    looked_at = f"{sum(counts.values())} focus nodes, {len(counts)} shapes with {targets} targets"
    named = {shape_name(shape): count for shape, count in counts.items()}
    return CheckResult("shapes", looked_at, findings, counts=named)


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
    graph = Graph()
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
    from pyshacl import validate

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


def focus_nodes(data: Graph, shapes: Graph) -> dict[str, int]:
    """Return for each shape with a target the number of nodes of ``data`` that it meets."""
    counts: dict[str, int] = {}
    for shape in sorted(set(shapes.subjects()), key=str):
        targets = [
            set(nodes_of(data, target))
            for predicate, nodes_of in TARGETS.items()
            for target in shapes.objects(shape, predicate)
        ]
        if targets:
            counts[str(shape)] = len(set[Node]().union(*targets))
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
