"""What every view works with, gathered in one object."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from flask import current_app

from kg.catalogue import CatalogueQuery
from kg.catalogue import load_catalogue
from kg.catalogue.federated import load_federated
from kg.engine.interface import Engine
from kg.settings import Settings
from kg.tokens import TokenFile
from server.links import Links

EXTENSION = "policykg"
_ANY_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True, slots=True)
class Service:
    """The settings, the engine, the catalogue by name, the addresses of this server, and the tokens
    with which it may be written to.
    """

    settings: Settings
    engine: Engine
    links: Links
    tokens: TokenFile

    @property
    def catalogue(self) -> Mapping[str, CatalogueQuery]:
        """The questions that ship with policykg, read when they are first needed."""
        return _catalogue(self.settings.base_iri, self.settings.services)

    @property
    def address(self) -> str:
        """The address under which users reach this server, without a slash at the end.

        It comes from the settings and never from the request, whose Host header anyone can forge.
        """
        return public_address(self.settings)


def public_address(settings: Settings) -> str:
    """Return the address under which users reach the server that has these settings."""
    if settings.public_url:
        return settings.public_url
    host = _ANY_ADDRESS.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


@cache
def _catalogue(base: str, services: tuple[str, ...]) -> Mapping[str, CatalogueQuery]:
    """Return the questions; those to other endpoints only where some may be asked."""
    elsewhere = load_federated(base, services) if services else {}
    return {**load_catalogue(base), **elsewhere}


def service() -> Service:
    """Return the service of the application that handles the request."""
    return cast(Service, current_app.extensions[EXTENSION])
