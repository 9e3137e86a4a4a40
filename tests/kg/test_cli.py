"""The commands build, check and info: what they print, where, and with which exit status."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from requirements import require_java
from requirements import require_source
from small import TEXT

from kg import __version__
from kg.build.pipeline import STEPS
from kg.cli import main
from kg.cli import showing_progress
from kg.engine.versions import VersionStore
from kg.settings import Settings

COMMANDS = ("build", "check", "query", "info")


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the built graph that a test may change."""
    target = tmp_path / "data"
    shutil.copytree(built, target, symlinks=True)
    return target


def table(result: Result) -> list[list[str]]:
    """Return the rows of the table of checks; the lines on which a row goes on are left out."""
    lines = result.stdout.partition("check  ")[2].splitlines()[1:]
    rows = [line for line in lines if line and not line.startswith((" ", "Version", "Checked"))]
    return [re.split(r"  +", row) for row in rows]


def last_line(result: Result) -> str:
    return result.stdout.splitlines()[-1]


def test_the_version_is_printed(run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"policykg, version {__version__}\n")


def test_help_of_the_group_names_every_command(run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert run("-h").stdout == result.stdout
    assert set(COMMANDS) <= main.commands.keys()
    for name, command in main.commands.items():
        assert re.search(rf"^  {name}  +[A-Z]", result.stdout, re.MULTILINE)
        assert command.help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_explains_every_option(run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: policykg {name} ")
    command = main.commands[name]
    assert command.help
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert {"--data", "--config"} <= {name for option in options for name in option.opts}
    for option in options:
        assert option.help
        assert option.help.rstrip().endswith((".", "]")), option.opts
        for spelled in option.opts:
            assert re.search(rf"(^|[ ,]){spelled}\b", result.stdout, re.M), spelled


def test_an_unknown_command_or_option_is_refused_with_a_hint(run) -> None:
    result = run("biuld")
    assert result.exit_code == 2
    assert "No such command 'biuld'" in result.stderr
    result = run("build", "--datta", "x")
    assert result.exit_code == 2
    assert "No such option" in result.stderr
    assert "--data" in result.stderr


@pytest.mark.usefixtures("no_java")
def test_a_build_prints_a_table_and_what_is_in_service(run, tmp_path: Path) -> None:
    data = tmp_path / "new"
    result = run("build", "--data", data)
    assert (result.exit_code, result.stderr) == (0, "")
    version = VersionStore(data).current()
    outcomes = {name: outcome for name, _, outcome in table(result)}
    assert outcomes.pop("consistency") == outcomes.pop("profile") == "not run: no Java found"
    for name in ("passages", "coverage"):
        assert outcomes.pop(name).endswith(" (give it with --source-text)")
    assert set(outcomes.values()) == {"ok"}
    assert re.fullmatch(
        rf"Version 1 is new: {version.quads} statements, \d+ of them derived, in {data}",
        last_line(result),
    )
    again = run("build", "--data", data)
    assert again.exit_code == 0
    assert last_line(again) == last_line(result).replace("is new", "is unchanged")
    report = "usip-charting-pakistan"
    assert f"Checked: shared, {report}. Unchanged and kept: nothing.\n" in result.stdout
    assert f"Checked: nothing. Unchanged and kept: shared, {report}.\n" in again.stdout
    assert VersionStore(data).current() == version


@pytest.mark.usefixtures("no_java")
def test_a_report_can_be_added(run, data: Path, small) -> None:
    before = VersionStore(data).current()
    result = run("build", "--data", data, "--report", small.folder, "--source-text", TEXT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert last_line(result).startswith(f"Version {before.number + 1} is new: ")
    graphs = run("info", "--data", data).stdout
    assert "https://w3id.org/policykg/graph/iceland-fisheries " in graphs
    assert "https://w3id.org/policykg/graph/usip-charting-pakistan " in graphs


@pytest.mark.usefixtures("no_java")
def test_check_prints_every_fault_and_fails(run, small, tmp_path: Path) -> None:
    small.change("id:iceland a pol:Country", "id:iceland a pol:Contry")
    result = run("check", "--report", small.folder, "--data", tmp_path / "none")
    assert (result.exit_code, result.stderr) == (1, "")
    line = small.line("id:iceland a ")
    assert result.stdout.startswith(
        f"[terms] iceland-fisheries/report.ttl:{line} id:iceland: pol:Contry is not declared\n"
        "    Did you mean pol:Country?\n"
    )
    assert re.search(r"^terms +\d+ uses +1 error\(s\)$", result.stdout, re.MULTILINE)
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("no_java")
def test_check_fails_without_java_where_the_reasoner_is_required(run) -> None:
    result = run("check", "--require-reasoner")
    assert result.exit_code == 1
    install = "    Install a Java development kit, or leave --require-reasoner out."
    assert result.stdout.splitlines()[:4] == [
        "[consistency] consistency: The check cannot run: no Java found",
        install,
        "[profile] profile: The check cannot run: no Java found",
        install,
    ]


def test_check_compares_the_real_report_with_its_text(run) -> None:
    require_java()
    result = run("check", "--require-reasoner", "--source-text", require_source())
    assert (result.exit_code, result.stderr) == (0, "")
    rows = table(result)
    assert {"syntax", "passages", "shapes", "consistency", "profile"} <= {row[0] for row in rows}
    assert {row[2] for row in rows} == {"ok"}


def test_info_says_what_is_in_service(run, built: Path) -> None:
    version = VersionStore(built).current()
    result = run("info", "--data", built)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        f"data folder  {built}",
        f"version      {version.number}",
        f"digest       {version.digest}",
        f"statements   {version.quads}",
    ]
    counts = dict(line.split() for line in lines[5:])
    assert sum(map(int, counts.values())) == version.quads
    assert list(counts) == sorted(counts)


def test_info_lists_every_setting_with_its_value(run, tmp_path: Path) -> None:
    config = tmp_path / "policykg.toml"
    config.write_text("port = 8123\n", encoding="utf-8")
    result = run("info", "--settings", "--config", config, "--data", tmp_path / "d")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    names = [line.partition("=")[0] for line in lines[::2]]
    assert names == [f"POLICYKG_{name.upper()}" for name in Settings.__dataclass_fields__]
    assert "POLICYKG_PORT=8123" in lines
    assert f"POLICYKG_DATA={tmp_path / 'd'}" in lines
    docs = [one.metadata["doc"] for one in Settings.__dataclass_fields__.values()]
    assert [line.strip() for line in lines[1::2]] == docs


def test_no_progress_is_shown_where_no_terminal_looks_on(capsys: pytest.CaptureFixture) -> None:
    with showing_progress() as progress:
        for number in range(STEPS):
            progress(f"step {number}")
    assert capsys.readouterr() == ("", "")


def test_the_command_runs_in_a_process_of_its_own(built: Path, tmp_path: Path) -> None:
    start = "from kg.cli import main; main(prog_name='policykg')"
    done = subprocess.run(
        [sys.executable, "-c", start, "info", "--data", tmp_path / "nothing"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: No graph has been built here ({tmp_path / 'nothing'}). "
        "Run `policykg build`, or start `policykg serve` without --no-build.\n"
    )


def test_progress_is_shown_where_a_terminal_looks_on(tmp_path: Path) -> None:
    start = (
        "from kg.cli import showing_progress\n"
        "with showing_progress() as progress:\n"
        "    progress('reading the sources')"
    )
    terminal, end = os.openpty()
    done = subprocess.run([sys.executable, "-c", start], stdout=subprocess.PIPE, stderr=end)
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert (done.returncode, done.stdout) == (0, b"")
    assert "Building" in shown
    assert "reading the sources" in shown


def test_rows_of_a_question_can_be_turtle(run: Callable[..., Result], built: Path) -> None:
    result = run("query", "recommendations", "--data", built, "--format", "ttl")
    assert result.exit_code == 0
    triples = list(parse(result.stdout, RdfFormat.TURTLE))
    rows = {t.subject.value for t in triples if "#row=" in str(t.subject)}
    table = run("query", "recommendations", "--data", built).stdout
    assert table.endswith(f"{len(rows)} rows\n")
    own = run("query", "-", "--data", built, "--format", "ttl", input="SELECT (1 AS ?x) {}")
    assert own.exit_code == 1
    assert "The result is bindings" in own.stderr
