"""Who may write: bearer tokens in the Authorization header, and nowhere else (RFC 6750, 2.1)."""

from flask import request

from kg.errors import Forbidden
from kg.errors import Unauthorized
from kg.tokens import Token
from server.service import service


def writer(graph: str | None = None) -> Token:
    """Return the token of the request at hand, which may change ``graph`` (``None``: any graph).

    Raises :class:`~kg.errors.Unauthorized` without a valid token, and
    :class:`~kg.errors.Forbidden` if the token does not allow it or nobody may write here.
    """
    tokens = service().tokens
    if not tokens.any():
        raise Forbidden(
            "This server takes no writes",
            remedy="Its operator can allow them with `policykg token create`.",
        )
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(text.strip()) if scheme.lower() == "bearer" and text.strip() else None
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
