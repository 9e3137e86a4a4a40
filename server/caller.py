"""Who asks, for the engine's shares and so that nobody computes for a client that has left."""

from flask import request

from kg.engine.interface import Caller
from server.auth import reader


def caller() -> Caller:
    """Return the caller of the request at hand, and whether it has hung up.

    It is known by its token, if it has one for queries, and else by its address.
    """
    token = reader()
    client = f"token {token.id}" if token else request.remote_addr or ""
    left = request.environ.get("waitress.client_disconnected")
    return Caller(client, left) if left else Caller(client)
