"""The process that reconciles: names of many rows cost time, which is not to be the server's.

    python -m kg.reconcile.child DESCRIPTOR

It reads its settings, then answers one call after the other until the other side hangs up. Both
sides are this program, so that what is sent between them may be pickled; what users typed is in it
as plain text.
"""

import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from typing import Final

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Engine
from kg.engine.isolation.channel import error_values
from kg.engine.isolation.sandbox import shut_in
from kg.engine.opening import open_engine
from kg.errors import PolicykgError
from kg.reconcile.reconciler import Indexed
from kg.reconcile.reconciler import Reconciler
from kg.settings import Settings

NICER: Final = 5  # steps below the server, whose other answers are short


def main(descriptor: int) -> None:
    """Answer what comes in on ``descriptor``: first the settings, then calls."""
    # Stopping is the server's business. Its end closes the channel; to be killed with the parent
    # would tie this process to one thread of the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(NICER)
    with Connection(descriptor) as channel:
        settings: Settings = channel.recv()
        engine = _engine(settings)
        reconciler = Reconciler(engine, settings.base_iri)
        while True:
            try:
                operation, arguments = channel.recv()
            except EOFError:
                return
            try:
                reply = (True, _answer(reconciler.current(), operation, arguments))
            except PolicykgError as error:
                reply = (False, error_values(error))
            channel.send(reply)


def _engine(settings: Settings) -> Engine:
    if settings.engine == "embedded":
        # What is typed is only compared; should that ever go wrong, there is nothing to reach.
        shut_in(readable=[settings.data.resolve(), *map(Path, filter(None, sys.path))])
        return EmbeddedEngine(settings.data)
    engine = open_engine(settings)
    engine.start()
    return engine


def _answer(known: Indexed, operation: str, arguments: tuple[Any, ...]) -> Any:
    if operation == "matches":
        return known.matches(*arguments)
    if operation == "find":
        return known.find(*arguments)
    if operation == "classes":
        return known.suggester.classes
    of: Any = known.properties if operation in ("proposed", "name", "values") else known.suggester
    return getattr(of, operation)(*arguments)


if __name__ == "__main__":
    main(int(sys.argv[1]))
