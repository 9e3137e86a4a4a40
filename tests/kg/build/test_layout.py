"""Reports besides the packaged ones come from folders that the user names."""

from pathlib import Path

import pytest
from pyoxigraph import Store
from small import FOLDER

from kg.build.layout import _TAKEN
from kg.build.layout import packaged_layout
from kg.errors import SourceSyntaxError


def test_the_packaged_folders_hold_what_they_should() -> None:
    layout = packaged_layout()
    assert (layout.ontology / "policykg.ttl").is_file()
    assert list(layout.queries.glob("*.rq"))
    assert list(layout.links.glob("*.sssom.tsv"))
    assert [folder.name for folder in layout.reports] == ["usip-charting-pakistan"]


def test_a_report_is_added_to_the_packaged_ones() -> None:
    layout = packaged_layout().with_reports((FOLDER,))
    assert [folder.name for folder in layout.reports] == [
        "usip-charting-pakistan",
        "iceland-fisheries",
    ]


@pytest.mark.parametrize("made", [False, True], ids=["missing", "empty"])
def test_a_folder_without_a_report_is_refused(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "nothing"
    if made:
        folder.mkdir()
    with pytest.raises(SourceSyntaxError) as caught:
        packaged_layout().with_reports((folder,))
    assert caught.value.detail == "There is no report in this folder"
    assert caught.value.where == str(folder)
    assert caught.value.remedy == (
        "Name the report's own folder, the one that holds its .ttl files."
    )


def test_two_reports_of_one_name_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "usip-charting-pakistan"
    folder.mkdir()
    (folder / "a.ttl").touch()
    with pytest.raises(SourceSyntaxError) as caught:
        packaged_layout().with_reports((folder,))
    assert caught.value.detail == "There is another report of the name usip-charting-pakistan"
    assert caught.value.where == str(folder)
    assert caught.value.remedy == "Rename the folder: its name is the name of the report's graph."


def test_a_folder_goes_by_its_real_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    layout = packaged_layout().with_reports((Path("."),))
    assert layout.reports[-1].name == "iceland-fisheries"


@pytest.mark.parametrize("name", ["my report", "Report", "links", "derived", "ontology", "a_b"])
def test_a_name_that_no_graph_can_have_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "a.ttl").touch()
    with pytest.raises(SourceSyntaxError) as caught:
        packaged_layout().with_reports((folder,))
    assert caught.value.detail == f"No graph of a report can have the name {name}"
    assert caught.value.where == str(folder)
    assert caught.value.remedy == (
        "Rename the folder: use small letters, digits and hyphens, and none of "
        f"{', '.join(_TAKEN)}."
    )


def test_the_name_of_a_part_must_do_too(tmp_path: Path) -> None:
    part = tmp_path / "report" / "out side"
    part.mkdir(parents=True)
    (part / "a.ttl").touch()
    with pytest.raises(SourceSyntaxError) as caught:
        packaged_layout().with_reports((tmp_path / "report",))
    assert caught.value.where == str(part)


def test_a_file_where_none_is_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "report" / "part" / "deeper" / "a.ttl"
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(SourceSyntaxError) as caught:
        packaged_layout().with_reports((tmp_path / "report",))
    assert caught.value.detail == "The file lies too deep to be read"
    assert caught.value.where == str(file)
    assert caught.value.remedy == (
        "Move it into the report's own folder, or into a folder right below it."
    )


@pytest.mark.parametrize("name", ["usip-charting-pakistan-related", "derived-outside"])
def test_two_graphs_with_one_dump_are_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "a.ttl").touch()
    with pytest.raises(SourceSyntaxError) as caught:
        packaged_layout().with_reports((folder,))
    assert caught.value.detail == f"Two graphs would have the one dump {name}.ttl.gz"
    assert caught.value.where == str(folder)
    assert caught.value.remedy == (
        "Rename the folder, or the folder below it: a hyphen joins the two names."
    )


def test_the_names_that_are_taken_are_those_of_the_graphs_that_are_built(built: Path) -> None:
    store = Store.read_only(str(built / "current" / "store"))
    names = {str(graph)[1:-1].split("/graph/")[1].split("/")[0] for graph in store.named_graphs()}
    assert names - {"usip-charting-pakistan"} <= set(_TAKEN)
