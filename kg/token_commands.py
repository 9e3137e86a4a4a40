"""The commands `policykg token`: who may ask and write."""

from pathlib import Path

import click

from kg.cli import main
from kg.cli import settings_options
from kg.settings import load_settings


@main.group()
def token() -> None:
    """Make, list and revoke the tokens with which the graph may be asked and written to."""


@token.command()
@click.argument("name")
@click.option(
    "--graphs",
    multiple=True,
    metavar="PREFIX",
    help="Allow only graphs whose IRI starts with this, by way of the graph store; SPARQL Update "
    "is not allowed then. Repeatable.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(("query", "update")),
    help="What it is good for: query (a share of its own, and reading where not everybody may) or "
    "update (writing). Repeatable. Default: both.",
)
@click.option(
    "--days", type=click.IntRange(min=1), help="Days until it expires. Default: it does not."
)
@settings_options
def create(
    name: str,
    graphs: tuple[str, ...],
    scopes: tuple[str, ...],
    days: int | None,
    data: Path | None,
    config: Path | None,
) -> None:
    """Make a token and print it. It is shown this once; only its hash is kept."""
    from kg.tokens import SCOPES
    from kg.tokens import TokenFile

    if graphs and scopes and "update" not in scopes:
        raise click.UsageError("--graphs says what may be written: it needs --scope update.")

    settings = load_settings(config=config, data=data)
    text, made = TokenFile(settings.data).create(name, graphs, days, scopes or SCOPES)
    click.echo(text)
    click.echo(f"Token {made.id} is for {name!r}. Keep it: it is not shown again.", err=True)


@token.command("list")
@settings_options
def list_tokens(data: Path | None, config: Path | None) -> None:
    """List the tokens: identifier, name, scopes, graphs, and when they were made and expire."""
    from kg.tokens import TokenFile

    settings = load_settings(config=config, data=data)
    for one in TokenFile(settings.data).read():
        graphs = " ".join(one.graphs) or "all graphs"
        expires = f"expires {one.expires}" if one.expires else "does not expire"
        scopes = "+".join(one.scopes)
        click.echo(f"{one.id}  {one.name}  {scopes}  {graphs}  made {one.created}, {expires}")


@token.command()
@click.argument("identifier")
@settings_options
def revoke(identifier: str, data: Path | None, config: Path | None) -> None:
    """Revoke the token with this IDENTIFIER; running servers notice at once."""
    from kg.tokens import TokenFile

    settings = load_settings(config=config, data=data)
    TokenFile(settings.data).revoke(identifier)
    click.echo(f"Token {identifier} is revoked.")
