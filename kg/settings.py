"""One typed settings object, read once from defaults, a TOML file, the environment and options."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from pathlib import Path
from typing import Any

from kg.errors import SettingsError
from kg.namespaces import BASE

ENVIRONMENT_PREFIX = "POLICYKG_"
DEFAULT_GRAPHS = ("union", "separate")
CHOICES = {
    "default_graph": DEFAULT_GRAPHS,
    "engine": ("embedded", "remote"),
    "log_level": ("debug", "info", "warning", "error"),
    "metrics": ("local", "token", "open", "off"),
    "reading": ("open", "token"),
    "remote_union": ("list", "engine"),
    "tracing": ("off", "console", "otlp"),
}
SECRETS = frozenset(("engine_password",))
CONFIG_VARIABLE = "POLICYKG_CONFIG"


def _setting(default: Any, doc: str, low: float = 1, high: float = 10_000) -> Any:
    """Return a field; a number must lie between ``low`` and ``high``."""
    return field(default=default, metadata={"doc": doc, "low": low, "high": high})


def _default_data() -> Path:
    from platformdirs import user_data_path  # imported when needed: a start is to be quick

    return user_data_path("policykg", appauthor=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a build and of a server; ``metadata["doc"]`` says what each one does."""

    data: Path = field(
        default_factory=_default_data,
        metadata={"doc": "Folder of the built graph. Default: policykg in the user's data folder."},
    )
    host: str = _setting("127.0.0.1", "Address on which `serve` listens.")
    port: int = _setting(8000, "Port on which `serve` listens; 0 takes a free one.", 0, 65535)
    public_url: str = _setting(
        "",
        "Address under which users reach the server, for links that leave it.",
    )
    trusted_proxy: str = _setting(
        "", "Address of a proxy whose X-Forwarded-For names the client; empty: none is believed."
    )
    default_graph: str = _setting(
        "union",
        "What a query without a dataset sees: all graphs (`union`) or the default (`separate`).",
    )
    upload_mb: int = _setting(64, "Megabytes that the body of a request may have.", 1, 10_000)
    query_seconds: float = _setting(10.0, "Seconds that a query may take.", 0.1, 86_400)
    query_memory_mb: int = _setting(
        1024, "Megabytes of memory that a query may take.", 16, 1_000_000
    )
    memory_mb: int = _setting(
        1280, "Megabytes of memory that all running queries may take together.", 64, 1_000_000
    )
    result_mb: int = _setting(256, "Megabytes that an answer may have.", 1, 1_000_000)
    result_rows: int = _setting(
        1_000_000, "Rows or statements that an answer may have; 0: no limit.", 0, 10**12
    )
    workers: int = _setting(
        4, "Number of worker processes, and so of queries that run at once.", 1, 1000
    )
    queue_length: int = _setting(32, "Number of queries that may wait for a worker.", 0)
    queue_seconds: float = _setting(10.0, "Seconds that a query may wait for a worker.", 0, 86_400)
    client_queries: int = _setting(8, "Number of queries that one client may have under way.")
    client_query_seconds: float = _setting(
        60.0, "Seconds of queries that one client may use in a minute; 0: no limit.", 0, 1_000_000
    )
    update_seconds: float = _setting(
        60.0, "Seconds that a write may take, waiting for other writes included.", 0.1, 86_400
    )
    page_workers: int = _setting(2, "Number of worker processes for the queries of pages.", 1, 1000)
    page_query_seconds: float = _setting(
        10.0, "Seconds that a query of a page may take.", 0.1, 86_400
    )
    cache_mb: int = _setting(
        64, "Megabytes of answers that are kept for when the same is asked again; 0: none.", 0
    )
    page_cache_mb: int = _setting(
        32, "Megabytes of pages that are kept for when they are asked for again; 0: none.", 0
    )
    engine: str = _setting(
        "embedded",
        "What answers queries: the built-in store (`embedded`), or a service elsewhere (`remote`).",
    )
    query_url: tuple[str, ...] = _setting(
        (), "Addresses that answer queries for a remote engine, comma-separated; each has all data."
    )
    update_url: str = _setting("", "Address that takes updates for a remote engine.")
    store_url: str = _setting("", "Address of the graph store of a remote engine.")
    engine_user: str = _setting("", "Name with which the server logs in to a remote engine.")
    engine_password: str = field(
        default="",
        repr=False,
        metadata={"doc": "Password for that name; better in the environment than in a file."},
    )
    remote_union: str = _setting(
        "list",
        "How a remote engine is asked for all graphs: `list` names them, `engine` leaves it to it.",
    )
    base_iri: str = _setting(BASE, "Base IRI of the graph that `build` makes; ends with a slash.")
    services: tuple[str, ...] = _setting(
        (),
        "Endpoints that queries may ask by SERVICE, comma-separated; `http://host:*`: any there.",
    )
    service_seconds: float = _setting(
        10.0, "Seconds that a query with SERVICE may take.", 0.1, 86_400
    )
    load_sources: tuple[str, ...] = _setting(
        (),
        "Addresses from which updates may LOAD, comma-separated; one that ends with a slash: all "
        "below it.",
    )
    load_seconds: float = _setting(
        10.0, "Seconds that fetching the documents of an update may take.", 0.1, 86_400
    )
    reading: str = _setting(
        "open",
        "Who may read: everybody (`open`), or holders of a token with the scope query (`token`).",
    )
    reports: tuple[Path, ...] = _setting(
        (), "Folders of reports to build besides those that ship with policykg, comma-separated."
    )
    cache_seconds: int = _setting(
        300, "Seconds that browsers may keep a page before asking again.", 0, 31_536_000
    )
    reconcile_batch: int = _setting(
        200, "Names that one request may ask the reconciliation service for, and things to extend."
    )
    page_rows: int = _setting(100, "Rows of a table on a page before it is cut into further pages.")
    log_level: str = _setting(
        "info", "What is logged: `debug`, `info` (with a line a request), `warning` or `error`."
    )
    metrics: str = _setting(
        "local",
        "Who may read `/metrics`: this machine and holders of a token with the scope query "
        "(`local`), only such holders (`token`), everybody (`open`), nobody (`off`).",
    )
    tracing: str = _setting(
        "off", "Where spans go: nowhere (`off`), to standard error (`console`), to `otlp`."
    )
    drain_seconds: float = _setting(
        0.0,
        "Seconds for which a server that is told to stop still answers, while `/readyz` says 503.",
        0,
        3600,
    )


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
    import tomllib  # imported when needed: a start is to be quick

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
    described = next(f for f in fields(Settings) if f.name == name)
    try:
        if isinstance(described.default, int | float):
            return _number(value, type(described.default), described.metadata)
        if name == "reports":
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(_path(part) for part in parts if str(part).strip())
        if name in ("services", "load_sources", "query_url"):
            return _endpoints(value)
        if name == "data":
            return _path(value)
        if not isinstance(value, str):
            raise ValueError("is not text")
        if name == "base_iri" and not (
            value.startswith(("http://", "https://")) and value.endswith("/")
        ):
            raise ValueError("is not an http or https IRI that ends with a slash")
        if name == "public_url" and value and not value.startswith(("http://", "https://")):
            raise ValueError("is not an http or https address")
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"is none of {', '.join(CHOICES[name])}")
        if name in ("update_url", "store_url") and value:
            return _endpoints([value])[0]
        return value.rstrip("/") if name == "public_url" else value
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The value {value!r} {error}", where=where, remedy="Give another value."
        ) from None


def _path(text: Any) -> Path:
    try:
        return Path(str(text).strip() if isinstance(text, str) else text).expanduser()
    except RuntimeError:
        raise ValueError("names the home of a user who is not known") from None


def _endpoints(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    endpoints = tuple(part.strip() for part in parts if str(part).strip())
    if not all(part.startswith(("http://", "https://")) for part in endpoints):
        raise ValueError("is not a list of http or https addresses")
    return endpoints


def _number(value: Any, kind: type[int] | type[float], limits: Mapping[str, float]) -> float:
    what = "a whole number" if kind is int else "a number"
    # A TOML file has types of its own; int() would take true for 1 and cut 80.5.
    if isinstance(value, bool) or (kind is int and isinstance(value, float)):
        raise ValueError(f"is not {what}")
    try:
        number = kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"is not {what}") from None
    if not limits["low"] <= number <= limits["high"]:
        raise ValueError(f"is not between {limits['low']:g} and {limits['high']:g}")
    return number
