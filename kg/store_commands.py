"""The commands that look after a data folder: log, backup, restore, verify."""

from pathlib import Path

import click

from kg.cli import FOLDER
from kg.cli import main
from kg.cli import settings_options
from kg.settings import load_settings


@main.command()
@settings_options
def log(data: Path | None, config: Path | None) -> None:
    """Say what made each version: when, by whom, what kind of write, how many statements."""
    from kg.engine.versions import VersionStore

    settings = load_settings(config=config, data=data)
    for entry in VersionStore(settings.data).journal():
        change = entry.get("change")
        changed = f" ({change:+d})" if isinstance(change, int) else ""
        kind = entry.get("kind", "build")
        click.echo(
            f"{entry['version']:>6}  {entry['time']}  {entry['by']}: {kind}, "
            f"{entry['statements']} statements{changed}"
        )


@main.command()
@click.argument("file", type=FOLDER)
@settings_options
def backup(file: Path, data: Path | None, config: Path | None) -> None:
    """Write the version in service to FILE, whole or not at all; a server may go on meanwhile.

    Tokens are not in it.
    """
    from kg.engine.backup import backup as run

    version = run(load_settings(config=config, data=data).data, file)
    click.echo(f"Version {version.number} with {version.quads} statements is in {file}")


@main.command()
@click.argument("file", type=FOLDER)
@settings_options
def restore(file: Path, data: Path | None, config: Path | None) -> None:
    """Put the backup FILE into service as a new version; a running server goes on with it."""
    from kg.engine.backup import restore as run

    version = run(file, load_settings(config=config, data=data).data)
    click.echo(f"Version {version.number} with {version.quads} statements is in service")


@main.command()
@settings_options
def verify(data: Path | None, config: Path | None) -> None:
    """Read every statement of the version in service and say whether the store is sound."""
    from kg.engine.backup import verify as run

    version, read = run(load_settings(config=config, data=data).data)
    click.echo(f"Version {version.number} is sound: {read} statements")
