"""The command that publishes a built graph in a remote engine."""

from pathlib import Path

import click

from kg.cli import main
from kg.cli import settings_options
from kg.settings import load_settings


@main.command()
@settings_options
def load(data: Path | None, config: Path | None) -> None:
    """Publish the built graph in the remote engine that the settings name.

    The graphs are sent beside those in service, counted, and then put into place all at once; what
    users wrote stays. A load that was interrupted goes on where it stopped, and graphs that have
    not changed are not sent again.
    """
    from kg.engine.isolation.limits import Limits
    from kg.engine.remote.engine import RemoteEngine
    from kg.engine.remote.loading import Loader
    from kg.engine.versions import VersionStore

    settings = load_settings(config=config, data=data)
    versions = VersionStore(settings.data)
    version = versions.current()
    engine = RemoteEngine(settings, Limits.of(settings))
    loader = Loader(settings, engine.select, lambda said: click.echo(said, err=True))
    try:
        loaded = loader.load(versions.open(version), version)
    finally:
        loader.close()
        engine.close()
    click.echo(
        f"Version {version.number} is in service: {loaded.sent} graphs sent, "
        f"{loaded.kept} unchanged, {loaded.removed} removed"
    )
