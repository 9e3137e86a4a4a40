"""Judging a graph part by part; what an earlier build found out about a part is not found again."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.build.checks.combining import combine
from kg.build.checks.consistency import check_consistency
from kg.build.checks.java import find_java
from kg.build.findings import CheckResult
from kg.build.parts import Part
from kg.build.parts import parts
from kg.build.read import Sources
from kg.build.records import Records
from kg.build.records import shared_hash
from kg.build.rules import Rule
from kg.build.spool import Spool
from kg.build.stage import Stage
from kg.build.taking import Taken
from kg.build.taking import take
from kg.build.turtle import SourceFile
from kg.namespaces import POL

# So many statements the reasoner is given at once: what it needs grows faster than they do.
REASONED: Final = 20_000
_HASH: Final = NamedNode(POL + "sha256")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The results of the checks of all parts, each as one; the names of the parts that were taken,
    and of those that were known from an earlier build.
    """

    results: Sequence[CheckResult]
    consistency: Sequence[CheckResult]
    taken: Sequence[str]
    kept: Sequence[str]


@dataclass
class Judge:
    """Takes the parts of ``sources``, of which ``stage`` holds the statements.

    ``texts`` are source texts that are at hand, ``required`` says whether the reasoner must run,
    ``of_ontology`` is what ``rules`` derive from the ontology by itself, and ``records``, if there
    are any, tell what is known.
    """

    sources: Sources
    stage: Stage
    rules: Sequence[Rule]
    of_ontology: Sequence[Triple]
    texts: Sequence[Path] = ()
    required: bool = False
    records: Records | None = None
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _waiting: list[tuple[str, Part, Taken]] = field(default_factory=list)
    _reasoned: list[list[CheckResult]] = field(default_factory=list)

    def take_all(self, spool: Spool) -> None:
        """Put what each part gives into ``spool``."""
        of_text = {path: _text_hash(path) for path in self.texts}
        claimed = {one for one in of_text.values() if one and self._is_claimed(one)}
        reasoner = f"{find_java()} {self.required}"
        shared = shared_hash(self.sources)
        size = 0
        for part in parts(self.sources, self.stage):
            hashes = _hashes(part)
            texts = {
                path: one
                for path, one in of_text.items()
                if (one in hashes if part.reports else one not in claimed)
            }
            key = self.records.key(part, shared, texts.values(), reasoner) if self.records else ""
            known = self.records.read(key) if self.records else None
            if known:
                self.kept.append(part.name)
                spool.add(known)
                continue
            self.taken.append(part.name)
            fresh = take(part, list(texts), self.rules, self.of_ontology)
            spool.add(fresh)
            self._waiting.append((key, part, fresh))
            size += sum(len(source.quads) for source in part.sources.reports)
            if size > REASONED:
                self._reason()
                size = 0

    def judgement(self, spool: Spool) -> Judgement:
        """Return what was found, after the reasoner has judged what it has not yet."""
        results = combine(spool.results, self.sources.shapes.name)
        if self._waiting:
            self._reason()
        consistency = self._reasoned[0] if len(self._reasoned) == 1 else _joined(self._reasoned)
        if not self._reasoned:
            nothing = replace(self.sources, reports=[])
            consistency = [] if find_java() else check_consistency(nothing, self.required)
        if self.kept and find_java():
            consistency = _with_kept(consistency, len(self.kept))
        return Judgement(results, consistency, self.taken, self.kept)

    def _reason(self) -> None:
        """Let the reasoner judge the parts that wait for it, and keep a record of those that are
        without a fault.
        """
        base = self.sources.base
        together = [part.sources for _, part, _ in self._waiting]
        reports = [source for one in together for source in one.reports]
        graphs = {source.graph for source in reports} | {f"{base}graph/{n}" for n in _NO_REPORTS}
        said = {
            quad
            for one in together
            for quad in one.context
            if str(quad.graph_name)[1:-1] not in graphs
        }
        if said:
            others = sorted(said, key=str)
            reports.append(SourceFile("what other reports say", "", "", others))
        results = check_consistency(replace(self.sources, reports=reports), self.required)
        self._reasoned.append(results)
        sound = not any(result.errors for result in results)
        for key, _, taken in self._waiting:
            if self.records and sound and not any(result.errors for result in taken.results):
                self.records.write(key, taken)
        self._waiting.clear()

    def _is_claimed(self, digest: str) -> bool:
        return next(self.stage.pointing(Literal(digest), _HASH), None) is not None


_NO_REPORTS: Final = ("ontology", "external", "links", "rules")


def _text_hash(path: Path) -> str:
    """Return the hash of a source text, or nothing if it cannot be read, which a check reports."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _hashes(part: Part) -> set[str]:
    return {
        quad.object.value
        for source in part.sources.reports
        for quad in source.quads
        if quad.predicate == _HASH and isinstance(quad.object, Literal)
    }


def _joined(reasoned: Sequence[Sequence[CheckResult]]) -> list[CheckResult]:
    """Return the results of the portions that the reasoner was given, as one for each check."""
    joined = []
    for same in zip(*reasoned, strict=True):
        findings = list(dict.fromkeys(finding for one in same for finding in one.findings))
        sums = sum((Counter(one.sums) for one in same), Counter[str]())
        looked_at = f"{sums['triples']} triples in {len(same)} portions" if sums else "-"
        joined.append(CheckResult(same[0].name, looked_at, findings, same[0].skipped, sums=sums))
    return joined


def _with_kept(results: Sequence[CheckResult], kept: int) -> list[CheckResult]:
    names = ("consistency", "profile")
    found = {result.name: result for result in results}
    return [
        replace(one, looked_at=f"{one.looked_at} anew, {kept} parts unchanged")
        for one in (found.get(name, CheckResult(name, "nothing")) for name in names)
    ]
