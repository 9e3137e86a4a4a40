"""The command that says whether a dataset of others is ready to be linked."""

import sys
from pathlib import Path

import click

from kg.cli import FOLDER
from kg.cli import main
from kg.cli import settings_options
from kg.settings import load_settings


@main.command()
@click.argument("file", type=FOLDER)
@settings_options
def void(file: Path, data: Path | None, config: Path | None) -> None:
    """Say whether the dataset in FILE is ready to be linked, and what is missing.

    FILE is RDF in any usual format. Looks for its description with a licence, names that last,
    labels, types and links; what would only be nice is a wish. The exit status is 1 if something is
    lacking. Nothing that the file names is fetched.
    """
    from kg.linking.readiness import readiness

    answers = readiness(file, load_settings(config=config, data=data).base_iri)
    for answer in answers:
        click.echo(str(answer))
    if any(not answer.met and not answer.wish for answer in answers):
        sys.exit(1)
