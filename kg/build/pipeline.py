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

from kg.build.checks.consistency import check_consistency
from kg.build.checks.passages import check_passages
from kg.build.checks.shapes import check_shapes
from kg.build.checks.terms import check_terms
from kg.build.checks.vocabulary import check_vocabulary
from kg.build.derive import Derivation
from kg.build.derive import derive
from kg.build.describe import describe
from kg.build.dumps import dump_files
from kg.build.dumps import in_order
from kg.build.dumps import write_dumps
from kg.build.findings import CheckReport
from kg.build.findings import CheckResult
from kg.build.layout import Layout
from kg.build.links import link_quads
from kg.build.links import read_links
from kg.build.progress import Progress
from kg.build.progress import silent
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.build.rules import read_rules
from kg.build.stamp import is_current
from kg.build.stamp import mark_current
from kg.build.stamp import source_stamp
from kg.catalogue import read_catalogue
from kg.engine.interface import Version
from kg.engine.versions import VersionStore
from kg.errors import CheckFailed
from kg.settings import Settings

STEPS = 11  # the number of steps that a build tells of


@dataclass(frozen=True, slots=True)
class Options:
    """What a build or a check may be told: texts to compare passages with, whether the reasoner
    must run, other folders than the packaged ones, and who wants to know how far it is.
    """

    source_texts: Sequence[Path] = ()
    require_reasoner: bool = False
    layout: Layout | None = None
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Dataset:
    """A built graph: its quads in order, digest (SHA-256), and what was derived."""

    quads: list[Quad]
    digest: str
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """The version in service after a build, whether it is new, and what the build went through."""

    version: Version
    new: bool
    report: CheckReport
    dataset: Dataset


def check(settings: Settings, options: Options | None = None) -> tuple[Sources, CheckReport]:
    """Return the sources and what the checks found in them.

    Raises :class:`~kg.errors.SourceSyntaxError` for sources that cannot be read, which therefore
    cannot be checked either.
    """
    options = options or Options()
    options.progress("reading the sources")
    sources = read_sources(settings, options.layout)
    read_rules(sources.rules)
    read_catalogue(sources.queries)
    mappings, links = read_links(sources)
    sources.link_quads.extend(link_quads(mappings, sources.base))
    files = len(sources.ontology) + len(sources.reports) + len(sources.rules)
    files += len(sources.links) + len(sources.queries) + 1
    results = [CheckResult("syntax", f"{files} files"), links]
    steps: list[tuple[str, Callable[[], CheckResult]]] = [
        ("terms", lambda: check_terms(sources)),
        ("vocabulary", lambda: check_vocabulary(sources)),
        ("passages", lambda: check_passages(sources, options.source_texts)),
        ("shapes", lambda: check_shapes(sources)),
    ]
    for name, step in steps:
        options.progress(f"checking {name}")
        results.append(step())
    options.progress("checking consistency")
    results += check_consistency(sources, options.require_reasoner)
    return sources, CheckReport(results)


def assemble(sources: Sources, progress: Progress = silent) -> Dataset:
    """Return the dataset that ``sources`` make, with what is derived and its description."""
    store = Store()
    store.extend(sources.quads())
    progress("deriving")
    derivation = derive(store, read_rules(sources.rules), sources.graph("derived"))
    progress("describing")
    description = sources.graph("description")
    graphs = [graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    dumps = dump_files([*graphs, description], sources.base)
    # Asked back from the store, because it normalises numbers and dates.
    said = describe(in_order(store), _digest(store), sources.base, description, dumps)
    store.extend(said)
    return Dataset(in_order(store), _digest(store), derivation)


def build(settings: Settings, options: Options | None = None) -> BuildOutcome:
    """Build the graph and put it into service.

    If nothing changed since the version in service, that version stays. Raises
    :class:`~kg.errors.CheckFailed` with all findings if a check fails, and whatever
    :func:`check` and :meth:`~kg.engine.versions.VersionStore.publish` raise; the version in
    service is then the one before.
    """
    options = options or Options()
    stamp = source_stamp(settings, options.layout)
    sources, report = check(settings, options)
    if not report.passed:
        raise CheckFailed(f"{report.findings()}\n\n{report.table()}")
    dataset = assemble(sources, options.progress)
    graphs = {str(quad.graph_name)[1:-1] for quad in dataset.quads}
    files = dump_files(graphs, sources.base)
    versions = VersionStore(settings.data)
    options.progress("publishing")
    before = versions.last()
    version = versions.publish(
        dataset.quads,
        dataset.digest,
        # Nothing but builds writes to the store, so a build owns all graphs.
        lambda graph: True,
        lambda folder: write_dumps(folder, dataset.quads, files, sources.base),
    )
    mark_current(settings.data, stamp)
    return BuildOutcome(version, before != version, report, dataset)


def ensure_built(settings: Settings, progress: Progress = silent) -> Version:
    """Return the version in service, after a build if there is none or the sources changed."""
    if is_current(settings):
        return VersionStore(settings.data).current()
    return build(settings, Options(progress=progress)).version


def _digest(store: Store) -> str:
    """Return the SHA-256 of the sorted N-Quads of ``store``."""
    lines = (store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()
