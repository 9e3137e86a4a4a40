"""The commands that need no server: build, check, query, info."""

import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from kg import __version__
from kg.errors import PolicykgError
from kg.settings import load_settings

FOLDER = click.Path(path_type=Path)


class Commands(click.Group):
    """A group of commands whose failures are told in one message, never as a traceback.

    ``modules`` add further commands when they are imported, which is not done before one of them,
    or the list of all, is wanted: `serve` is to start quickly.
    """

    modules: Sequence[str] = ()

    def complete(self) -> None:
        """Add the commands of ``modules``."""
        for module in self.modules:
            import_module(module)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or ``None``."""
        if cmd_name not in self.commands:
            self.complete()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        self.complete()
        return super().list_commands(ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; on a :class:`~kg.errors.PolicykgError` print it and exit with 1."""
        try:
            return super().invoke(ctx)
        except PolicykgError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policykg")
def main() -> None:
    """Publish, question and link what policy reports say.

    A report becomes a graph in which every statement has its evidence, its asserter and its
    certainty. `build` makes the graph from its sources, `serve` shows it on the web, `query` asks.
    """


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options --data and --config, which every command that touches a graph has."""
    for option in (
        click.option(
            "--config",
            type=FOLDER,
            help="TOML file with settings. Default: the one named by POLICYKG_CONFIG, if any.",
        ),
        click.option(
            "--data",
            type=FOLDER,
            help="Folder of the built graph. Default: policykg in the user's data folder.",
        ),
    ):
        command = option(command)
    return command


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that read the sources."""
    for option in (
        click.option(
            "--require-reasoner",
            is_flag=True,
            help="Fail if the consistency check cannot run because there is no Java.",
        ),
        click.option(
            "--source-text",
            "source_texts",
            type=FOLDER,
            multiple=True,
            metavar="FILE",
            help="Text of a report's source; every passage is compared with it. Repeatable.",
        ),
        click.option(
            "--report",
            "reports",
            type=FOLDER,
            multiple=True,
            metavar="FOLDER",
            help="Folder of a report to take in besides those that ship with policykg. Repeatable.",
        ),
    ):
        command = option(command)
    return command


@main.command()
@source_options
@settings_options
def build(
    data: Path | None,
    config: Path | None,
    reports: tuple[Path, ...],
    source_texts: tuple[Path, ...],
    require_reasoner: bool,
) -> None:
    """Check the sources, build the graph from them and put it into service.

    If a check fails, nothing is published, and the last good version stays in service. The same
    sources make the same bytes; a build that changes nothing makes no new version. Reports of which
    nothing changed since the last build, nor anything that all share, are not checked again.
    """
    from kg.build.pipeline import Options
    from kg.build.pipeline import build as run
    from kg.search.files import index_current

    settings = load_settings(config=config, data=data, reports=reports or None)
    with showing_progress() as progress:
        outcome = run(settings, Options(source_texts, require_reasoner, progress=progress))
    index_current(settings)
    click.echo(outcome.report.table())
    if outcome.report.findings():
        click.echo(f"\n{outcome.report.findings()}")
    derived = outcome.dataset.derived
    click.echo(
        f"\n{outcome.parts()}\n"
        f"Version {outcome.version.number} is {'new' if outcome.new else 'unchanged'}: "
        f"{outcome.version.quads} statements, {derived} of them derived, in {settings.data}"
    )


@main.command()
@source_options
@settings_options
def check(
    data: Path | None,
    config: Path | None,
    reports: tuple[Path, ...],
    source_texts: tuple[Path, ...],
    require_reasoner: bool,
) -> None:
    """Check the sources without building anything.

    Besides what a build checks, every constraint of every shape is tried by a mutant of the data,
    and in a checkout of the project the competency questions are asked.

    Prints a table of what was looked at, and every fault with its place and what to do. The exit
    status is 0 only if there is none.
    """
    from kg.build.pipeline import Options
    from kg.build.pipeline import check as run

    settings = load_settings(config=config, data=data, reports=reports or None)
    with showing_progress() as progress:
        options = Options(source_texts, require_reasoner, trials=True, progress=progress)
        report = run(settings, options).report
    if report.findings():
        click.echo(report.findings() + "\n")
    click.echo(report.table())
    if not report.passed:
        sys.exit(1)


@main.command()
@click.argument("question", required=False)
@click.option(
    "--param",
    "-p",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of a parameter of a catalogue question; the example is taken without it. "
    "Repeatable.",
)
@click.option(
    "--format",
    "-f",
    "format_name",
    default="table",
    show_default=True,
    help="table, json, xml, csv or tsv for rows; ttl, nt, rdf, jsonld, trig or nq for graphs. "
    "The rows of a question of the catalogue can be ttl, too.",
)
@settings_options
def query(
    question: str | None,
    params: tuple[str, ...],
    format_name: str,
    data: Path | None,
    config: Path | None,
) -> None:
    """Ask the built graph.

    QUESTION is the name of a catalogue question, the path of a file with a SPARQL query, or - for
    a query on standard input. Without it, the catalogue's questions are listed.
    """
    from kg.asking import answer_text
    from kg.asking import list_questions
    from kg.asking import standard_input

    if question is None:
        click.echo(list_questions())
        return
    settings = load_settings(config=config, data=data)
    text = standard_input() if question == "-" else None
    # As bytes, because an answer is UTF-8 wherever it goes: XML says so of itself.
    click.echo(answer_text(settings, question, text, params, format_name).encode(), nl=False)


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--format",
    "-f",
    "format_name",
    default="table",
    show_default=True,
    help="table, json, xml, csv, tsv or ttl.",
)
@settings_options
def ask(words: tuple[str, ...], format_name: str, data: Path | None, config: Path | None) -> None:
    """Ask in plain words.

    WORDS such as "what is unclear about NISP" are matched with the questions of the catalogue. The
    best ones are named, with the commands that ask them, and the first one is answered. In other
    formats than table only the answer goes to standard output.
    """
    from kg.asking import proposals_text

    settings = load_settings(config=config, data=data)
    proposed, answer = proposals_text(settings, " ".join(words), format_name)
    click.echo(proposed.encode(), nl=False, err=format_name != "table")
    click.echo(answer.encode(), nl=False)


@main.command()
@click.option("--settings", "show_settings", is_flag=True, help="List all settings instead.")
@settings_options
def info(show_settings: bool, data: Path | None, config: Path | None) -> None:
    """Say what is in service: version, digest, graphs and their sizes."""
    from kg.asking import describe_settings
    from kg.asking import describe_version

    settings = load_settings(config=config, data=data)
    click.echo(describe_settings(settings) if show_settings else describe_version(settings))


@contextmanager
def showing_progress() -> Iterator[Callable[[str], None]]:
    """Show the step that runs and how many there are, if a terminal looks on; else nothing."""
    from kg.build.pipeline import STEPS

    bar: Any = click.progressbar(
        length=STEPS,
        label="Building",
        file=sys.stderr,
        show_eta=False,
        hidden=not sys.stderr.isatty(),
        item_show_func=lambda step: step,
    )
    with bar:
        yield lambda step: bar.update(1, step)
