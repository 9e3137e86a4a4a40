"""Passages lie within their text, and their slices are what they were when they were recorded."""

import hashlib
import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad

from kg.build.findings import CheckResult
from kg.build.findings import Finding
from kg.build.read import Sources
from kg.errors import BuildError
from kg.namespaces import POL

QUOTED_WORDS = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as recorded; offsets count Unicode code points, the end is exclusive."""

    where: str
    text: str
    start: int
    end: int
    sha256: str
    quote: str
    unit: str = ""


def check_passages(sources: Sources, texts: Sequence[Path] = ()) -> CheckResult:
    """Return findings for passages outside their text, and, where ``texts`` holds the source
    text, for slices whose hash or quote does not fit.

    A file belongs to the source text whose ``pol:sha256`` is the hash of the file's bytes.
    Raises :class:`~kg.errors.BuildError` for a file that cannot be read.
    """
    said, own = _properties(sources)
    lengths = {
        iri: values for iri, values in said.items() if "length" in values and "textOf" in values
    }
    passages = [
        _passage(sources.where(iri), values)
        for iri, values in sorted(said.items())
        if iri in own and _complete(values)
    ]
    contents, findings = _contents(
        texts, {values.get("sha256", ""): iri for iri, values in lengths.items()}
    )
    units = {
        iri: _passage(iri, said[iri])
        for iri in {p.unit for p in passages} & set(said)
        if _complete(said[iri])
    }
    compared = 0
    for passage in passages:
        known = lengths.get(passage.text)
        length = int(known["length"]) if known and known["length"].isdigit() else None
        findings += _offsets(passage, length) + _quote_length(passage)
        findings += _within(passage, units.get(passage.unit))
        if passage.text in contents and passage.end <= len(contents[passage.text]):
            compared += 1
            findings += _slice(passage, contents[passage.text])
    return passages_result(findings, len(passages), compared)


def passages_result(findings: Sequence[Finding], passages: int, compared: int) -> CheckResult:
    """Return the result for so many ``passages``, ``compared`` of them with their text."""
    skipped = ""
    if compared < passages:
        skipped = (
            f"{passages - compared} slices were not compared with their text "
            "(give it with --source-text)"
        )
    sums = {"passages": passages, "compared": compared}
    return CheckResult("passages", f"{passages} passages", findings, skipped, sums=sums)


def _properties(sources: Sources) -> tuple[dict[str, dict[str, str]], set[str]]:
    """Return for each subject of the reports and their context its ``pol:`` properties, by local
    name, and which of the subjects are those of the reports.
    """
    said: dict[str, dict[str, str]] = {}
    for source in sources.reports:
        _note(said, source.quads)
    own = set(said)
    _note(said, sources.context)
    return said, own


def _note(said: dict[str, dict[str, str]], quads: Iterable[Quad]) -> None:
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.predicate.value.startswith(POL):
            values = said.setdefault(quad.subject.value, {})
            if isinstance(quad.object, NamedNode | Literal):
                values[quad.predicate.value.removeprefix(POL)] = quad.object.value


def _complete(values: dict[str, str]) -> bool:
    """Whether all parts are there; what is missing is for the shapes to report."""
    numbers = all(re.fullmatch(r"-?\d+", values.get(name, "")) for name in ("start", "end"))
    return numbers and "inText" in values and "sha256" in values and "quote" in values


def _passage(where: str, values: dict[str, str]) -> Passage:
    return Passage(
        where,
        values["inText"],
        int(values["start"]),
        int(values["end"]),
        values["sha256"],
        values["quote"],
        values.get("unit", ""),
    )


def _contents(
    texts: Sequence[Path], pinned: dict[str, str]
) -> tuple[dict[str, str], list[Finding]]:
    contents: dict[str, str] = {}
    findings: list[Finding] = []
    for path in texts:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BuildError(
                f"The source text cannot be read: {error.strerror}",
                where=str(path),
                remedy="Give an existing file with --source-text.",
            ) from None
        digest = hashlib.sha256(data).hexdigest()
        if digest in pinned:
            try:
                contents[pinned[digest]] = data.decode("utf-8")
            except UnicodeDecodeError:
                findings.append(Finding(str(path), "The source text is not UTF-8", "Convert it."))
        else:
            findings.append(
                Finding(
                    str(path),
                    f"No source text of the reports has the hash of this file ({digest})",
                    "Give the very file that was read; another edition has other offsets.",
                )
            )
    return contents, findings


def _offsets(passage: Passage, length: int | None) -> list[Finding]:
    if 0 <= passage.start < passage.end and (length is None or passage.end <= length):
        return []
    size = f" of {length} code points" if length is not None else ""
    return [
        Finding(
            passage.where,
            f"The slice {passage.start} to {passage.end} is not within the text{size}",
            "Count Unicode code points from 0; the end is exclusive.",
        )
    ]


def _within(passage: Passage, unit: Passage | None) -> list[Finding]:
    if unit is None or (unit.start <= passage.start and passage.end <= unit.end):
        return []
    return [
        Finding(
            passage.where,
            f"The slice {passage.start} to {passage.end} is not within its unit, "
            f"{unit.start} to {unit.end}",
            "Correct the offsets, or name the unit in which the passage lies (pol:unit).",
        )
    ]


def _quote_length(passage: Passage) -> list[Finding]:
    if len(passage.quote) > max(passage.end - passage.start, 0):
        return [
            Finding(
                passage.where,
                "The quote is longer than the slice",
                "Quote words of the slice, or correct the offsets.",
            )
        ]
    if len(passage.quote.split()) <= QUOTED_WORDS:
        return []
    return [
        Finding(
            passage.where,
            f"The quote has more than {QUOTED_WORDS} words",
            "Quote a few words only: the text belongs to its publisher.",
        )
    ]


def _slice(passage: Passage, content: str) -> list[Finding]:
    piece = content[passage.start : passage.end]
    digest = hashlib.sha256(piece.encode()).hexdigest()
    findings = []
    if digest != passage.sha256:
        findings.append(
            Finding(
                passage.where,
                f"The slice {passage.start} to {passage.end} does not have the recorded hash",
                f"If the offsets are right, its pol:sha256 is {digest}.",
            )
        )
    if passage.quote not in piece:
        found = content.find(passage.quote)
        hint = f"These words stand at {found}." if found >= 0 else "The text does not hold them."
        findings.append(Finding(passage.where, "The quote is not in the slice", hint))
    return findings
