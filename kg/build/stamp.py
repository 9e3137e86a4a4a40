"""Whether the graph in a data folder is what its sources say: a hash of the sources beside it.

Nothing is parsed here, so that a server can ask at every start.
"""

import hashlib
import os
from pathlib import Path

from kg import __version__
from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.engine.versions import VersionStore
from kg.errors import StoreError
from kg.errors import StoreMissing
from kg.settings import Settings

_FILE = "built-from"
_SOURCES = (".ttl", ".rq", ".tsv", ".csv", ".json", ".toml")


def source_stamp(settings: Settings, layout: Layout | None = None) -> str:
    """Return the SHA-256 of all that a build reads: files, base IRI and policykg's version.

    Raises :class:`~kg.errors.SourceSyntaxError` for a report folder that is not there.
    """
    layout = (layout or packaged_layout()).with_reports(settings.reports)
    total = hashlib.sha256(f"{__version__} {settings.base_iri}".encode())
    datasets = (layout.datasets,) if layout.datasets else ()
    for folder in (layout.ontology, layout.queries, layout.links, *datasets, *layout.reports):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _SOURCES):
            total.update(f"\0{folder.name}/{path.relative_to(folder)}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def is_current(settings: Settings, layout: Layout | None = None) -> bool:
    """Return whether the version in service was built from the sources as they are now.

    A folder without a version or with a damaged one is not current. Raises
    :class:`~kg.errors.StoreTooNew` for a folder that a newer policykg wrote.
    """
    try:
        VersionStore(settings.data).current()
        written = (settings.data / _FILE).read_text(encoding="ascii")
        return written.strip() == source_stamp(settings, layout)
    except StoreMissing:
        return False
    except StoreError as error:
        if type(error) is StoreError:
            return False
        raise
    except (OSError, ValueError):
        return False  # What cannot be read, the build reports better.


def mark_current(data: Path, stamp: str) -> None:
    """Record in the folder ``data`` that its version was built from sources with ``stamp``."""
    new = data / f".{_FILE}-new"
    new.write_text(stamp + "\n", encoding="ascii")
    os.replace(new, data / _FILE)
