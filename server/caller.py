"""Who asks, for the engine's shares and so that nobody computes for a client that has left."""

import socket
from typing import Any

from flask import request

from kg.engine.interface import Caller


def caller() -> Caller:
    """Return the caller of the request at hand: its address, and whether it has hung up."""
    connection = request.environ.get("gunicorn.socket")
    client = request.remote_addr or ""
    if connection is None:
        return Caller(client)
    return Caller(client, lambda: _has_hung_up(connection))


def _has_hung_up(connection: Any) -> bool:
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
