"""A data folder knows what it was built from; a change of any source makes it stale."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small import SmallReport

import kg.build.stamp
from kg.build.layout import Layout
from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.build.stamp import is_current
from kg.build.stamp import mark_current
from kg.build.stamp import source_stamp
from kg.errors import StoreTooNew
from kg.settings import Settings


@pytest.fixture
def in_service(small: SmallReport, no_java: None) -> SmallReport:
    """Return the small report, built."""
    build(small.settings, Options(layout=small.layout))
    return small


def current(small: SmallReport) -> bool:
    return is_current(small.settings, small.layout)


def test_what_was_just_built_is_current(in_service: SmallReport) -> None:
    assert current(in_service)


def test_nothing_built_is_not_current(small: SmallReport) -> None:
    assert not current(small)
    mark_current_in(small)
    assert not current(small)


def mark_current_in(small: SmallReport) -> None:
    small.data.mkdir()
    mark_current(small.data, source_stamp(small.settings, small.layout))


def test_a_changed_report_is_noticed(in_service: SmallReport) -> None:
    in_service.change('"Iceland"@en', '"Republic of Iceland"@en')
    assert not current(in_service)
    in_service.change('"Republic of Iceland"@en', '"Iceland"@en')
    assert current(in_service)


def test_a_new_file_is_noticed(in_service: SmallReport) -> None:
    (in_service.folder / "outside").mkdir()
    (in_service.folder / "outside" / "new.ttl").touch()
    assert not current(in_service)


@pytest.mark.parametrize("name", ["policykg.ttl", "shapes.ttl", "rules/claim-label.rq"])
def test_a_changed_ontology_is_noticed(
    in_service: SmallReport, copied_ontology: Callable[[], Path], name: str
) -> None:
    folder = copied_ontology()
    assert current(in_service)
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not current(in_service)


def test_a_file_that_no_build_reads_does_not_matter(in_service: SmallReport) -> None:
    (in_service.folder / "notes.md").write_text("x", encoding="utf-8")
    assert current(in_service)


def test_another_base_is_noticed(in_service: SmallReport) -> None:
    moved = Settings(data=in_service.data, base_iri="https://kg.example.org/")
    assert not is_current(moved, in_service.layout)


def test_another_version_of_policykg_is_noticed(
    in_service: SmallReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kg.build.stamp, "__version__", "99.0.0")
    assert not current(in_service)


def test_another_report_is_noticed(in_service: SmallReport, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.ttl").touch()
    with_other = Settings(data=in_service.data, reports=(other,))
    assert not is_current(with_other, in_service.layout)


def test_the_stamp_does_not_depend_on_where_the_sources_lie(
    in_service: SmallReport, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere" / in_service.folder.name
    moved.parent.mkdir()
    in_service.folder.rename(moved)
    layout = in_service.layout
    assert is_current(
        in_service.settings, Layout(layout.ontology, layout.queries, layout.links, (moved,))
    )


@pytest.mark.parametrize("name", ["built-from", "current/version.json", "format.json"])
def test_a_damaged_folder_is_not_current(in_service: SmallReport, name: str) -> None:
    (in_service.data / name).write_bytes(b"\xff")
    assert not current(in_service)


def test_a_folder_of_a_newer_policykg_is_refused(in_service: SmallReport) -> None:
    (in_service.data / "format.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(StoreTooNew) as caught:
        current(in_service)
    assert caught.value.detail == (
        "The data folder has format 99; this policykg knows formats up to 1"
    )
    assert caught.value.where == str(in_service.data)
    assert caught.value.remedy == "Upgrade policykg, or give another folder with --data."
