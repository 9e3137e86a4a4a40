"""Where the sources of a build lie: what ships with policykg, or folders in its place."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kg.errors import SourceSyntaxError


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
        file, and for two reports of one name, which would be one graph.
        """
        names = {folder.name: folder for folder in self.reports}
        for folder in extra:
            if not folder.is_dir() or not any(folder.rglob("*.ttl")):
                raise SourceSyntaxError(
                    "There is no report in this folder",
                    where=str(folder),
                    remedy="Name the report's own folder, the one that holds its .ttl files.",
                )
            if folder.resolve().name in names:
                raise SourceSyntaxError(
                    f"There is another report of the name {folder.resolve().name}",
                    where=str(folder),
                    remedy="Rename the folder: its name is the name of the report's graph.",
                )
            names[folder.resolve().name] = folder.resolve()
        return Layout(self.ontology, self.queries, self.links, tuple(names.values()))


def packaged_layout() -> Layout:
    """Return the folders that ship with policykg."""
    kg = _folder("kg")
    reports = tuple(folder for folder in sorted((kg / "reports").iterdir()) if folder.is_dir())
    return Layout(_folder("ontology"), _folder("queries"), kg / "links", reports)


def _folder(package: str) -> Path:
    # By way of a member, because a folder without __init__.py has no single path of its own.
    return Path(str(next(iter(files(package).iterdir())))).parent
