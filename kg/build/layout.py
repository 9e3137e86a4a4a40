"""Where the sources of a build lie: what ships with policykg, or folders in its place."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kg.errors import SourceSyntaxError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
# The graphs that a build makes besides those of the reports.
_TAKEN = ("dataset", "derived", "description", "external", "links", "ontology", "rules")


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a build; each of ``reports`` holds the files of one report."""

    ontology: Path
    queries: Path
    links: Path
    reports: tuple[Path, ...]

    def with_reports(self, extra: tuple[Path, ...]) -> "Layout":
        """Return the layout with ``extra`` reports.

        Raises :class:`~kg.errors.SourceSyntaxError` for a folder that is missing or has no Turtle
        file, for a name that cannot be that of a graph, and for two reports of one name, which
        would be one graph.
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
            names[folder.resolve().name] = folder.resolve()
        return Layout(self.ontology, self.queries, self.links, tuple(names.values()))


def _check_names(report: Path) -> None:
    """Refuse a folder whose name is no end of an IRI, or that of a graph which the build makes."""
    for folder in (report, *sorted(path.parent for path in report.glob("*/*.ttl"))):
        if not _NAME.fullmatch(folder.name) or (folder is report and folder.name in _TAKEN):
            raise SourceSyntaxError(
                f"No graph of a report can have the name {folder.name}",
                where=str(folder),
                remedy="Rename the folder: use small letters, digits and hyphens, and none of "
                f"{', '.join(_TAKEN)}.",
            )


def packaged_layout() -> Layout:
    """Return the folders that ship with policykg."""
    kg = _folder("kg")
    reports = tuple(folder for folder in sorted((kg / "reports").iterdir()) if folder.is_dir())
    return Layout(_folder("ontology"), _folder("queries"), kg / "links", reports)


def _folder(package: str) -> Path:
    # By way of a member, because a folder without __init__.py has no single path of its own.
    return Path(str(next(iter(files(package).iterdir())))).parent
