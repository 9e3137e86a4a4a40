"""The command that examines an installation."""

import sys
from pathlib import Path

import click

from kg.cli import main
from kg.cli import settings_options
from kg.settings import load_settings


@main.command()
@settings_options
def doctor(data: Path | None, config: Path | None) -> None:
    """Say what is right and wrong with this installation, and what to do.

    Looks at Python, the data folder, the graph, the sources, the disk, limits of the system, the
    walls around queries, tokens and a remote engine. The exit status is 1 if there is a fault.
    """
    from kg.doctor import examine

    signs = examine(load_settings(config=config, data=data))
    for sign in signs:
        click.echo(str(sign))
    if any(sign.state == "fault" for sign in signs):
        sys.exit(1)
