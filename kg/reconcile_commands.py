"""The command that fills a table with what its names stand for."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TextIO

import click

from kg.cli import main
from kg.cli import settings_options
from kg.errors import BadParameter
from kg.settings import Settings
from kg.settings import load_settings

if TYPE_CHECKING:
    from kg.engine.interface import Engine
    from kg.reconcile.reconciler import Suggesting


@main.command()
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--column", required=True, help="Header, or number, of the column with the names.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="CLASS",
    help="What the names are names of, such as Actor or Country. Repeatable.",
)
@click.option(
    "--property",
    "-p",
    "properties",
    multiple=True,
    metavar="PROPERTY",
    help="What to add of each thing, such as wikidata, eurovoc or pol:policyOf. Repeatable.  "
    "[default: Wikidata, ISO 3166-1, EuroVoc]",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write, as CSV in UTF-8.",
)
@click.option("--encoding", help="Encoding of the table.  [default: guessed]")
@click.option("--separator", help="Sign between cells of the table.  [default: guessed]")
@settings_options
def reconcile(
    table: Path,
    column: str,
    types: tuple[str, ...],
    properties: tuple[str, ...],
    output: Path,
    encoding: str | None,
    separator: str | None,
    data: Path | None,
    config: Path | None,
) -> None:
    """Fill a table with the IRIs and identifiers of what its names stand for.

    TABLE is a CSV file. Where it is certain what a name stands for, the row gets IRI, name and
    identifiers; elsewhere the best candidate with its score and reason, for a person to decide.
    """
    from kg.reconcile.filling import DEFAULT_PROPERTIES
    from kg.reconcile.filling import Counts
    from kg.reconcile.filling import Filling
    from kg.reconcile.reconciler import Reconciler
    from kg.reconcile.tables import opened
    from kg.reconcile.tables import safe
    from kg.reconcile.tables import writer

    if separator is not None and len(separator) != 1:
        raise BadParameter("It is not one sign", where="--separator", remedy="Give such as ';'.")
    settings = load_settings(config=config, data=data)
    counts = Counts()
    with opened(table, encoding, separator) as source:
        place = source.column(column)
        with _engine(settings) as engine:
            known = Reconciler(engine, settings.base_iri).current().reconciliation()
            filling = Filling(
                known,
                source,
                place,
                tuple(_class(known.suggester, one) for one in types),
                properties or DEFAULT_PROPERTIES,
            )
            with _whole_file(output) as out:
                rows = writer(out)
                rows.writerow([safe(cell) for cell in filling.header()])
                for row in filling.rows(counts):
                    rows.writerow([safe(cell) for cell in row])
    click.echo(
        f"{counts.rows} rows, {counts.named} with a name: {counts.matched} certain, "
        f"{counts.named - counts.matched} to be decided, in {output} "
        f"(read as {source.encoding}, cells apart by {source.separator!r})"
    )


def _class(suggester: "Suggesting", name: str) -> str:
    """Return the IRI of the class ``name``; raises if nothing is of it."""
    iri = suggester.class_iri(name)
    if iri not in suggester.classes:
        known = sorted(one.rpartition("#")[2] for one in suggester.classes if "policykg" in one)
        raise BadParameter(
            f"Nothing in the graph is of the class {name[:80]!r}",
            where="--type",
            remedy=f"Such as {', '.join(known)[:600]}.",
        )
    return iri


@contextmanager
def _engine(settings: Settings) -> Iterator["Engine"]:
    """Open the engine of ``settings`` for queries of our own."""
    from kg.engine.embedded import EmbeddedEngine
    from kg.engine.opening import open_engine

    if settings.engine == "embedded":
        engine: Engine = EmbeddedEngine(settings.data)
    else:
        remote = open_engine(settings)
        remote.start()
        engine = remote
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def _whole_file(output: Path) -> Iterator[TextIO]:
    """Open a file that takes the place of ``output`` when it is whole, and is gone if it fails."""
    try:
        handle, name = tempfile.mkstemp(prefix=".policykg-", dir=output.absolute().parent)
    except OSError as error:
        raise BadParameter(
            f"The file cannot be written: {error.strerror}",
            where=str(output),
            remedy="Give another.",
        ) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            yield out
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
