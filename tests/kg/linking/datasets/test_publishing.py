"""With a remote engine the commands for datasets change what it holds, or say what to do first."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import Service
from engines import oxigraph
from small import SmallReport

from kg.build.pipeline import Options
from kg.build.pipeline import build

Run = Callable[..., object]
LICENCE = ("--licence", "https://x.example/licence", "--from", "https://x.example/")
FILE = "<https://x.example/a> <http://www.w3.org/2004/02/skos/core#prefLabel> 'A'@en .\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with oxigraph(tmp_path / "oxigraph") as service:
        yield service


@pytest.fixture
def options(service: Service, small: SmallReport, tmp_path: Path) -> tuple[str | Path, ...]:
    config = tmp_path / "policykg.toml"
    lines = [f'data = "{small.data}"', 'engine = "remote"', f'query_url = ["{service.query}"]']
    lines += [f'update_url = "{service.update}"', f'store_url = "{service.store}"']
    config.write_text("\n".join(lines), encoding="utf-8")
    return ("--config", config)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "things.ttl"
    path.write_text(FILE, encoding="utf-8")
    return path


def out(done: object) -> str:
    return done.stdout  # type: ignore[attr-defined,no-any-return]


def test_the_engine_has_what_was_added_and_not_what_was_removed(
    small: SmallReport, no_java: None, options: tuple[str, ...], file: Path, run: Run
) -> None:
    build(small.settings, Options(layout=small.layout))
    added = out(run("dataset", "add", file, *LICENCE, "--title", "Things", *options)).splitlines()
    assert added[0] == "Version 2 holds the dataset things"
    assert added[1].startswith("The remote engine has it: ")
    listed = out(run("dataset", "list", *options))
    assert listed.startswith("things  10 statements, added, of ")
    assert "\n  Things\n  licence https://x.example/licence\n" in listed
    file.write_text(FILE + FILE.replace("example/a", "example/b"), encoding="utf-8")
    updated = out(run("dataset", "update", "things", file, *options))
    assert "The remote engine has it: 1 graphs sent, 0 removed" in updated
    assert out(run("dataset", "list", *options)).startswith("things  11 statements")
    removed = out(run("dataset", "remove", "things", *options))
    assert "The remote engine has it: 0 graphs sent, 1 removed" in removed
    assert out(run("dataset", "list", *options)) == "There is no dataset beside the graph.\n"


def test_without_a_built_graph_it_says_what_to_do(
    options: tuple[str, ...], file: Path, run: Run
) -> None:
    done = run("dataset", "add", file, *LICENCE, *options)
    assert done.exit_code != 0  # type: ignore[attr-defined]
    said = done.stderr  # type: ignore[attr-defined]
    assert "none is here" in said
    assert "`policykg build` and `policykg load`" in said
