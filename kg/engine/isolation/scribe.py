"""A worker process for one write: makes a new version of a data folder, or leaves all as it was."""

import socket
import threading
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kg.engine.committing import VersionWriter
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import error_values
from kg.engine.isolation.channel import receive
from kg.engine.isolation.channel import send
from kg.engine.isolation.sandbox import limit_memory
from kg.engine.isolation.sandbox import shut_in
from kg.engine.isolation.worker import STACK_BYTES
from kg.engine.versions import Record
from kg.engine.wire import write_from
from kg.engine.writes import apply
from kg.errors import PolicykgError


def run(channel: socket.socket, order: dict[str, Any]) -> None:
    """Do the one write that comes in on ``channel``, and answer with the version or the error.

    ``order`` names the ``data`` folder, ``memory`` (bytes that the write may take) and ``wait``
    (seconds to wait for other writers).
    """
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(channel, order))
    thread.start()
    thread.join()


def _serve(channel: socket.socket, order: dict[str, Any]) -> None:
    send(channel, Message({"ready": True}))
    message = receive(channel)
    if message is None:
        return
    write = write_from(message.values, message.body)
    notes: dict[str, Any] = {}

    def change(store: Store, last: Record | None) -> dict[str, Any]:
        # Now, because the threads of the store that is open would not start in so little room.
        limit_memory(order["memory"])
        shut_in(writable=[Path(order["data"])])
        notes.update(apply(write, store, last))
        return notes

    try:
        version = VersionWriter(Path(order["data"]), order["wait"]).change(change)
    except PolicykgError as error:
        send(channel, Message(error_values(error)))
    else:
        send(
            channel,
            Message(
                {
                    "number": version.number,
                    "digest": version.digest,
                    "quads": version.quads,
                    "created": bool(notes.get("created")),
                }
            ),
        )
