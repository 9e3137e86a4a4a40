"""Reading tables of mappings (SSSOM): each row with its place, or what is wrong with it.

A row says that a thing is related to a target, that it is not (``predicate_modifier`` Not), or that
no trustworthy target was found in a source (``object_id`` sssom:NoTermFound).
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from kg.build.findings import Finding
from kg.linking.identifiers import fault
from kg.namespaces import BASE
from kg.namespaces import PREFIXES
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from kg.namespaces import SSSOM
from kg.namespaces import shorten

ALLOWED: Final = (
    SCHEMA + "sameAs",
    *(SKOS + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")),
)
NOT_FOUND: Final = SSSOM + "NoTermFound"
SEMAPV: Final = PREFIXES["semapv"]
# Terms of SEMAPV that say how a mapping came about.
JUSTIFICATIONS: Final = tuple(
    SEMAPV + name
    for name in (
        *("ManualMappingCuration", "MappingReview", "LexicalMatching", "LogicalReasoning"),
        *("CompositeMatching", "BackgroundKnowledgeBasedMatching", "UnspecifiedMatching"),
        *("InstanceBasedMatching", "MappingChaining", "MappingInversion"),
    )
)
TEXTS: Final = ("comment", "author_label", "reviewer_label", "predicate_modifier", "object_label")
COLUMNS: Final = (
    *("subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id"),
    *("object_label", "object_source", "mapping_justification", "author_label", "reviewer_label"),
    *("mapping_date", "confidence", "comment"),
)
REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification", "confidence")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A row of an SSSOM table with its place; ``negated`` says that the relation does not hold,
    ``sought`` that no target was found.
    """

    where: str
    subject: str
    predicate: str
    object: str
    negated: bool
    values: dict[str, str]

    @property
    def sought(self) -> bool:
        """Whether the row says that no target was found in its ``object_source``."""
        return self.object == NOT_FOUND

    @property
    def holds(self) -> bool:
        """Whether the row states a link."""
        return not (self.negated or self.sought)


def read_table(
    text: str, name: str, described: set[str] | None, base: str = BASE
) -> tuple[list[Mapping], list[Finding]]:
    """Return the mappings of a table, and the findings for rows that cannot be used.

    ``name`` is that of the file; a subject must be one of ``described``, unless that is ``None``.
    """
    prefixes = {prefix: iri.replace(BASE, base) for prefix, iri in PREFIXES.items()}
    lines = text.removeprefix("\ufeff").splitlines()
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    for line in header:
        prefix, colon, iri = line.lstrip("#").strip().partition(": ")
        if colon and line.startswith("#  ") and iri.startswith("http"):
            prefixes[prefix] = iri.strip()
    body = "\n".join(lines[len(header) :])
    mappings: list[Mapping] = []
    findings: list[Finding] = []
    # A lone quotation mark in a comment would otherwise swallow the rows below it.
    rows = csv.DictReader(io.StringIO(body), delimiter="\t", quoting=csv.QUOTE_NONE)
    wrong = _header_faults(rows.fieldnames or (), f"{name}:{len(header) + 1}")
    if wrong:
        return [], wrong
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        number = len(header) + rows.line_num
        where = f"{name}:{number}"
        if None in row or None in row.values():
            cells = sum(value is not None for value in row.values()) - (None in row)
            cells += len(row.get(None) or ())
            message = f"The row has {cells} cells instead of {len(rows.fieldnames or ())}"
            findings.append(Finding(where, message, "Give it a cell for each column."))
            continue
        values = {key: value.strip() for key, value in row.items()}
        faults = _faults(values, prefixes, described, where)
        if faults:
            findings += faults
            continue
        mapping = _mapping(values, prefixes, where)
        first = seen.setdefault(row_key(mapping), number)
        if first != number:
            findings.append(Finding(where, f"The row repeats row {first}", "Keep one of them."))
        mappings.append(mapping)
    return mappings, findings


def _header_faults(names: Sequence[str], where: str) -> list[Finding]:
    for place, name in enumerate(names, 1):
        if name in names[: place - 1]:
            return [Finding(where, f"Column {place}, {name!r}, stands twice", "Keep one.")]
        if name not in COLUMNS:
            known = f"Known: {', '.join(COLUMNS)}."
            return [Finding(where, f"Column {place}, {name!r}, is unknown", known)]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        return [Finding(where, f"There is no column {', '.join(missing)}", "Add it.")]
    return []


def row_key(mapping: Mapping) -> tuple[str, ...]:
    """Return what makes a row one of its kind; what was not found differs by where."""
    where = (mapping.values.get("object_source", ""),) if mapping.sought else ()
    return (mapping.subject, mapping.predicate, mapping.object, *where)


def _mapping(values: dict[str, str], prefixes: dict[str, str], where: str) -> Mapping:
    subject, predicate, target, justification = (
        _expand(values[column], prefixes) or ""
        for column in ("subject_id", "predicate_id", "object_id", "mapping_justification")
    )
    negated = values.get("predicate_modifier", "") == "Not"
    values = {**values, "mapping_justification": justification}
    if values.get("object_source"):
        values["object_source"] = _expand(values["object_source"], prefixes) or ""
    return Mapping(where, subject, predicate, target, negated, values)


def _faults(
    values: dict[str, str], prefixes: dict[str, str], described: set[str] | None, where: str
) -> list[Finding]:
    missing = [name for name in REQUIRED if not values.get(name)]
    if missing:
        return [Finding(where, f"The row has no {', '.join(missing)}", "Fill the column.")]
    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        if _expand(values[column], prefixes) is None:
            known = "Declare the prefix in #curie_map, or write a whole http(s) IRI."
            return [Finding(where, f"{column} {values[column]!r} is not an IRI", known)]
    subject = _expand(values["subject_id"], prefixes) or ""
    predicate = _expand(values["predicate_id"], prefixes) or ""
    if predicate not in ALLOWED:
        allowed = ", ".join(shorten(iri) for iri in ALLOWED)
        return [
            Finding(where, f"predicate_id {shorten(predicate)} may not link", f"Use {allowed}.")
        ]
    if described is not None and subject not in described:
        return [Finding(where, f"subject_id {shorten(subject)} is not in the graph", "Correct it.")]
    justification = _expand(values["mapping_justification"], prefixes) or ""
    if justification not in JUSTIFICATIONS:
        return [
            Finding(
                where,
                f"mapping_justification {shorten(justification)} is unknown",
                f"Use {', '.join(shorten(iri) for iri in JUSTIFICATIONS)}.",
            )
        ]
    wrong = _target_fault(values, prefixes)
    if wrong:
        return [Finding(where, *wrong)]
    if values.get("predicate_modifier", "") not in ("", "Not"):
        modifier = values["predicate_modifier"]
        return [
            Finding(where, f"predicate_modifier {modifier!r} is unknown", "Write Not, or nothing.")
        ]
    if not _is_share(values["confidence"]):
        given = values["confidence"]
        return [Finding(where, f"confidence {given!r} is not from 0 to 1", "Write such as 0.95.")]
    if values.get("mapping_date") and not _is_date(values["mapping_date"]):
        given = values["mapping_date"]
        return [
            Finding(where, f"mapping_date {given!r} is not a date", "Write such as 2026-01-31.")
        ]
    return []


def _target_fault(values: dict[str, str], prefixes: dict[str, str]) -> tuple[str, str] | None:
    target = _expand(values["object_id"], prefixes) or ""
    source = values.get("object_source", "")
    if source and _expand(source, prefixes) is None:
        return f"object_source {source!r} is not an IRI", "Write a whole http(s) IRI."
    if target == NOT_FOUND and (not source or values.get("predicate_modifier")):
        return (
            "object_id sssom:NoTermFound needs an object_source and no modifier",
            "Say in object_source where the target was looked for.",
        )
    wrong = fault(target)
    if wrong:
        return f"object_id {wrong}", "Correct it."
    for column, text in values.items():
        if text.startswith(("=", "+", "@")):
            return (
                f"{column} {text[:20]!r} would run as a formula in a spreadsheet",
                "Begin the cell with a letter.",
            )
    return None


def _is_share(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None and float(text) <= 1


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _expand(name: str, prefixes: dict[str, str]) -> str | None:
    if name.startswith(("http://", "https://")) and not set(name) & set(' <>"{}|^`\\'):
        return name
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None
