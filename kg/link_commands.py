"""The commands for links to other datasets: link suggest, review, check."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import FOLDER
from kg.cli import main
from kg.cli import settings_options
from kg.errors import BadParameter
from kg.errors import CheckFailed
from kg.settings import load_settings

if TYPE_CHECKING:
    from kg.linking.review import Review  # imported when needed: every command loads this file

_KEYS = "a accept, r reject, c change relation, m comment, s skip, u undo, q quit"


@main.group()
def link() -> None:
    """Links to other datasets: suggest them, decide them, check them.

    Links are rows of SSSOM tables in kg/links; a build turns them into statements.
    """


@link.command("suggest")
@click.option("--target", type=FOLDER, required=True, help="File of the dataset to link to.")
@click.option("--mapping", type=FOLDER, help="CSVW mapping, if the target is a table.")
@click.option("--source", metavar="URL", default="", help="Address of the dataset, for the rows.")
@click.option("--threshold", default=0.8, show_default=True, help="Lowest score, from 0 to 1.")
@click.option("--limit", default=3, show_default=True, help="Candidates for a thing, at most.")
@click.option("--all", "every", is_flag=True, help="Also for things that need no link.")
@click.option("--output", "-o", type=FOLDER, help="File to write. Default: standard output.")
@settings_options
def suggest(
    target: Path,
    mapping: Path | None,
    source: str,
    threshold: float,
    limit: int,
    every: bool,
    output: Path | None,
    data: Path | None,
    config: Path | None,
) -> None:
    """Suggest links to the dataset in a file, as SSSOM rows for a person to decide.

    Each row says why it has its score. Pairs that were decided are not suggested again.
    """
    from kg.dataset_commands import target_format
    from kg.linking.graph import entities
    from kg.linking.mapping_file import new_mapping_file
    from kg.linking.rows import suggestion_rows
    from kg.linking.session import link_state
    from kg.linking.session import target_quads

    settings = load_settings(config=config, data=data)
    if not 0 <= threshold <= 1:
        raise BadParameter("It is not from 0 to 1", where="--threshold", remedy="Give 0.8.")
    kind, mapped, address = target_format(target, mapping)
    quads = target_quads(target, kind, mapped, settings.base_iri)
    found = link_state(settings).suggestions(entities(quads), threshold, limit, every)
    table = new_mapping_file(
        output or Path("suggestions.sssom.tsv"), f"Suggested links to {target.name}",
        settings.base_iri,
    )  # fmt: skip
    table.rows = suggestion_rows(found, source or address)
    if output is None:
        click.echo(table.text(), nl=False)
        return
    table.save()
    click.echo(f"{len(table.rows)} suggestions are in {output}; decide them with `link review`")


@link.command("review")
@click.argument("candidates", type=FOLDER)
@click.option(
    "--into", type=FOLDER, required=True, help="Table that takes the decisions; made if missing."
)
@click.option("--author", required=True, help="Who decides; stands in each row.")
def review(candidates: Path, into: Path, author: str) -> None:
    """Decide the suggestions in the table CANDIDATES one by one, by keyboard.

    Each decision is written at once. A rejected pair becomes a negative row, which keeps it from
    being suggested again.
    """
    from kg.linking.mapping_file import load_mapping_file
    from kg.linking.mapping_file import new_mapping_file
    from kg.linking.review import Review
    from kg.linking.sssom import read_table

    title = "Links decided in review"
    given = load_mapping_file(candidates)
    table = load_mapping_file(into) if into.exists() else new_mapping_file(into, title)
    for one in (given, table):
        _, findings = read_table(one.text(), one.path.name, None)
        if findings:  # what is accepted is written as it is, and must be readable
            raise CheckFailed("\n".join(map(str, findings)))
    today = datetime.now(UTC).date().isoformat()
    ask(Review(given, table, author, today), _pressed)


def _pressed() -> str:
    try:
        return click.getchar()
    except OSError:
        raise BadParameter(
            "There is no terminal to read keys from",
            where="link review",
            remedy="Run it in a terminal, or write the decisions into the table yourself.",
        ) from None


def ask(one: "Review", key: Callable[[], str]) -> None:
    """Show each suggestion of the review and do what the pressed ``key`` says, until the end."""
    while (row := one.current) is not None:
        click.echo(f"\n{one.left} left. {_KEYS}")
        click.echo(f"  {row['subject_id']}  {row.get('subject_label', '')}")
        click.echo(f"  {row['predicate_id']}")
        click.echo(f"  {row['object_id']}  {row.get('object_label', '')}")
        click.echo(f"  {row.get('confidence', '')}  {row.get('comment', '')}")
        try:
            pressed = key().lower()
            if pressed in ("q", "\x03", "\x04", ""):
                break
            _do(one, pressed, key)
        except (EOFError, KeyboardInterrupt):
            break
        except BadParameter as fault:
            if fault.where == "link review":
                raise
            click.echo(f"  {fault}")
    accepted = len(one.table.rows)
    click.echo(f"\n{one.left} suggestions are left; {one.table.path} has {accepted} rows")


def _do(one: "Review", pressed: str, key: Callable[[], str]) -> None:
    if pressed == "a":
        one.accept()
    elif pressed == "r":
        one.reject()
    elif pressed == "s":
        one.skip()
    elif pressed == "u":
        if not one.undo():
            click.echo("  Nothing to undo.")
    elif pressed == "c":
        from kg.linking.review import RELATIONS

        click.echo("  " + ", ".join(f"{n} {name}" for n, name in enumerate(RELATIONS, 1)))
        number = key()
        one.relate(int(number) if number.isdigit() else 0)
    elif pressed == "m":
        one.comment(click.prompt("  comment", default="", show_default=False))
    else:
        click.echo(f"  Keys: {_KEYS}")


@link.command("check")
@click.option(
    "--target",
    "targets",
    type=FOLDER,
    multiple=True,
    help="File of a whole dataset; links to what it does not know are found. Repeatable.",
)
@click.option("--mapping", type=FOLDER, help="CSVW mapping, if the targets are tables.")
@click.option(
    "--table",
    "tables",
    type=FOLDER,
    multiple=True,
    help="SSSOM table of your own, checked together with the links here. Repeatable.",
)
@settings_options
def check(
    targets: tuple[Path, ...],
    mapping: Path | None,
    tables: tuple[Path, ...],
    data: Path | None,
    config: Path | None,
) -> None:
    """Check all links: forms, types, contradictions, chains, circles, coverage, dead targets.

    The exit status is 0 only if nothing is found.
    """
    from kg.dataset_commands import target_format
    from kg.linking.conflicts import conflicts
    from kg.linking.session import dead_targets
    from kg.linking.session import link_state
    from kg.linking.session import target_quads
    from kg.linking.session import with_table

    settings = load_settings(config=config, data=data)
    state = link_state(settings)
    for table in tables:
        state = with_table(state, table, settings.base_iri)
    rows, gaps = state.covered()
    findings = [*state.findings, *gaps]
    for target in targets:
        kind, mapped, _ = target_format(target, mapping)
        quads = target_quads(target, kind, mapped, settings.base_iri)
        findings += dead_targets(state.mappings, quads)
        known = {finding.message for finding in findings}
        found = conflicts(state.mappings, state.kinds, quads)
        findings += [finding for finding in found if finding.message not in known]
    for row in rows:
        click.echo(
            f"{row.kind}: {row.things}, {row.linked} linked, {row.sought} looked for in vain, "
            f"{row.undecided} undecided"
        )
    click.echo(f"{len(state.mappings)} rows, {len(findings)} faults")
    if findings:
        raise CheckFailed("\n".join(map(str, findings)))
