"""The way from sources to a published version: read, check, derive, describe, publish."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Store

from kg.build.assembling import Dataset
from kg.build.assembling import assemble
from kg.build.assembling import ontology_closure
from kg.build.checks.competency import check_competency
from kg.build.checks.competency import read_questions
from kg.build.checks.derived import check_derived
from kg.build.checks.mutants import FILE as MUTANTS
from kg.build.checks.mutants import check_mutants
from kg.build.checks.mutants import read_rows
from kg.build.checks.vocabulary import check_vocabulary
from kg.build.dumps import SCHEMA
from kg.build.dumps import dump_files
from kg.build.dumps import dumped
from kg.build.dumps import write_dumps
from kg.build.findings import CheckReport
from kg.build.findings import CheckResult
from kg.build.judging import Judge
from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.link_quality import quality_quads
from kg.build.links import link_quads
from kg.build.links import read_links
from kg.build.progress import Progress
from kg.build.progress import silent
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.build.records import Records
from kg.build.rule_nodes import rule_quads
from kg.build.rules import read_rules
from kg.build.schema_svg import sources_svg
from kg.build.spool import Spool
from kg.build.stage import Stage
from kg.build.stamp import is_current
from kg.build.stamp import mark_current
from kg.build.stamp import source_stamp
from kg.build.turtle import SourceFile
from kg.catalogue import read_catalogue
from kg.engine.committing import VersionWriter
from kg.engine.interface import Version
from kg.engine.statement_file import StatementFile
from kg.engine.versions import VersionStore
from kg.errors import CheckFailed
from kg.settings import Settings

STEPS = 6  # the number of steps that a build tells of
WAIT_SECONDS = 30  # for users who write to the same folder
_FACTS = 3  # the checks after that of the vocabulary which are not for information only
_NAMES = 12  # of parts that are told
RECORDS = "parts"  # the folder of what is known of reports, in the data folder


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
class Checked:
    """The sources, what the checks found, and the dataset that the sources make; the names of the
    parts that were taken, and of those that were known from an earlier build.

    Where a check fails that looks at the sources, no dataset is made of them.
    """

    sources: Sources
    report: CheckReport
    dataset: Dataset | None
    taken: Sequence[str] = ()
    kept: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """The version in service after a build, whether it is new, and what the build went through."""

    version: Version
    new: bool
    report: CheckReport
    dataset: Dataset
    taken: Sequence[str] = ()
    kept: Sequence[str] = ()

    def parts(self) -> str:
        """Return which reports were checked, and which were kept from an earlier build."""
        return f"Checked: {_named(self.taken)}. Unchanged and kept: {_named(self.kept)}."


def _named(parts: Sequence[str]) -> str:
    if not parts:
        return "nothing"
    more = len(parts) - _NAMES
    return ", ".join(parts[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def check(
    settings: Settings, options: Options | None = None, records: Records | None = None
) -> Checked:
    """Return what the checks find in the sources and in what is derived from them.

    Parts that ``records`` know are not checked again. Raises
    :class:`~kg.errors.SourceSyntaxError` for sources that cannot be read, which therefore cannot be
    checked either.
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
    layout = (options.layout or packaged_layout()).with_reports(settings.reports)
    with closing(Spool()) as spool:
        stage = Stage(sources)
        options.progress("checking the reports")
        closure = ontology_closure(sources, rules)
        texts, required = options.source_texts, options.require_reasoner
        judge = Judge(sources, stage, rules, closure, texts, required, records)
        judge.take_all(spool)
        options.progress("checking consistency")
        judged = judge.judgement(spool)
        terms, values, *others = judged.results
        results += [terms, values, check_vocabulary(sources), *others[:_FACTS]]
        if options.trials:
            results.append(check_mutants(_tried(sources, layout), read_rows(layout)))
        results += [*others[_FACTS:], *judged.consistency]
        if not CheckReport(results).passed:
            return Checked(sources, CheckReport(results), None, judged.taken, judged.kept)
        dataset = assemble(sources, stage, spool, rules, options.progress)
    results.append(check_derived(sources, dataset.store, dataset.derived, dataset.closure))
    if options.trials:
        results.append(_competency(layout, dataset.store))
    return Checked(sources, CheckReport(results), dataset, judged.taken, judged.kept)


def build(settings: Settings, options: Options | None = None) -> BuildOutcome:
    """Build the graph and put it into service.

    If nothing changed since the version in service, that version stays; reports of which nothing
    changed since an earlier build into the same folder are not checked again. Raises
    :class:`~kg.errors.CheckFailed` with all findings if a check fails, and whatever
    :func:`check` and :meth:`~kg.engine.versions.VersionStore.publish` raise; the version in
    service is then the one before.
    """
    options = options or Options()
    VersionStore(settings.data).check_format()  # before anything is written into the folder
    stamp = source_stamp(settings, options.layout)
    records = Records(settings.data / RECORDS)
    checked = check(settings, options, records)
    if not checked.report.passed or checked.dataset is None:
        raise CheckFailed(f"{checked.report.findings()}\n\n{checked.report.table()}")
    options.progress("publishing")
    before = VersionStore(settings.data).last()
    version = _published(settings, checked.sources, checked.dataset)
    records.sweep()
    mark_current(settings.data, stamp)
    new = before is None or before.version != version
    outcome = checked.report, checked.dataset, checked.taken, checked.kept
    return BuildOutcome(version, new, *outcome)


def _published(settings: Settings, sources: Sources, dataset: Dataset) -> Version:
    """Return the version that holds ``dataset``: the one in service, or a new one."""
    last = VersionStore(settings.data).last()
    if last and last.build == dataset.digest:
        return last.version
    base, picture = sources.base, sources_svg(sources)
    files = dump_files(dataset.graphs, base)
    with dumped(dataset.store) as path:

        def write_files(folder: Path) -> None:
            write_dumps(folder, path, files, base)
            (folder / SCHEMA).write_text(picture, encoding="utf-8")

        statements = StatementFile(path, dataset.store)
        writer = VersionWriter(settings.data, WAIT_SECONDS)
        return writer.publish(statements, dataset.digest, write_files)


def _tried(sources: Sources, layout: Layout) -> Sources:
    """Return the sources of which mutants are made: of many reports, those that bring some."""
    if all(isinstance(source, SourceFile) for source in sources.reports):
        return sources
    names = tuple(f"{folder.name}/" for folder in layout.reports if (folder / MUTANTS).is_file())
    reports = [source for source in sources.reports if source.name.startswith(names)]
    return replace(sources, reports=reports)


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
