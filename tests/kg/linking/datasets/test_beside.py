"""Datasets beside the graph: added, listed, updated, removed, and kept when the graph is built."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from small import SmallReport

from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.versions import VersionStore
from kg.linking.datasets.beside import listed

Run = Callable[..., object]
LICENCE = ("--licence", "https://x.example/licence", "--from", "https://x.example/")
FILE = "<https://x.example/a> <http://www.w3.org/2004/02/skos/core#prefLabel> 'A'@en .\n"


@pytest.fixture
def data(small: SmallReport, no_java: None) -> Path:
    """Return a data folder with the graph of the small report."""
    build(small.settings, Options(layout=small.layout))
    return small.data


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "things.ttl"
    path.write_text(FILE, encoding="utf-8")
    return path


def names(small: SmallReport) -> dict[str, int]:
    return {one.name: one.statements for one in listed(small.settings)}


def said(done: object) -> str:
    return done.stdout + done.stderr  # type: ignore[attr-defined,no-any-return]


def test_a_dataset_is_added_listed_updated_and_removed(
    small: SmallReport, data: Path, file: Path, run: Run
) -> None:
    added = said(run("dataset", "add", file, *LICENCE, "--title", "Things", "--data", data))
    assert added == "Version 2 holds the dataset things\n"
    again = said(run("dataset", "add", file, *LICENCE, "--data", data))
    assert again == "Version 2 holds the dataset things already, unchanged\n"
    out = said(run("dataset", "list", "--data", data))
    assert out.startswith("things  10 statements, added, of ")
    assert "\n  Things\n  licence https://x.example/licence\n" in out
    file.write_text(FILE + FILE.replace("example/a", "example/b"), encoding="utf-8")
    updated = said(run("dataset", "update", "things", file, "--data", data))
    assert updated == "Version 3 holds the dataset things\n"
    assert names(small) == {"things": 11}
    assert "\n  Things\n" in said(run("dataset", "list", "--data", data))
    assert said(run("dataset", "remove", "things", "--data", data)) == (
        "Version 4 is without the dataset things\n"
    )
    assert names(small) == {}
    assert said(run("dataset", "list", "--data", data)) == "There is no dataset beside the graph.\n"
    kinds = [entry.get("kind", "build") for entry in VersionStore(data).journal()]
    assert kinds == ["build", "dataset add", "dataset add", "dataset remove"]


def test_a_build_keeps_what_was_added(small: SmallReport, data: Path, file: Path, run: Run) -> None:
    run("dataset", "add", file, *LICENCE, "--data", data)
    small.file.write_text(
        small.file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8"
    )
    outcome = build(small.settings, Options(layout=small.layout))
    assert names(small) == {"things": 10}
    engine = EmbeddedEngine(data)
    rows = engine.rows(Query("SELECT ?x { GRAPH ?g { ?x ?p 'A'@en } }"))
    engine.close()
    assert rows == [{"x": NamedNode("https://x.example/a")}]
    dumped = b"".join(
        path.read_bytes() for path in VersionStore(data).dumps_path(outcome.version).iterdir()
    )
    assert b"things" not in dumped


def test_a_dataset_that_may_not_be_passed_on_says_so(
    small: SmallReport, data: Path, file: Path, run: Run
) -> None:
    out = said(run("dataset", "add", file, *LICENCE, "--no-redistribution", "--data", data))
    assert out.endswith(
        "Its licence does not permit redistribution: keep this server to yourself.\n"
    )
    [one] = listed(small.settings)
    assert one.access.startswith("Not to be passed on")
    assert not list(VersionStore(data).dumps_path(VersionStore(data).current()).glob("*things*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.ttl"], "nowhere.ttl is neither a preset nor a file"),
        (["eurovoc"], "The preset eurovoc needs the publisher's file"),
        (["FILE"], "A dataset without a licence and a source cannot be added"),
        (["FILE", *LICENCE, "--name", "../x"], "'../x' is no name of a dataset"),
    ],
)
def test_what_cannot_be_added_is_told(
    small: SmallReport, data: Path, file: Path, run: Run, arguments: list[str], message: str
) -> None:
    given = [str(file) if one == "FILE" else one for one in arguments]
    out = said(run("dataset", "add", *given, "--data", data))
    assert out.startswith(f"Error: {message}")
    assert VersionStore(data).current().number == 1


def test_a_bad_file_changes_nothing(small: SmallReport, data: Path, file: Path, run: Run) -> None:
    run("dataset", "add", file, *LICENCE, "--data", data)
    file.write_text(FILE * 3 + "nonsense", encoding="utf-8")
    out = said(run("dataset", "update", "things", file, "--data", data))
    assert "things.ttl, line 4, column" in out
    assert "Nothing was imported." in out
    assert names(small) == {"things": 10}


def test_a_dataset_that_is_not_there_cannot_be_removed(data: Path, run: Run) -> None:
    out = said(run("dataset", "remove", "nothing", "--data", data))
    assert out.startswith("Error: There is no dataset 'nothing'")


def test_what_a_build_made_cannot_be_replaced_or_removed(built: Path, run: Run, file: Path) -> None:
    before = VersionStore(built).current()
    for arguments in (
        ["remove", "aid-sectors"],
        ["update", "aid-sectors", file],
        ["add", file, *LICENCE, "--name", "aid-sectors"],
    ):
        out = said(run("dataset", *arguments, "--data", built))
        assert out.startswith("Error: This dataset comes with policykg")
    assert VersionStore(built).current() == before


def test_the_presets_are_listed(run: Run) -> None:
    out = said(run("dataset", "presets"))
    assert "eurovoc  EuroVoc, English and French\n  eurovoc-en-fr.ttl from http://eurovoc" in out
    assert "No named licence seen; may not be passed on\n" in out


def test_the_journal_tells_what_changed(data: Path, file: Path, run: Run) -> None:
    run("dataset", "add", file, *LICENCE, "--data", data)
    last = json.loads((data / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["by"], last["kind"], last["change"]) == ("dataset", "dataset add", 10)


def test_a_file_cannot_give_itself_a_licence(
    small: SmallReport, data: Path, file: Path, run: Run
) -> None:
    graph = "https://w3id.org/policykg/graph/dataset/things"
    licence = f"<{graph}> <http://purl.org/dc/terms/license> <https://evil.example/> .\n"
    file.write_text(FILE + licence, encoding="utf-8")
    run("dataset", "add", file, *LICENCE, "--data", data)
    [one] = listed(small.settings)
    assert (one.licence, one.statements) == ("https://x.example/licence", 10)
