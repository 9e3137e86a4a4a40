"""`policykg doctor` names each fault of an installation with what to do, and changes nothing."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kg import doctor
from kg import doctor_machine
from kg.doctor import examine
from kg.settings import Settings
from kg.settings import load_settings
from kg.tokens import TokenFile

Run = Callable[..., Result]


def signs(settings: Settings) -> dict[str, tuple[str, str]]:
    return {sign.about: (sign.state, sign.says) for sign in examine(settings)}


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "data", symlinks=True))


def test_a_sound_installation_has_no_fault(run: Run, built: Path) -> None:
    said = run("doctor", "--data", built)
    assert said.exit_code == 0, said.stdout
    assert "fault" not in said.stdout
    assert "ok      graph: version 1 with" in said.stdout
    assert "ok      build: made from the sources as they are" in said.stdout


def test_an_empty_folder_is_no_fault_and_stays_empty(tmp_path: Path) -> None:
    found = signs(Settings(data=tmp_path / "new"))
    assert found["graph"][0] == "note"
    assert found["tokens"] == ("ok", "none, so nobody can write")
    assert "fault" not in {state for state, _ in found.values()}
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_is_a_fault(run: Run, copied: Path) -> None:
    store = copied / "current" / "store"
    for file in store.glob("MANIFEST-*"):
        file.write_bytes(b"")
    said = run("doctor", "--data", copied)
    assert said.exit_code == 1
    assert "fault   graph:" in said.stdout


def test_what_was_left_half_done_is_noted(copied: Path) -> None:
    (copied / "versions" / ".new-2").mkdir()
    assert signs(Settings(data=copied))["data folder"][0] == "note"


def test_sources_that_have_changed_are_noted(copied: Path) -> None:
    (copied / "built-from").write_text("something else", encoding="ascii")
    assert signs(Settings(data=copied))["build"][0] == "note"


def test_tokens_are_counted_and_a_damaged_file_is_a_fault(tmp_path: Path) -> None:
    TokenFile(tmp_path).create("editor", (), None)
    assert signs(Settings(data=tmp_path))["tokens"] == ("ok", "1 may write")
    (tmp_path / "tokens.json").write_text("{", encoding="utf-8")
    assert signs(Settings(data=tmp_path))["tokens"][0] == "fault"


def test_a_folder_that_cannot_be_written_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert signs(Settings(data=tmp_path / "a" / "b"))["data folder"][0] == "fault"


def test_a_full_disk_and_a_missing_wall_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    monkeypatch.setattr(doctor_machine, "_missing_walls", lambda: ["landlock"])
    found = signs(Settings(data=tmp_path))
    assert found["disk"] == ("fault", "1 MB free")
    assert found["walls around queries"] == ("note", "this system lacks landlock")


def test_a_remote_engine_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    settings = load_settings({}, data=tmp_path, engine="remote", query_url="http://127.0.0.1:1/")
    state, says = signs(settings)["remote engine"]
    assert (state, "cannot be reached" in says) == ("fault", True)
    missing = load_settings({}, data=tmp_path, engine="remote")
    assert "POLICYKG_QUERY_URL" in signs(missing)["remote engine"][1]


def test_tracing_that_cannot_be_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "tracing" not in signs(Settings(data=tmp_path))
    wanted = Settings(data=tmp_path, tracing="otlp")
    assert signs(wanted)["tracing"] == ("ok", "spans go to otlp")
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert signs(wanted)["tracing"][0] == "fault"
