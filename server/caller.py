"""Who asks, for the engine's shares and so that nobody computes for a client that has left."""

from flask import request

from kg.engine.interface import Caller


def caller() -> Caller:
    """Return the caller of the request at hand: its address, and whether it has hung up."""
    client = request.remote_addr or ""
    left = request.environ.get("waitress.client_disconnected")
    return Caller(client, left) if left else Caller(client)
