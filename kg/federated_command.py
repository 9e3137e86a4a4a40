"""The command that asks the graph and another endpoint at once."""

from pathlib import Path

import click

from kg.cli import main
from kg.cli import settings_options
from kg.errors import NotFound
from kg.settings import load_settings


@main.command()
@click.argument("question", required=False)
@click.option(
    "--param",
    "-p",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of a parameter, such as endpoint=URL. Repeatable.",
)
@click.option(
    "--format",
    "-f",
    "format_name",
    default="csv",
    show_default=True,
    type=click.Choice(("csv", "tsv", "json", "xml")),
    help="Format of the answer.",
)
@settings_options
def federated(
    question: str | None,
    params: tuple[str, ...],
    format_name: str,
    data: Path | None,
    config: Path | None,
) -> None:
    """Ask the graph and another endpoint at once.

    QUESTION is one of the questions that join the graph with an endpoint elsewhere; without it they
    are listed. The endpoint must be allowed by the setting services.
    """
    from kg.asking import filled
    from kg.asking import titles
    from kg.asking import values_of
    from kg.catalogue.federated import load_federated
    from kg.engine.formats import RESULT_FORMATS
    from kg.engine.interface import Formats
    from kg.engine.opening import open_engine

    settings = load_settings(config=config, data=data)
    questions = load_federated(settings.base_iri, settings.services)
    if question is None:
        click.echo(titles(questions))
        return
    if question not in questions:
        raise NotFound(
            f"There is no question {question[:80]!r} to other endpoints",
            remedy=f"There are: {', '.join(questions)}.",
        )
    asked = filled(questions[question], values_of(params))
    media_type = next(one.media_type for one in RESULT_FORMATS if one.extension == format_name)
    engine = open_engine(settings)
    try:
        engine.start()
        answer = engine.answer(asked, Formats(media_type, None))
        click.echo(answer.body, nl=False)
    finally:
        engine.close()
