"""The real report with its links, its dump, and an ontology that tests may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small import SmallReport

from kg.build.layout import Layout
from kg.build.links import link_quads
from kg.build.links import read_links
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.settings import Settings


@pytest.fixture(scope="session")
def linked_sources() -> Sources:
    """Return what the checks see: the sources of the real report, with the links as quads."""
    sources = read_sources(Settings())
    mappings, result = read_links(sources)
    assert not result.errors
    sources.link_quads.extend(link_quads(mappings, sources.base))
    return sources


@pytest.fixture
def copied_ontology(small: SmallReport, tmp_path: Path) -> Callable[[], Path]:
    """Return a function that gives the small layout an ontology folder that may be changed."""

    def copy() -> Path:
        target = tmp_path / "ontology"
        shutil.copytree(small.layout.ontology, target)
        reports, links = small.layout.reports, small.layout.links
        small.layout = Layout(target, small.layout.queries, links, reports)
        return target

    return copy
