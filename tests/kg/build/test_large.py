"""What does not fit in memory is built from the disk, and comes out the same."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from small import REPORTS
from small import SmallReport

from kg.build import ordering
from kg.build import read
from kg.build import spool
from kg.build.layout import packaged_layout
from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.build.pipeline import check
from kg.build.read import read_sources
from kg.errors import SourceSyntaxError
from kg.settings import Settings

pytestmark = pytest.mark.usefixtures("no_java")

GENERATOR = Path(__file__).parents[3] / "bench" / "reports.py"


def dumps(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "dumps" / "1").iterdir()}


def test_a_build_from_the_disk_gives_the_same_bytes(
    small: SmallReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = replace(small.layout, reports=(*small.layout.reports, REPORTS / "electric-buses"))
    in_memory = build(small.settings, Options(layout=layout))
    monkeypatch.setattr(read, "HELD_BYTES", 0)
    monkeypatch.setattr(spool, "_AT_ONCE", 7)
    monkeypatch.setattr(ordering.in_order, "__defaults__", (100,))
    on_disk = build(Settings(data=tmp_path / "other"), Options(layout=layout))
    assert on_disk.report.table() == in_memory.report.table()
    assert on_disk.version.digest == in_memory.version.digest
    assert dumps(tmp_path / "other") == dumps(small.data)


def test_a_check_from_the_disk_finds_the_same(
    small: SmallReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.change("id:iceland a pol:Country", "id:iceland a pol:Contry")
    expected = check(small.settings, Options(layout=small.layout)).report
    monkeypatch.setattr(read, "HELD_BYTES", 0)
    found = check(small.settings, Options(layout=small.layout)).report
    assert found.findings() == expected.findings()
    assert not found.passed


def test_a_file_that_changes_meanwhile_is_refused(
    small: SmallReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "HELD_BYTES", 0)
    (source,) = read_sources(small.settings, small.layout).reports
    assert source.text == small.file.read_text(encoding="utf-8")
    small.change('"Iceland"@en', '"Republic of Iceland"@en')
    with pytest.raises(SourceSyntaxError) as caught:
        _ = source.quads
    assert caught.value.where == "iceland-fisheries/report.ttl"
    assert caught.value.remedy == "Build again when nobody is writing to it."


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """Return the module that makes reports for benchmarks."""
    spec = importlib.util.spec_from_file_location("bench_reports", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(__import__("sys").modules, "bench_reports", module)
        spec.loader.exec_module(module)
    return module


def test_generated_reports_pass_every_check(generator: ModuleType, tmp_path: Path) -> None:
    written = generator.write(1500, tmp_path)
    packaged = packaged_layout()
    reports = tuple(sorted((tmp_path / "reports").iterdir()))
    layout = replace(packaged, links=tmp_path / "links", reports=reports, questions=None)
    sources = read_sources(Settings(), layout)
    assert sum(len(source.quads) for source in sources.reports) == written
    report = check(Settings(), Options(layout=layout)).report
    assert report.passed, report.findings()


def test_generated_reports_are_the_same_every_time(generator: ModuleType, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        generator.write(4000, tmp_path / name)
    files = sorted(path for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) > 10
    for path in files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert other.read_bytes() == path.read_bytes()
