"""The ontology and the reports do not contradict each other, and stay inside OWL 2 DL.

HermiT judges consistency and satisfiability; it adds nothing to the graph. It is the one that
comes with owlready2, run as a process of its own on an N-Triples file.
"""

import re
import tempfile
from collections.abc import Sequence
from importlib.resources import as_file
from importlib.resources import files
from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Triple
from pyoxigraph import serialize

from kg.build.checks.java import Java
from kg.build.checks.java import find_java
from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.build.turtle import Source
from kg.errors import BuildError
from kg.namespaces import ONTOLOGY
from kg.namespaces import OWL
from kg.namespaces import RDF
from kg.namespaces import shorten

_INDIVIDUAL = NamedNode(OWL + "NamedIndividual")
_TYPE = NamedNode(RDF + "type")
_HERMIT = "org.semanticweb.HermiT.cli.CommandLine"


def check_consistency(sources: Sources, required: bool = False) -> list[CheckResult]:
    """Return the results of the checks ``consistency`` and ``profile``.

    Without Java they are skipped, or fail if ``required``. Raises
    :class:`~kg.errors.BuildError` if the profile checker fails.
    """
    java = find_java()
    if java is None:
        return [_not_run(name, "no Java found", required) for name in ("consistency", "profile")]
    with tempfile.TemporaryDirectory(prefix="policykg-") as folder:
        file = Path(folder) / "graph.nt"
        triples = _write(file, [*sources.ontology, *sources.reports])
        looked_at = f"{triples} triples"
        findings = _judged(java, file, sources)
        results = [CheckResult("consistency", looked_at, findings, sums={"triples": triples})]
        if java.compiles():
            _write(file, [*sources.ontology, *sources.reports])
            broken = _violations(java, file)
            results.append(CheckResult("profile", looked_at, broken, sums={"triples": triples}))
        else:
            results.append(_not_run("profile", "Java is no development kit (JDK)", required))
    return results


def _judged(java: Java, file: Path, sources: Sources) -> list[Finding]:
    try:
        unsatisfiable = _unsatisfiable(java, file)
        if unsatisfiable is None:
            return [_inconsistent(java, file, sources)]
    except BuildError as error:
        # As a finding, so that those of the other checks, which may say why, are told too.
        return [Finding(error.where or "consistency", error.detail, error.remedy or "")]
    return [_unsatisfiable_class(sources, iri) for iri in unsatisfiable]


def _not_run(name: str, reason: str, required: bool) -> CheckResult:
    if not required:
        return CheckResult(name, "-", skipped=f"not run: {reason}")
    install = "Install a Java development kit, or leave --require-reasoner out."
    return CheckResult(name, "-", [Finding(name, f"The check cannot run: {reason}", install)])


def _write(file: Path, sources: Sequence[Source]) -> int:
    """Write the statements of ``sources`` as one ontology and return their number."""
    quads = [quad for source in sources for quad in source.quads if not _is_second_header(quad)]
    triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}
    things = {
        quad.subject
        for quad in quads
        if quad.predicate == _TYPE
        and isinstance(quad.object, NamedNode)
        and not quad.object.value.startswith((OWL, RDF))
    }
    declared = [Triple(thing, _TYPE, _INDIVIDUAL) for thing in things]
    file.write_bytes(serialize([*triples, *declared], format=RdfFormat.N_TRIPLES) or b"")
    return len(triples)


def _is_second_header(quad: Quad) -> bool:
    """Whether ``quad`` describes a part of the ontology: a document has one ontology header."""
    return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ONTOLOGY + "/")


def _unsatisfiable(java: Java, file: Path) -> list[str] | None:
    """Return the classes that can have no member, or ``None`` if all is inconsistent."""
    done = java.run(_HERMIT, "--ignoreUnsupportedDatatypes", "-U", file.as_uri())
    if done.returncode:
        if "InconsistentOntologyException" in done.stderr:
            return None
        raise BuildError(
            f"HermiT cannot judge the graph: {_first_line(done.stderr)}",
            where="consistency",
            remedy="Look for an axiom or a literal that HermiT does not know.",
        )
    return sorted(set(re.findall(r"^\t<([^>]+)>\s*$", done.stdout, re.MULTILINE)))


def _unsatisfiable_class(sources: Sources, iri: str) -> Finding:
    return Finding(
        sources.where(iri),
        f"No member of {shorten(iri)} is possible",
        "Two of its superclasses, domains or ranges exclude each other: correct one of them.",
    )


def _inconsistent(java: Java, file: Path, sources: Sources) -> Finding:
    """Return the finding, with the files without each of which there would be no contradiction."""
    everything = [*sources.ontology, *sources.reports]
    involved = []
    for left_out in sources.reports:
        _write(file, [source for source in everything if source is not left_out])
        if _unsatisfiable(java, file) is not None:
            involved.append(left_out.name)
    return Finding(
        ", ".join(involved) or "ontology and reports",
        "The statements contradict each other",
        "Look for a thing with two kinds that exclude each other, by its own types or by the "
        "domains and ranges of its properties.",
    )


def _violations(java: Java, file: Path) -> list[Finding]:
    program = files("kg.build.checks").joinpath("ProfileCheck.java")
    with as_file(program) as path:
        done = java.run(str(path), str(file))
    if done.returncode:
        raise BuildError(
            f"The profile checker failed: {_first_line(done.stderr)}",
            where="profile",
            remedy="Run it with another Java development kit (11 or later).",
        )
    remedy = "Change the axiom so that the ontology stays inside OWL 2 DL."
    return [
        Finding("profile", _shortened(line), remedy)
        for line in sorted(set(done.stdout.splitlines()))
    ]


def _shortened(violation: str) -> str:
    text = re.sub(r" in OntologyID\(.*", "", violation).replace(" [", ": ", 1).rstrip("]")
    return re.sub(r"<([^<>]+)>", lambda match: shorten(match.group(1)), text)


def _first_line(text: str) -> str:
    """Return the first line of what Java wrote, without the name of the exception."""
    line = text.strip().partition("\n")[0]
    return re.sub(r'^Exception in thread "main" [\w.$]+: ', "", line).rstrip(".") or "no message"
