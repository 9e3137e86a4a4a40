"""Who may read and write: bearer tokens in the Authorization header, and nowhere else (RFC 6750,
section 2.1).
"""

from typing import Final

from flask import g
from flask import request

from kg.errors import Forbidden
from kg.errors import Unauthorized
from kg.tokens import Token
from server.service import service

# What says nothing of the graph; who may read figures is looked at there.
_OPEN: Final = frozenset(("/healthz", "/metrics", "/robots.txt"))
_OPEN_FOLDERS: Final = ("/assets/",)


def writer(graph: str | None = None) -> Token:
    """Return the token of the request at hand, which may change ``graph`` (``None``: any graph).

    Raises :class:`~kg.errors.Unauthorized` without a valid token, and
    :class:`~kg.errors.Forbidden` if the token does not allow it or nobody may write here.
    """
    if not service().tokens.any():
        raise Forbidden(
            "This server takes no writes",
            remedy="Its operator can allow them with `policykg token create`.",
        )
    token = bearer()
    if token is None:
        raise Unauthorized(
            "A write needs a valid token",
            where="Authorization",
            remedy="Send the header `Authorization: Bearer TOKEN`.",
        )
    if not token.may_change(graph):
        what = f"<{graph}>" if graph else "graphs of any name"
        raise Forbidden(
            f"The token {token.name!r} may not change {what}",
            where="Authorization",
            remedy="Use another token, or another graph.",
        )
    return token


def reader() -> Token | None:
    """Return the token with the scope ``query`` of the request at hand, or ``None``."""
    token = bearer()
    return token if token and "query" in token.scopes else None


def bearer() -> Token | None:
    """Return the valid token that the request at hand brings, or ``None``."""
    if "Authorization" not in request.headers:
        return None
    if "bearer" not in g:  # the same all through a request
        scheme, _, text = request.headers["Authorization"].partition(" ")
        known = scheme.lower() == "bearer" and text.strip()
        g.bearer = service().tokens.find(text.strip()) if known else None
    found: Token | None = g.bearer
    return found


def check_reader() -> None:
    """Raise :class:`~kg.errors.Unauthorized` or :class:`~kg.errors.Forbidden` if the request at
    hand may not be answered, where not everybody may read.
    """
    if service().settings.reading != "token" or request.method == "OPTIONS":
        return
    if request.path in _OPEN or request.path.startswith(_OPEN_FOLDERS):
        return
    token = bearer()
    if token is None:
        raise Unauthorized(
            "This server answers only those who have a token (POLICYKG_READING)",
            where="Authorization",
            remedy="Send the header `Authorization: Bearer TOKEN`.",
        )
    # A write says nothing of the graph; whether it is allowed is looked at where it is done.
    if "query" not in token.scopes and request.path != "/update":
        raise Forbidden(
            f"The token {token.name!r} is not for reading",
            where="Authorization",
            remedy="Use one with the scope query.",
        )
