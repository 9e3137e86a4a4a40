"""Each constraint of each shape is broken by a mutant of the data: none passes vacuously."""

import tomllib
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from typing import Final

from rdflib import SH
from rdflib import Graph
from rdflib import URIRef
from rdflib.term import Node

from kg.build.checks.mutation import Breaker
from kg.build.checks.mutation import Change
from kg.build.checks.mutation import Constraint
from kg.build.checks.mutation import constraints
from kg.build.checks.mutation import local
from kg.build.checks.shapes import TARGETS
from kg.build.checks.shapes import named_shape
from kg.build.checks.shapes import quiet_terms
from kg.build.checks.shapes import rdflib_graph
from kg.build.checks.shapes import shape_name
from kg.build.checks.shapes import shapes_graph
from kg.build.checks.shapes import validation_report
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.layout import Layout
from kg.build.read import Sources
from kg.errors import SourceSyntaxError
from kg.namespaces import BASE
from kg.namespaces import PREFIXES
from kg.namespaces import expand

COMBINING: Final = (SH.xone, SH["or"], SH["not"], SH["and"])
FILE: Final = "mutants.toml"
_REMEDY: Final = "Correct the shape: what it forbids is let through, so that it judges nothing."


@dataclass(frozen=True, slots=True)
class Row:
    """A mutant that somebody wrote down: how one node breaks a shape that combines others.

    ``remove`` names properties whose values the node loses, with ``^`` before the name of which it
    is no longer a value; ``add`` is Turtle.
    """

    file: str
    shape: str
    breaks: str
    node: str
    remove: Sequence[str] = ()
    add: str = ""

    def change(self, data: Graph) -> Change:
        """Return the change of ``data``; raises ``LookupError`` if the node is not so in it."""
        node = URIRef(expand(self.node))
        change = Change(node)
        for name in self.remove:
            property_ = URIRef(expand(name.removeprefix("^")))
            pattern = (None, property_, node) if name.startswith("^") else (node, property_, None)
            found = list(data.triples(pattern))
            if not found:
                raise LookupError(f"{self.node} has no {name} to remove")
            change.removed += found
        if self.add:
            prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
            change.added += Graph().parse(data=f"{prefixes}<{node}> {self.add} .", format="turtle")
        if any(triple in data for triple in change.added):
            raise LookupError(f"{self.node} says already what would be added")
        return change


@dataclass(frozen=True)
class Trial:
    """Real data, and the shapes that mutants of it are to break."""

    data: Graph
    shapes: Graph

    @cached_property
    def constraints(self) -> list[Constraint]:
        """All constraints of shapes with a target, once for each target."""
        return sorted(constraints(self.shapes), key=str)

    @cached_property
    def _breaker(self) -> Breaker:
        return Breaker(self.data, self.shapes, lambda data, by, node: TARGETS[by](data, node))

    def breaks(self, constraint: Constraint) -> bool:
        """Return whether a mutant breaks ``constraint``; raises ``LookupError`` if there is none
        to be made.
        """
        expected = (named_shape(self.shapes, constraint.shape), constraint.component)
        return expected in self.broken(self._breaker.change(constraint))

    def breaks_combination(self, row: Row) -> bool:
        """Return whether the mutant of ``row`` breaks the combination of its shape, and only it."""
        shape = URIRef(f"{BASE}shape/{row.shape}")
        kinds = [kind for kind in COMBINING if self.shapes.value(shape, kind) is not None]
        if not kinds:
            raise LookupError(f"shape:{row.shape} combines no others")
        wanted = {SH[f"{local(kind).capitalize()}ConstraintComponent"] for kind in kinds[:1]}
        results = self.broken(row.change(self.data))
        return {component for found, component in results if found == str(shape)} == wanted

    def broken(self, change: Change) -> list[tuple[str, Node]]:
        """Return shape and kind of constraint of each result on the node that ``change`` spoils.

        The data are afterwards as they were.
        """
        change.apply(self.data)
        try:
            _, report = validation_report(self.data, self.shapes, [change.focus])
        finally:
            change.undo(self.data)
        return [
            (named_shape(self.shapes, report.value(result, SH.sourceShape)), component)
            for result, component in report.subject_objects(SH.sourceConstraintComponent)
            if report.value(result, SH.focusNode) == change.focus
        ]


def trial(sources: Sources) -> Trial:
    """Return the trial of the data and the shapes of ``sources``."""
    shapes = shapes_graph(sources.shapes.text)
    with quiet_terms():
        return Trial(rdflib_graph(sources.quads()), shapes)


def read_rows(layout: Layout) -> list[Row]:
    """Return the mutants that the reports of ``layout`` bring with them.

    Raises :class:`~kg.errors.SourceSyntaxError` for a file that cannot be read.
    """
    return [row for folder in layout.reports for row in _rows(folder / FILE)]


def _rows(path: Path) -> Iterator[Row]:
    if not path.is_file():
        return
    name = f"{path.parent.name}/{FILE}"
    try:
        tables: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get("mutant", [])
        yield from [Row(file=name, **table) for table in tables]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise SourceSyntaxError(
            f"The mutants cannot be read: {error}",
            where=name,
            remedy="Each [[mutant]] has shape, breaks, node, and remove or add.",
        ) from None


def check_mutants(sources: Sources, rows: Sequence[Row]) -> CheckResult:
    """Return a finding for each constraint that a mutant of the data does not break.

    Constraints on which the data has no node are counted; the check of the shapes names them.
    """
    tried = trial(sources)
    made, unmet = 0, 0
    findings: list[Finding] = []
    with quiet_terms():
        for constraint in tried.constraints:
            if constraint.parameter in COMBINING:
                continue
            try:
                caught = tried.breaks(constraint)
            except LookupError:
                unmet += 1
                continue
            made += 1
            if not caught:
                message = f"a mutant passes {constraint}"
                findings.append(Finding(shape_name(str(constraint.target_shape)), message, _REMEDY))
        for row in rows:
            made += 1
            findings += _finding(tried, row)
    looked_at = f"{made} mutants, {made - len(findings)} caught"
    if unmet:
        looked_at += f"; {unmet} constraints meet no node"
    return CheckResult("mutants", looked_at, findings, counts={"made": made, "unmet": unmet})


def _finding(tried: Trial, row: Row) -> list[Finding]:
    where = f"{row.file} shape:{row.shape}, {row.breaks}"
    try:
        caught = tried.breaks_combination(row)
    except LookupError as error:
        # A KeyError has its argument in quotation marks.
        return [Finding(where, str(error.args[0]), "Correct the mutant: the data has changed.")]
    return [] if caught else [Finding(where, "the mutant passes", _REMEDY)]
