"""Which engine the settings mean."""

from typing import Protocol

from kg.engine.figures import Measured
from kg.engine.interface import Engine
from kg.engine.interface import Writable
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.errors import SettingsError
from kg.settings import Settings


class ServedEngine(Engine, Writable, Measured, Protocol):
    """An engine that takes writes and has figures; a server starts it before the first request."""

    def start(self) -> None:
        """Get ready; raises :class:`~kg.errors.PolicykgError` if it cannot."""
        ...


def open_engine(settings: Settings) -> ServedEngine:
    """Return the engine of ``settings``; nothing is asked of it yet.

    Raises :class:`~kg.errors.SettingsError` for a remote engine without an address.
    """
    limits = Limits.of(settings)
    if settings.engine == "embedded":
        return IsolatedEngine(
            settings.data,
            limits,
            union=settings.default_graph == "union",
            services=settings.services,
            load_sources=settings.load_sources,
        )
    if not settings.query_url:
        raise SettingsError(
            "A remote engine needs an address",
            where="POLICYKG_QUERY_URL",
            remedy="Set the address at which it answers queries.",
        )
    from kg.engine.remote.engine import RemoteEngine  # most servers need none of it

    return RemoteEngine(settings, limits)
