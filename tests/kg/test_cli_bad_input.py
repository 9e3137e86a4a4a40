"""Bad input gets one message that says what, where and what to do, exit status 1, and no harm."""

import fcntl
import hashlib
import json
import os
import re
import shutil
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from small import TEXT
from small import SmallReport

from kg.engine import writing_lock
from kg.engine.versions import VersionStore

PLACE = "iceland-fisheries/report.ttl"


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the built graph; it must stay in service, whatever is tried."""
    target = tmp_path / "data"
    shutil.copytree(built, target, symlinks=True)
    return target


@pytest.fixture
def refused(run, data: Path, small: SmallReport, no_java: None):
    """Return a function that builds the small report and gives what was said, line by line."""

    def build(*options: str | Path) -> list[str]:
        before = VersionStore(data).current()
        result = run("build", "--data", data, "--report", small.folder, *options)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: ")
        assert VersionStore(data).current() == before
        assert os.readlink(data / "current") == f"versions/{before.number}"
        return result.stderr.removeprefix("Error: ").splitlines()

    return build


def faults(lines: list[str], check: str = "") -> list[str]:
    """Return the lines of the findings, which stand before the table: of one check, or of all."""
    findings = re.split(r"\n(?=\[)", "\n".join(lines[: lines.index("")]))
    return [line for one in findings if one.startswith(f"[{check}") for line in one.splitlines()]


def place(small: SmallReport, name: str) -> str:
    return f"{PLACE}:{small.line(f'{name} a ')} {name}"


def test_a_malformed_report_file(refused, small: SmallReport) -> None:
    line = small.change('rdfs:label "Iceland"@en .', 'rdfs:label "Iceland@en .')
    said = refused()
    assert len(said) == 1
    assert said[0].startswith("The file is not Turtle: ")
    assert f"({PLACE}:{line}:" in said[0]
    assert said[0].endswith("). Correct this place.")


def test_a_claim_without_evidence(refused, small: SmallReport) -> None:
    small.change(
        "pol:negated false ;\n  pol:evidence id:iceland-fisheries-p004 .", "pol:negated false ."
    )
    assert faults(refused(), "shapes") == [
        f"[shapes] {place(small, 'id:iceland-fisheries-c004')}: "
        "breaks shape:source-claim-evidence by pol:evidence",
        "    Rest the claim on at least one passage (pol:evidence) that is described as a "
        "pol:Passage.",
        f"[shapes] {place(small, 'id:iceland-fisheries-p004')}: breaks shape:used-passage",
        "    No claim rests on this passage: name it as pol:evidence of a claim, or remove it.",
    ]


def test_an_unknown_term(refused, small: SmallReport) -> None:
    small.change("pol:predicate pol:affectedBy", "pol:predicate pol:afectedBy")
    said = faults(refused())
    where = place(small, "id:iceland-fisheries-c001")
    assert said[:2] == [
        f"[terms] {where}: pol:afectedBy is not declared",
        "    Did you mean pol:affectedBy?",
    ]


def test_an_offset_outside_the_text(refused, small: SmallReport) -> None:
    length = len(TEXT.read_text(encoding="utf-8"))
    small.change("u001 ; pol:start 0 ; pol:end 21", f"u001 ; pol:start 0 ; pol:end {length + 1}")
    where = place(small, "id:iceland-fisheries-p001")
    assert faults(refused())[:2] == [
        f"[passages] {where}: The slice 0 to {length + 1} is not within the text of {length} "
        "code points",
        "    Count Unicode code points from 0; the end is exclusive.",
    ]


def test_a_wrong_hash(refused, small: SmallReport) -> None:
    right = hashlib.sha256(b"Fish stocks fell fast").hexdigest()
    small.change(right, "0" * 64)
    assert faults(refused("--source-text", TEXT)) == [
        f"[passages] {place(small, 'id:iceland-fisheries-p001')}: "
        "The slice 0 to 21 does not have the recorded hash",
        f"    If the offsets are right, its pol:sha256 is {right}.",
    ]


def test_a_report_folder_that_is_not_there(run, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    result = run("build", "--data", data, "--report", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: There is no report in this folder ({folder}). "
        "Name the report's own folder, the one that holds its .ttl files.\n"
    )


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.usefixtures("no_java")
def test_a_source_text_that_is_not_there(run, data: Path, tmp_path: Path, command: str) -> None:
    result = run(command, "--data", data, "--source-text", tmp_path / "none.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The source text cannot be read: No such file or directory "
        f"({tmp_path / 'none.txt'}). Give an existing file with --source-text.\n"
    )


def test_a_query_parameter_of_the_wrong_type(run, built: Path) -> None:
    result = run("query", "on-a-day", "-p", "day=yesterday", "--data", built)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The value of the parameter day is 'yesterday'; it takes a day of the calendar, "
        "written YYYY-MM-DD (day). An example of a value: 2014-12-16.\n"
    )


@pytest.mark.usefixtures("no_java")
def test_a_data_folder_that_cannot_be_written(run, tmp_path: Path) -> None:
    # A file in its place stops even a user who may write everywhere.
    (tmp_path / "file").touch()
    data = tmp_path / "file" / "data"
    result = run("build", "--data", data)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: The data folder cannot be written: Not a directory ({data}). "
        "Give a folder that you may write with --data or POLICYKG_DATA.\n"
    )


@pytest.mark.usefixtures("no_java")
@pytest.mark.parametrize("command", [("build",), ("info",), ("query", "open-questions")])
def test_a_store_from_a_newer_version(run, data: Path, command: tuple[str, ...]) -> None:
    (data / "format.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    files = sorted(data.rglob("*"))
    result = run(*command, "--data", data)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The data folder has format 99; this policykg knows formats up to 1 "
        f"({data}). Upgrade policykg, or give another folder with --data.\n"
    )
    assert sorted(data.rglob("*")) == files


def test_a_setting_that_does_not_fit(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POLICYKG_PORT", "http")
    result = run("info", "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The value 'http' is not a whole number (POLICYKG_PORT). Give another value.\n"
    )


def test_a_settings_file_that_is_not_there(run, tmp_path: Path) -> None:
    result = run("info", "--config", tmp_path / "none.toml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The settings file cannot be read: ")
    assert f"({tmp_path / 'none.toml'})" in result.stderr


@pytest.mark.usefixtures("no_java")
def test_a_data_folder_to_which_another_process_writes(
    run, data: Path, small: SmallReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A minute goes by at each look at the clock, so that the writer soon gives up waiting.
    clock = SimpleNamespace(monotonic=count(step=60).__next__, sleep=lambda seconds: None)
    monkeypatch.setattr(writing_lock, "time", clock)
    before = VersionStore(data).current()
    with (data / ".writer").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run("build", "--data", data, "--report", small.folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: Another process is writing to the data folder ({data}). "
        "Wait until it has finished, or give another folder with --data.\n"
    )
    assert VersionStore(data).current() == before
