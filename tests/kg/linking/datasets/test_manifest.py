"""Datasets describe themselves; one without a licence is not taken."""

from pathlib import Path

import pytest
from requirements import require

from kg.build.layout import packaged_layout
from kg.errors import BadParameter
from kg.errors import SourceSyntaxError
from kg.linking.datasets.convert import file_triples
from kg.linking.datasets.description import checksum
from kg.linking.datasets.manifest import check_name
from kg.linking.datasets.manifest import read_manifests
from kg.linking.datasets.shipped import shipped_quads
from kg.namespaces import BASE

FOLDER = packaged_layout().datasets
assert FOLDER is not None
PRESETS = read_manifests(FOLDER)
TARGETS = Path(__file__).parents[5] / "shared" / "data" / "targets"
GOOD = """
title = "T"
publisher = "P"
source = "https://x.example/"
licence = "https://x.example/licence"
licence_name = "L"
redistribution = true
format = "rdf"
date = 2026-01-31
"""


def write(folder: Path, text: str) -> Path:
    (folder / "x").mkdir()
    (folder / "x" / "dataset.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ('licence = "https://x.example/licence"\n', "", "The dataset has no licence"),
        ('format = "rdf"', 'format = "xls"', "The format 'xls' is unknown"),
        ('title = "T"', "title = 1", "The key title is unknown, or its value is of another kind"),
        ("title", "colour", "The key colour is unknown, or its value is of another kind"),
        (
            "redistribution = true",
            'redistribution = false\nshipped = "a.ttl"',
            "The licence does not permit redistribution, yet a file is shipped",
        ),
        ("= ", "", "The description of the dataset cannot be read: "),
    ],
)
def test_a_description_that_cannot_be_used(tmp_path: Path, old: str, new: str, detail: str) -> None:
    assert list(read_manifests(write(tmp_path, GOOD))) == ["x"]
    (tmp_path / "x" / "dataset.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(SourceSyntaxError) as caught:
        read_manifests(tmp_path)
    assert caught.value.detail.startswith(detail)
    assert caught.value.where == "kg/datasets/x/dataset.toml"


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a/b", "-a", "a" * 65])
def test_a_name_that_cannot_be_one(name: str) -> None:
    with pytest.raises(BadParameter):
        check_name(name)


def test_what_is_shipped_is_small_free_and_described() -> None:
    shipped = [one for one in PRESETS.values() if one.shipped]
    assert len(shipped) >= 10
    for one in shipped:
        assert one.redistribution
        assert one.attribution
        assert one.shipped is not None
        assert one.shipped.stat().st_size < 60_000
        assert bool(one.trimmed) == one.extract
    quads = shipped_quads(FOLDER, BASE)
    assert {str(quad.graph_name)[1:-1] for quad in quads} == {
        f"{BASE}graph/{one.graph_name}" for one in shipped
    }
    assert len(quads) < 10_000


def test_what_may_not_be_passed_on_is_not_shipped() -> None:
    kept = {name for name, one in PRESETS.items() if not one.redistribution}
    assert kept == {f"everypolitician-{name}" for name in ("pakistan", "india", "afghanistan")}
    assert not any(PRESETS[name].shipped for name in kept)


def test_a_shipped_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, GOOD + 'shipped = "a.ttl"\n')
    (tmp_path / "x" / "a.ttl").write_text("nonsense", encoding="utf-8")
    with pytest.raises(SourceSyntaxError) as caught:
        shipped_quads(tmp_path, BASE)
    assert str(caught.value.where).startswith("kg/datasets/x/a.ttl, line 1")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_reads_the_publishers_file(name: str) -> None:
    require("targets", TARGETS.is_dir(), "the files of the targets are not at hand")
    one = PRESETS[name]
    [file] = TARGETS.glob(f"*/{one.file}")
    assert checksum(file) == one.sha256
    if file.stat().st_size > 1_500_000:
        # The thesauri are Turtle, which other tests read; here only their beginning counts.
        assert one.format in ("rdf", "csvw")
        return
    assert sum(1 for _ in file_triples(file, one.format, name, one.mapping)) > 20
