"""Figures for those who watch over the server, in the formats of Prometheus."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import request

from kg.errors import Forbidden
from kg.errors import NotFound
from kg.errors import Unauthorized
from server.auth import bearer
from server.page_cache import EXTENSION
from server.service import service

blueprint = Blueprint("metrics", __name__)

# What proxies put into the requests that they pass on.
_OF_PROXIES: Final = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return what is counted and measured, as text or OpenMetrics, whichever is accepted.

    Raises :class:`~kg.errors.Unauthorized` and :class:`~kg.errors.Forbidden` for those who may not
    read it, and :class:`~kg.errors.NotFound` where nobody may.
    """
    _check()
    # Imported when somebody first asks: a start is to be quick.
    from prometheus_client import CollectorRegistry
    from prometheus_client import ProcessCollector
    from prometheus_client.exposition import choose_encoder

    from server.metric_families import ServiceCollector

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    pages = current_app.extensions[EXTENSION].figures()
    registry.register(ServiceCollector(service().settings, service().engine, (pages,)))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    response = Response(encode(registry), content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _check() -> None:
    who = service().settings.metrics
    if who == "off":
        raise NotFound("This server tells no figures (POLICYKG_METRICS)")
    if who == "open" or (who == "local" and _is_local()):
        return
    token = bearer()
    if token is None or "query" not in token.scopes:
        refused = Unauthorized if token is None else Forbidden
        raise refused(
            "The figures are for this machine and for holders of a token with the scope query "
            "(POLICYKG_METRICS)",
            where="Authorization",
            remedy="Send the header `Authorization: Bearer TOKEN`.",
        )


def _is_local() -> bool:
    """Return whether the request comes from this machine, and not by way of a proxy on it.

    A proxy names itself or its client in a header, or passes on the host that its client asked for;
    so does a browser that was made to take this machine for another.
    """
    if any(name in request.headers for name in _OF_PROXIES):
        return False
    asked = urlsplit(f"//{request.host}").hostname
    return _is_loopback(request.remote_addr) and _is_loopback(asked)


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
