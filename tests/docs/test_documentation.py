"""Every setting, command, option and address is documented, and nothing else is."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app
from server.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
FIRST_CELL = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def section(title: str) -> str:
    """Return the part of the page under the heading ``title``."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def commands(command: click.Command, path: str = "policykg") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from commands(below, f"{path} {name}")
    else:
        yield path, command


def test_every_setting_is_documented() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| `(\w+)` \| (.*?) \| (.*) \|$", section("Settings"), re.MULTILINE
    )
    documented = {name: (variable, what) for name, variable, _, what in rows}
    assert documented == {
        f.name: (f"POLICYKG_{f.name.upper()}", f.metadata["doc"]) for f in fields(Settings)
    }


def test_every_command_is_documented() -> None:
    documented = re.findall(r"^### `(.*)`$", section("Commands"), re.MULTILINE)
    assert sorted(documented) == sorted(path for path, _ in commands(main))


@pytest.mark.parametrize(("path", "command"), list(commands(main)))
def test_every_option_is_documented(path: str, command: click.Command) -> None:
    part = section("Commands").partition(f"### `{path}`\n")[2].partition("\n### ")[0]
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert sorted(FIRST_CELL.findall(part)) == sorted(", ".join(option.opts) for option in options)
    assert " ".join((command.help or "").split()) in " ".join(part.split())
    for option in options:
        assert f"| {option.help} |" in part


@pytest.fixture
def app(built: Path) -> Flask:
    return create_app(Settings(data=built), EmbeddedEngine(built))


def test_every_address_is_documented(app: Flask) -> None:
    rows = re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \|", section("Addresses"), re.MULTILINE)
    documented = {address: set(methods.split(", ")) for address, methods in rows}
    routes = {
        re.sub(r"<\w+:", "<", rule.rule): (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for rule in app.url_map.iter_rules()
    }
    assert documented == routes


def test_the_readme_links_every_page_of_the_documentation() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    )
    assert {
        name for name in pages if f"({name})" not in text and f"docs/{name}" not in text
    } == set()


@pytest.mark.parametrize("path", PAGES)
def test_links_between_pages_lead_somewhere(path: str) -> None:
    page = ROOT / path
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
