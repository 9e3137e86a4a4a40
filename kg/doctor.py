"""What is right and wrong with an installation, each in one line that says what to do."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from datetime import datetime
from importlib.util import find_spec

from kg.doctor_machine import descriptors
from kg.doctor_machine import disk
from kg.doctor_machine import existing
from kg.doctor_machine import python
from kg.doctor_machine import reasoner
from kg.doctor_machine import temporary_folder
from kg.doctor_machine import walls
from kg.doctor_sign import Sign
from kg.engine.versions import FAULTS
from kg.engine.versions import VersionStore
from kg.errors import PolicykgError
from kg.errors import StoreMissing
from kg.settings import Settings
from kg.tokens import TokenFile


def examine(settings: Settings) -> list[Sign]:
    """Return the signs of the installation that ``settings`` describe; nothing is changed."""
    looks: list[Callable[[Settings], Iterator[Sign]]] = [
        python,
        _data_folder,
        _graph,
        _sources,
        disk,
        temporary_folder,
        descriptors,
        walls,
        reasoner,
        _tokens,
        _tracing,
        _remote_engine,
    ]
    return [sign for look in looks for sign in look(settings)]


def _data_folder(settings: Settings) -> Iterator[Sign]:
    data = settings.data
    if not os.access(existing(data), os.W_OK):
        yield Sign(
            "data folder",
            "fault",
            f"{data} cannot be written",
            "Give a folder that you may write with --data or POLICYKG_DATA.",
        )
        return
    left = sorted((data / "versions").glob(".new-*")) if data.is_dir() else []
    if left:
        yield Sign(
            "data folder",
            "note",
            f"{len(left)} half-done version(s): a write is under way, or was killed",
            "The next write clears them away.",
        )
    else:
        yield Sign("data folder", "ok", str(data))


def _graph(settings: Settings) -> Iterator[Sign]:
    if settings.engine != "embedded":
        return
    versions = VersionStore(settings.data)
    try:
        version = versions.current()
        held = len(versions.open(version))
    except StoreMissing as error:
        yield Sign("graph", "note", error.detail, "`policykg serve` and `build` make one.")
    except (PolicykgError, *FAULTS) as error:
        yield Sign("graph", "fault", str(error))
    else:
        if held == version.quads:
            yield Sign("graph", "ok", f"version {version.number} with {held} statements")
        else:
            yield Sign(
                "graph",
                "fault",
                f"version {version.number} has {held} statements and should have {version.quads}",
                "Restore a backup with `policykg restore FILE`.",
            )


def _sources(settings: Settings) -> Iterator[Sign]:
    if VersionStore(settings.data).last() is None:
        return
    from kg.build.stamp import is_current

    if is_current(settings):
        yield Sign("build", "ok", "made from the sources as they are")
    else:
        yield Sign("build", "note", "the sources have changed since", "Run `policykg build`.")


def _tokens(settings: Settings) -> Iterator[Sign]:
    try:
        tokens = TokenFile(settings.data).read()
    except PolicykgError as error:
        yield Sign("tokens", "fault", str(error))
        return
    now = datetime.now(UTC)
    expired = [token.name for token in tokens if not token.is_valid(now)]
    if expired:
        yield Sign(
            "tokens",
            "note",
            f"expired: {', '.join(expired)}",
            "Remove them: `policykg token revoke`.",
        )
    elif tokens:
        yield Sign("tokens", "ok", f"{len(tokens)} may write")
    else:
        yield Sign("tokens", "ok", "none, so nobody can write")


def _tracing(settings: Settings) -> Iterator[Sign]:
    if settings.tracing == "off":
        return
    needed = {"console": "opentelemetry.sdk", "otlp": "opentelemetry.exporter.otlp.proto.http"}
    try:
        found = find_spec(needed[settings.tracing])
    except ModuleNotFoundError:
        found = None
    if found:
        yield Sign("tracing", "ok", f"spans go to {settings.tracing}")
    else:
        yield Sign(
            "tracing",
            "fault",
            "OpenTelemetry is not installed, so that there are no spans",
            "Run `pip install 'policykg[tracing]'`, or unset POLICYKG_TRACING.",
        )


def _remote_engine(settings: Settings) -> Iterator[Sign]:
    if settings.engine != "remote":
        return
    from kg.engine.opening import open_engine

    try:
        with closing(open_engine(settings)) as engine:
            there = engine.version()
    except PolicykgError as error:
        yield Sign("remote engine", "fault", str(error))
        return
    built = VersionStore(settings.data).last()
    if built and built.version.digest != there.digest:
        yield Sign(
            "remote engine",
            "note",
            f"holds version {there.number}, built is version {built.version.number}",
            "Run `policykg load`, unless users have written since.",
        )
    else:
        yield Sign("remote engine", "ok", f"holds version {there.number}")
