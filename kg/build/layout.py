"""Where the sources of a build lie: what ships with policykg, or folders in its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from kg.errors import SourceSyntaxError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
# The graphs that a build makes besides those of the reports.
_TAKEN = ("dataset", "derived", "description", "external", "links", "ontology", "rules")


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a build; each of ``reports`` holds the files of one report.

    ``questions`` holds the competency questions about these reports, where they are at hand: they
    do not ship with policykg. ``datasets`` holds the datasets of others that come beside the graph.
    """

    ontology: Path
    queries: Path
    links: Path
    reports: tuple[Path, ...]
    questions: Path | None = None
    datasets: Path | None = None

    def with_reports(self, extra: tuple[Path, ...]) -> "Layout":
        """Return the layout with ``extra`` reports.

        Raises :class:`~kg.errors.SourceSyntaxError` for a folder that is missing or has no Turtle
        file or one that would not be read, for a name that cannot be that of a graph, and for two
        reports whose graphs or dumps would be one.
        """
        names = {folder.name: folder for folder in self.reports}
        for folder in extra:
            if not folder.is_dir() or not any(folder.rglob("*.ttl")):
                raise SourceSyntaxError(
                    "There is no report in this folder",
                    where=str(folder),
                    remedy="Name the report's own folder, the one that holds its .ttl files.",
                )
            _check_names(folder.resolve())
            if folder.resolve().name in names:
                raise SourceSyntaxError(
                    f"There is another report of the name {folder.resolve().name}",
                    where=str(folder),
                    remedy="Rename the folder: its name is the name of the report's graph.",
                )
            _check_dumps(folder.resolve(), names.values())
            names[folder.resolve().name] = folder.resolve()
        # With more reports the answers to questions about these are others.
        questions = None if extra else self.questions
        return replace(self, reports=tuple(names.values()), questions=questions)


def _check_names(report: Path) -> None:
    """Refuse a folder whose name is no end of an IRI, or that of a graph which the build makes,
    and a file where none is read.
    """
    for folder in (report, *sorted(path.parent for path in report.glob("*/*.ttl"))):
        if not _NAME.fullmatch(folder.name) or (folder is report and folder.name in _TAKEN):
            raise SourceSyntaxError(
                f"No graph of a report can have the name {folder.name}",
                where=str(folder),
                remedy="Rename the folder: use small letters, digits and hyphens, and none of "
                f"{', '.join(_TAKEN)}.",
            )

    for file in sorted(report.rglob("*.ttl")):
        if len(file.relative_to(report).parts) > 2:
            raise SourceSyntaxError(
                "The file lies too deep to be read",
                where=str(file),
                remedy="Move it into the report's own folder, or into a folder right below it.",
            )


def _check_dumps(report: Path, others: Iterable[Path]) -> None:
    """Refuse a report of which a graph would have the same dump file as another graph."""
    taken = {"derived-outside"}.union(*map(_dump_names, others))
    for name in sorted(_dump_names(report) & taken):
        raise SourceSyntaxError(
            f"Two graphs would have the one dump {name}.ttl.gz",
            where=str(report),
            remedy="Rename the folder, or the folder below it: a hyphen joins the two names.",
        )


def _dump_names(report: Path) -> set[str]:
    parts = {path.parent.name for path in report.glob("*/*.ttl")}
    return {report.name, *(f"{report.name}-{part}" for part in parts)}


def packaged_layout() -> Layout:
    """Return the folders that ship with policykg, and in a checkout the competency questions."""
    kg = _folder("kg")
    reports = tuple(folder for folder in sorted((kg / "reports").iterdir()) if folder.is_dir())
    questions = kg.parent / "tests" / "competency"
    return Layout(
        _folder("ontology"),
        _folder("queries"),
        kg / "links",
        reports,
        questions if (questions / "questions").is_dir() else None,
        kg / "datasets",
    )


def _folder(package: str) -> Path:
    # By way of a member, because a folder without __init__.py has no single path of its own.
    return Path(str(next(iter(files(package).iterdir())))).parent
