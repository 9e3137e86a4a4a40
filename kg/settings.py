"""One typed settings object, read once from defaults, a TOML file, the environment and options."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from kg.errors import SettingsError
from kg.namespaces import BASE

ENVIRONMENT_PREFIX = "POLICYKG_"
CONFIG_VARIABLE = "POLICYKG_CONFIG"


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


def _default_data() -> Path:
    return user_data_path("policykg", appauthor=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a build and of a server; ``metadata["doc"]`` says what each one does."""

    data: Path = field(
        default_factory=_default_data,
        metadata={"doc": "Folder of the built graph. Default: policykg in the user's data folder."},
    )
    host: str = _setting("127.0.0.1", "Address on which `serve` listens.")
    port: int = _setting(8000, "Port on which `serve` listens; 0 takes a free one.")
    public_url: str = _setting(
        "",
        "Address under which users reach the server, for links that leave it.",
    )
    processes: int = _setting(1, "Number of server processes.")
    threads: int = _setting(8, "Number of threads in each server process.")
    base_iri: str = _setting(BASE, "Base IRI of the graph that `build` makes; ends with a slash.")
    reports: tuple[Path, ...] = _setting(
        (), "Folders of reports to build besides those that ship with policykg, comma-separated."
    )
    cache_seconds: int = _setting(300, "How long browsers may keep a page before asking again.")
    page_rows: int = _setting(100, "Rows of a table on a page before it is cut into further pages.")


def load_settings(
    environ: Mapping[str, str] | None = None, config: Path | None = None, **overrides: Any
) -> Settings:
    """Return the settings: defaults, then the TOML file, then the environment, then overrides.

    The TOML file is ``config`` or the one that ``POLICYKG_CONFIG`` names; environment variables
    are ``POLICYKG_`` and the setting's name in capitals. Overrides that are ``None`` are left out.
    Raises :class:`~kg.errors.SettingsError` for an unknown name or a value that does not fit.
    """
    environ = os.environ if environ is None else environ
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    named = config or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    if named:
        for name, value in _read_toml(named).items():
            if name not in known:
                raise _unknown(name, str(named))
            values[name] = _convert(name, value, f"{name} in {named}")
    for variable, text in environ.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable == CONFIG_VARIABLE:
            continue
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if name.startswith("test_"):
            continue
        if name not in known:
            raise _unknown(variable, "environment")
        values[name] = _convert(name, text, variable)
    for name, value in overrides.items():
        if value is not None:
            values[name] = _convert(name, value, name)
    return Settings(**values)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The settings file cannot be read: {error}",
            where=str(path),
            remedy=f"Correct the file, or unset {CONFIG_VARIABLE}.",
        ) from None


def _unknown(name: str, where: str) -> SettingsError:
    known = ", ".join(sorted(f.name for f in fields(Settings)))
    return SettingsError(f"There is no setting {name}", where=where, remedy=f"Known: {known}.")


def _convert(name: str, value: Any, where: str) -> Any:
    try:
        if name in ("port", "processes", "threads", "cache_seconds", "page_rows"):
            return _number(name, value)
        if name == "reports":
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(Path(part).expanduser() for part in parts if str(part).strip())
        if name == "data":
            return Path(value).expanduser()
        if not isinstance(value, str):
            raise ValueError("is not text")
        if name == "base_iri" and not (
            value.startswith(("http://", "https://")) and value.endswith("/")
        ):
            raise ValueError("is not an http or https IRI that ends with a slash")
        if name == "public_url" and value and not value.startswith(("http://", "https://")):
            raise ValueError("is not an http or https address")
        return value.rstrip("/") if name == "public_url" else value
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The value {value!r} {error}", where=where, remedy="Give another value."
        ) from None


def _number(name: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ValueError("is not a whole number") from None
    low, high = {"port": (0, 65535), "cache_seconds": (0, 31_536_000)}.get(name, (1, 10_000))
    if not low <= number <= high:
        raise ValueError(f"is not between {low} and {high}")
    return number
