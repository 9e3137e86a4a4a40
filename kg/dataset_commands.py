"""The commands for datasets beside the graph: dataset add, list, presets, update, remove."""

from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kg.cli import FOLDER
from kg.cli import main
from kg.cli import settings_options
from kg.errors import BadParameter
from kg.errors import NotFound
from kg.settings import Settings
from kg.settings import load_settings


@main.group()
def dataset() -> None:
    """Datasets of other publishers beside the graph, each in a graph of its own.

    A build leaves them alone, and they are in no dump. Some come with policykg; see `dataset list`.
    With a remote engine, each change is made to the built graph here and brought there at once.
    """


@dataset.command("add")
@click.argument("source")
@click.option("--file", type=FOLDER, help="The publisher's file of the preset SOURCE.")
@click.option("--name", help="Name of the dataset. Default: that of the file or preset.")
@click.option("--title", help="What it is called.")
@click.option("--publisher", help="Who publishes it.")
@click.option("--from", "address", metavar="URL", help="Where it was fetched.")
@click.option("--licence", metavar="URL", help="Address of its licence; needed for a FILE.")
@click.option("--no-redistribution", is_flag=True, help="Its licence forbids passing it on.")
@click.option("--mapping", type=FOLDER, help="CSVW mapping of a table, as JSON.")
@settings_options
def add(
    source: str, file: Path | None, data: Path | None, config: Path | None, **given: Any
) -> None:
    """Add a dataset, from a file or from a preset.

    SOURCE is a file (RDF, a CSV or JSON table with --mapping, Popolo JSON), or the name of a preset
    with --file. Nothing is fetched. A file that cannot be read to its end changes nothing.
    """
    from kg.linking.datasets.beside import add as run

    settings = _settings(config, data)
    manifest, path = _manifest(source, file, given)
    version, changed = run(settings, manifest, path)
    click.echo(_said(manifest.name, version.number, changed))
    _publish(settings)
    if not manifest.redistribution:
        click.echo("Its licence does not permit redistribution: keep this server to yourself.")


@dataset.command("update")
@click.argument("name")
@click.argument("file", type=FOLDER)
@click.option("--mapping", type=FOLDER, help="CSVW mapping of a table, as JSON.")
@settings_options
def update(
    name: str, file: Path, mapping: Path | None, data: Path | None, config: Path | None
) -> None:
    """Put FILE in the place of what the added dataset NAME holds; its description stays."""
    from kg.linking.datasets.beside import add as run
    from kg.linking.datasets.beside import held_manifest

    settings = _settings(config, data)
    manifest = held_manifest(settings, name)
    preset = _presets().get(name)
    kind, mapped = (preset.format, preset.mapping) if preset else _guess(file, mapping)
    today = datetime.now(UTC).date()
    manifest = replace(manifest, format=kind, mapping=mapping or mapped, date=today)
    version, changed = run(settings, manifest, file)
    click.echo(_said(name, version.number, changed))
    _publish(settings)


@dataset.command("list")
@settings_options
def list_(data: Path | None, config: Path | None) -> None:
    """List the datasets: name, statements, date, licence, whether they may be passed on."""
    from kg.linking.datasets.beside import listed

    settings = load_settings(config=config, data=data)
    if settings.engine == "remote":
        from kg.linking.datasets.publishing import listed_there as listed  # of what answers
    found = listed(settings)
    for one in found:
        origin = "shipped" if one.shipped else "added"
        click.echo(f"{one.name}  {one.statements} statements, {origin}, of {one.date}")
        click.echo(f"  {one.title}\n  licence {one.licence}\n  {one.access}\n  {one.sha256}")
    if not found:
        click.echo("There is no dataset beside the graph.")


@dataset.command("presets")
def presets() -> None:
    """List the datasets that policykg knows how to read, with the files that they need."""
    for name, one in _presets().items():
        kept = "" if one.redistribution else "; may not be passed on"
        shipped = (
            f"; {'an extract' if one.extract else 'the whole'} is shipped" if one.shipped else ""
        )
        click.echo(f"{name}  {one.title}\n  {one.file} from {one.source}")
        click.echo(f"  {one.licence_name}{kept}{shipped}")


@dataset.command("remove")
@click.argument("name")
@settings_options
def remove(name: str, data: Path | None, config: Path | None) -> None:
    """Remove the added dataset NAME."""
    from kg.linking.datasets.beside import remove as run

    settings = _settings(config, data)
    version = run(settings, name)
    click.echo(f"Version {version.number} is without the dataset {name}")
    _publish(settings)


def _settings(config: Path | None, data: Path | None) -> Settings:
    """Return the settings of a command that changes something."""
    settings = load_settings(config=config, data=data)
    if settings.engine == "remote":
        from kg.linking.datasets.publishing import check_built

        check_built(settings)
    return settings


def _publish(settings: Settings) -> None:
    """Bring the change to the remote engine, if one is in service."""
    if settings.engine != "remote":
        return
    from kg.linking.datasets.publishing import publish

    loaded = publish(settings, lambda said: click.echo(said, err=True))
    click.echo(f"The remote engine has it: {loaded.sent} graphs sent, {loaded.removed} removed")


def _said(name: str, number: int, changed: bool) -> str:
    return f"Version {number} holds the dataset {name}{'' if changed else ' already, unchanged'}"


def _presets() -> dict[str, Any]:
    from kg.build.layout import packaged_layout
    from kg.linking.datasets.manifest import read_manifests

    folder = packaged_layout().datasets
    return dict(read_manifests(folder)) if folder else {}


def _manifest(source: str, file: Path | None, given: dict[str, Any]) -> tuple[Any, Path]:
    """Return the manifest of what is to be added, and its file."""
    from kg.linking.datasets.description import checksum
    from kg.linking.datasets.manifest import check_name

    known = _presets()
    path = file or Path(source)
    if source in known and file is None:
        one = known[source]
        raise BadParameter(
            f"The preset {source} needs the publisher's file",
            where="--file",
            remedy=f"Get {one.file} from {one.source} and give it with --file.",
        )
    if not path.is_file():
        raise NotFound(
            f"{source} is neither a preset nor a file",
            where=str(path),
            remedy=f"Presets: {', '.join(known)}.",
        )
    total = checksum(path)
    preset = known.get(source) or next((m for m in known.values() if m.sha256 == total), None)
    if preset:
        if preset.sha256 and preset.sha256 != total:
            click.echo("The file is another edition than the one that policykg knows.", err=True)
        named = check_name(given["name"] or preset.name)
        return replace(preset.whole(), name=named), path
    return _described(path, given), path


def _described(path: Path, given: dict[str, Any]) -> Any:
    from kg.linking.datasets.manifest import Manifest
    from kg.linking.datasets.manifest import check_name

    for option in ("licence", "address"):
        if not (given[option] or "").startswith(("http://", "https://")):
            raise BadParameter(
                "A dataset without a licence and a source cannot be added",
                where="--licence" if option == "licence" else "--from",
                remedy="Give the address of its licence with --licence, and where it is from "
                "with --from.",
            )
    kind, mapping = _guess(path, given["mapping"])
    return Manifest(
        name=check_name(given["name"] or path.name.split(".")[0].lower()),
        title=given["title"] or path.name,
        publisher=given["publisher"] or "not stated",
        source=given["address"],
        licence=given["licence"],
        licence_name=given["licence"],
        format=kind,
        date=date.fromtimestamp(path.stat().st_mtime),
        redistribution=not given["no_redistribution"],
        mapping=mapping,
    )


def _guess(path: Path, mapping: Path | None) -> tuple[str, Path | None]:
    if mapping or path.suffix in (".csv", ".tsv"):
        return "csvw", mapping
    return ("popolo" if path.suffix == ".json" else "rdf"), None


def target_format(path: Path, mapping: Path | None) -> tuple[str, Path | None, str]:
    """Return the format of the file ``path``, its CSVW mapping, and the address of the dataset.

    A file that a preset knows by its checksum is read as the preset says. Raises
    :class:`~kg.errors.NotFound` if there is no such file.
    """
    from kg.linking.datasets.description import checksum

    if not path.is_file():
        raise NotFound("There is no such file", where=str(path), remedy="Check the path.")
    total = checksum(path)
    preset = next((one for one in _presets().values() if one.sha256 == total), None)
    if preset and mapping is None:
        return preset.format, preset.mapping, preset.source
    return (*_guess(path, mapping), "")
