"""What is known of a dataset before it is read: its publisher, licence, checksum and format."""

import re
import tomllib
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from typing import Final

from kg.errors import BadParameter
from kg.errors import SourceSyntaxError

FORMATS: Final = ("rdf", "csvw", "popolo")
FILE: Final = "dataset.toml"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_KEYS: Final = {
    **dict.fromkeys(("title", "publisher", "source", "licence", "licence_name"), str),
    **dict.fromkeys(("attribution", "format", "mapping", "file", "sha256", "trimmed"), str),
    "shipped": str,
    "redistribution": bool,
    "extract": bool,
    "date": date,
}
_NEEDED: Final = ("title", "publisher", "source", "licence", "licence_name", "format", "date")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A dataset: ``licence`` is the address of its terms, ``redistribution`` whether they allow to
    pass it on, ``date`` the day on which its file was fetched.

    ``mapping`` is the CSVW file that maps its table; ``file`` and ``sha256`` name the publisher's
    file; ``shipped`` is the file that comes with policykg, an ``extract`` of it or the whole.
    """

    name: str
    title: str
    publisher: str
    source: str
    licence: str
    licence_name: str
    format: str
    date: date
    redistribution: bool
    attribution: str = ""
    mapping: Path | None = None
    file: str = ""
    sha256: str = ""
    shipped: Path | None = None
    extract: bool = False
    trimmed: str = ""

    @property
    def graph_name(self) -> str:
        """The name of the graph of what is shipped."""
        return f"dataset/{self.name}-extract" if self.extract else f"dataset/{self.name}"

    def whole(self) -> "Manifest":
        """Return the manifest of the publisher's file instead of the shipped extract of it."""
        return replace(self, shipped=None, extract=False, trimmed="")


def check_name(name: str) -> str:
    """Return ``name`` if it can be that of a dataset.

    Raises :class:`~kg.errors.BadParameter` otherwise.
    """
    if not _NAME.fullmatch(name):
        raise BadParameter(
            f"{name[:80]!r} is no name of a dataset",
            where="name",
            remedy="Use small letters, digits and hyphens, at most 64.",
        )
    return name


def read_manifests(folder: Path) -> dict[str, Manifest]:
    """Return the datasets described in the subfolders of ``folder``, by name.

    Raises :class:`~kg.errors.SourceSyntaxError` for a description that cannot be read.
    """
    files = sorted(folder.glob(f"*/{FILE}"))
    return {path.parent.name: _read(path) for path in files}


def _read(path: Path) -> Manifest:
    where = f"kg/datasets/{path.parent.name}/{FILE}"
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceSyntaxError(
            f"The description of the dataset cannot be read: {error}",
            where=where,
            remedy="Correct the file.",
        ) from None
    _check(values, where)
    for key in ("mapping", "shipped"):
        if key in values:
            values[key] = path.parent / values[key]
    return Manifest(name=check_name(path.parent.name), **values)


def _check(values: dict[str, Any], where: str) -> None:
    for key, value in values.items():
        if key not in _KEYS or type(value) is not _KEYS[key]:
            raise SourceSyntaxError(
                f"The key {key} is unknown, or its value is of another kind",
                where=where,
                remedy=f"Known: {', '.join(_KEYS)}.",
            )
    missing = [key for key in (*_NEEDED, "redistribution") if values.get(key) in (None, "")]
    if missing:
        raise SourceSyntaxError(
            f"The dataset has no {', '.join(missing)}",
            where=where,
            remedy="Add it; a dataset without a licence cannot be taken.",
        )
    if values["format"] not in FORMATS:
        raise SourceSyntaxError(
            f"The format {values['format']!r} is unknown",
            where=where,
            remedy=f"Use one of {', '.join(FORMATS)}.",
        )
    if values.get("shipped") and not values["redistribution"]:
        raise SourceSyntaxError(
            "The licence does not permit redistribution, yet a file is shipped",
            where=where,
            remedy="Remove the file and the key shipped.",
        )
