"""A worker process: answers queries on one version, one at a time, until it is killed.

It is forked from the :mod:`zygote <kg.engine.isolation.zygote>`, opens the version's store, shuts
itself in, and says that it is ready. To each query it answers with `begin` when the result goes
to a file, `grown` now and then while it grows, and `end` or `error`; a small result comes with
`end`. The file comes with the first query, and with the next one after a result went to it.
"""

import errno
import os
import socket
import threading
from functools import lru_cache
from pathlib import Path
from typing import IO
from typing import Any
from typing import Final
from typing import cast

from pyoxigraph import Store

from kg.engine.evaluation import evaluate
from kg.engine.evaluation import write_result
from kg.engine.interface import Formats
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import encoded
from kg.engine.isolation.channel import error_values
from kg.engine.isolation.channel import notify
from kg.engine.isolation.channel import receive
from kg.engine.isolation.channel import send
from kg.engine.isolation.channel import send_encoded
from kg.engine.isolation.output import Output
from kg.engine.isolation.row_limit import RowLimit
from kg.engine.isolation.sandbox import NAME_SERVICE_FILES
from kg.engine.isolation.sandbox import limit_memory
from kg.engine.isolation.sandbox import shut_in
from kg.engine.versions import FAULTS
from kg.engine.wire import query_from
from kg.errors import NoRoom
from kg.errors import PolicykgError
from kg.errors import QueryRefused
from kg.errors import StoreError

# Parsing and evaluation are recursive: with this much room, what a query may nest is bounded by
# the size of a request. Only what is used of it is ever taken from memory.
STACK_BYTES: Final = 1 << 30
INLINE_BYTES: Final = 64 << 10
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run(channel: socket.socket, order: dict[str, Any]) -> None:
    """Serve ``channel`` until the other side hangs up.

    ``order`` names the ``store`` (a folder), ``memory`` (bytes that the worker may take on top of
    what it has once the store is open), ``union`` (whether the default graph is the union of
    all graphs) and ``services`` (the endpoints that SERVICE may ask; with none the worker has no
    network).
    """
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(channel, order))
    thread.start()
    thread.join()


def _serve(channel: socket.socket, order: dict[str, Any]) -> None:
    try:
        store = Store.read_only(order["store"])
    except FAULTS as error:
        fault = StoreError(
            f"The store is damaged: {error}",
            remedy="Restore a backup with `policykg restore FILE`.",
        )
        send(channel, Message(error_values(fault)))
        return
    limit_memory(order["memory"])
    network = bool(order["services"])
    readable = [Path(order["store"]), *(NAME_SERVICE_FILES if network else ())]
    missing = shut_in(readable=readable, network=network)
    send(channel, Message({"ready": True, "missing": missing}))
    spool = -1
    while (message := receive(channel)) is not None:
        if message.descriptors:
            (spool,) = message.descriptors
        if _answer(channel, store, order, message, spool):
            os.close(spool)  # lest the worker keep it on disk when it has been read
            spool = -1


def _answer(
    channel: socket.socket, store: Store, order: dict[str, Any], message: Message, spool: int
) -> bool:
    """Answer one query; return whether anything was written to ``spool``."""
    values = message.values
    head: dict[str, Any] = {}
    output = Output(
        spool,
        INLINE_BYTES,
        values["limit"],
        lambda: send(channel, Message({"begin": True, **head})),
        lambda: notify(channel, {"grown": True}),
        RowLimit(values.get("rows", 0), head),
    )
    try:
        results = evaluate(
            store,
            query_from(values["query"], message.body),
            union=order["union"],
            services=order["services"],
        )
        write_result(results, Formats(**values["formats"]), cast(IO[bytes], output), head)
        output.finish()
    except PolicykgError as error:
        send(channel, Message(error_values(error)))
    except (OSError, ValueError, RuntimeError) as error:
        send(channel, Message(error_values(_fault(error))))
    else:
        send_encoded(channel, _end(head["form"], head["media_type"]), output.inline())
    return output.spooled


def _fault(error: Exception) -> PolicykgError:
    if isinstance(error, OSError) and error.errno in _FULL:
        return NoRoom(
            f"There is no room for a large answer: {error.strerror}",
            remedy="Ask for less, or later; its operator has to make room where TMPDIR is.",
        )
    # Among others: an endpoint asked by SERVICE that does not answer.
    return QueryRefused(f"The query cannot be done: {error}", remedy="Correct it.")


@lru_cache(maxsize=64)
def _end(form: str, media_type: str) -> bytes:
    """Return what goes before the result of a query, or ends it."""
    return encoded({"end": True, "form": form, "media_type": media_type})
