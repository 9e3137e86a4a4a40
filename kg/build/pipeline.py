"""The way from sources to a published version: read, check, derive, describe, publish."""

import hashlib
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store

from kg.build.checks.claims import count_claims
from kg.build.checks.competency import check_competency
from kg.build.checks.competency import read_questions
from kg.build.checks.consistency import check_consistency
from kg.build.checks.coverage import check_coverage
from kg.build.checks.derived import check_derived
from kg.build.checks.mutants import check_mutants
from kg.build.checks.mutants import read_rows
from kg.build.checks.passages import check_passages
from kg.build.checks.shapes import check_shapes
from kg.build.checks.terms import check_terms
from kg.build.checks.values import check_values
from kg.build.checks.vocabulary import check_vocabulary
from kg.build.derive import derive
from kg.build.describe import describe
from kg.build.dumps import SCHEMA
from kg.build.dumps import dump_files
from kg.build.dumps import in_order
from kg.build.dumps import write_dumps
from kg.build.findings import CheckReport
from kg.build.findings import CheckResult
from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.link_quality import quality_quads
from kg.build.links import link_quads
from kg.build.links import read_links
from kg.build.progress import Progress
from kg.build.progress import silent
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.build.rule_nodes import rule_quads
from kg.build.rules import Rule
from kg.build.rules import read_rules
from kg.build.schema_svg import sources_svg
from kg.build.stamp import is_current
from kg.build.stamp import mark_current
from kg.build.stamp import source_stamp
from kg.catalogue import read_catalogue
from kg.engine.committing import VersionWriter
from kg.engine.interface import Version
from kg.engine.versions import VersionStore
from kg.errors import CheckFailed
from kg.settings import Settings

STEPS = 11  # the number of steps that a build tells of
WAIT_SECONDS = 30  # for users who write to the same folder


@dataclass(frozen=True, slots=True)
class Options:
    """What a build or a check may be told: texts to compare passages with, whether the reasoner
    must run, whether to try shapes and questions too, other folders than the packaged ones, and
    who wants to know how far it is.
    """

    source_texts: Sequence[Path] = ()
    require_reasoner: bool = False
    trials: bool = False
    layout: Layout | None = None
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Dataset:
    """A built graph: its store, how many of its quads were derived, how many of these by rules of
    the closure, and its digest (SHA-256).
    """

    store: Store
    derived: int
    closure: int
    digest: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The sources, what the checks found, and the dataset that the sources make.

    Where a check fails that looks at the sources, no dataset is made of them.
    """

    sources: Sources
    report: CheckReport
    dataset: Dataset | None


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """The version in service after a build, whether it is new, and what the build went through."""

    version: Version
    new: bool
    report: CheckReport
    dataset: Dataset


def check(settings: Settings, options: Options | None = None) -> Checked:
    """Return what the checks find in the sources and in what is derived from them.

    Raises :class:`~kg.errors.SourceSyntaxError` for sources that cannot be read, which therefore
    cannot be checked either.
    """
    options = options or Options()
    options.progress("reading the sources")
    sources = read_sources(settings, options.layout)
    rules = read_rules(sources.rules)
    read_catalogue(sources.queries)
    sources.rule_quads.extend(rule_quads(rules, sources.base))
    mappings, links = read_links(sources)
    sources.link_quads.extend(link_quads(mappings, sources.base))
    sources.link_quads.extend(quality_quads(sources, mappings))
    files = len(sources.ontology) + len(sources.reports) + len(sources.rules)
    files += len(sources.links) + len(sources.queries) + 1
    results = [CheckResult("syntax", f"{files} files"), links]
    steps: list[tuple[str, Callable[[], CheckResult]]] = [
        ("terms", lambda: check_terms(sources)),
        ("values", lambda: check_values(sources)),
        ("vocabulary", lambda: check_vocabulary(sources)),
        ("passages", lambda: check_passages(sources, options.source_texts)),
        ("coverage", lambda: check_coverage(sources, options.source_texts)),
        ("shapes", lambda: check_shapes(sources)),
    ]
    for name, step in steps:
        options.progress(f"checking {name}")
        results.append(step())
    layout = (options.layout or packaged_layout()).with_reports(settings.reports)
    if options.trials:
        results.append(check_mutants(sources, read_rows(layout)))
    results += count_claims(sources)
    options.progress("checking consistency")
    results += check_consistency(sources, options.require_reasoner)
    if not CheckReport(results).passed:
        return Checked(sources, CheckReport(results), None)
    dataset = assemble(sources, rules, options.progress)
    results.append(check_derived(sources, dataset.store, dataset.derived, dataset.closure))
    if options.trials:
        results.append(_competency(layout, dataset.store))
    return Checked(sources, CheckReport(results), dataset)


def assemble(sources: Sources, rules: Sequence[Rule], progress: Progress = silent) -> Dataset:
    """Return the dataset that ``sources`` make, with what is derived and its description."""
    store = Store()
    quads = list(sources.quads())
    progress("deriving")
    # What needs an outside fact goes to a graph of its own, so that a query can leave it out.
    store.extend(quad for quad in quads if not _is_outside(quad))
    inside = derive(store, rules, sources.graph("derived"))
    store.extend(quads)
    outside = derive(store, rules, sources.graph("derived/outside"))
    names = [rule.name for rule in rules if rule.kind == "closure"]
    closure = sum(one.by_rule[name] for one in (inside, outside) for name in names)
    # What others publish stands beside the graph: nothing is derived from it.
    store.extend(sources.dataset_quads)
    progress("describing")
    description = sources.graph("description")
    graphs = [graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    dumps = dump_files([*graphs, description], sources.base)
    # Asked back from the store, because it normalises numbers and dates.
    said = describe(in_order(store), _digest(store), sources.base, description, dumps)
    store.extend(said)
    return Dataset(store, inside.total + outside.total, closure, _digest(store))


def build(settings: Settings, options: Options | None = None) -> BuildOutcome:
    """Build the graph and put it into service.

    If nothing changed since the version in service, that version stays. Raises
    :class:`~kg.errors.CheckFailed` with all findings if a check fails, and whatever
    :func:`check` and :meth:`~kg.engine.versions.VersionStore.publish` raise; the version in
    service is then the one before.
    """
    options = options or Options()
    stamp = source_stamp(settings, options.layout)
    checked = check(settings, options)
    if not checked.report.passed or checked.dataset is None:
        raise CheckFailed(f"{checked.report.findings()}\n\n{checked.report.table()}")
    options.progress("publishing")
    dataset, base = checked.dataset, checked.sources.base
    quads = in_order(dataset.store)
    files = dump_files({str(quad.graph_name)[1:-1] for quad in quads}, base)
    before = VersionStore(settings.data).last()
    picture = sources_svg(checked.sources)

    def write_files(folder: Path) -> None:
        write_dumps(folder, quads, files, base)
        (folder / SCHEMA).write_text(picture, encoding="utf-8")

    version = VersionWriter(settings.data, WAIT_SECONDS).publish(quads, dataset.digest, write_files)
    mark_current(settings.data, stamp)
    new = before is None or before.version != version
    return BuildOutcome(version, new, checked.report, dataset)


def _competency(layout: Layout, store: Store) -> CheckResult:
    if layout.questions is None:
        return CheckResult(
            "competency", "0 questions", skipped="not run: there are none on these reports here"
        )
    return check_competency(read_questions(layout.questions), store)


def ensure_built(settings: Settings, progress: Progress = silent) -> Version:
    """Return the version in service, after a build if there is none or the sources changed."""
    if is_current(settings):
        return VersionStore(settings.data).current()
    return build(settings, Options(progress=progress)).version


def _is_outside(quad: Quad) -> bool:
    """Whether ``quad`` stands in the subfolder of a report that holds facts from elsewhere."""
    return str(quad.graph_name).endswith("/outside>")


def _digest(store: Store) -> str:
    """Return the SHA-256 of the sorted N-Quads of ``store``."""
    lines = (store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()
