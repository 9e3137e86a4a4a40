"""The zygote: a small process that has everything imported, opened nothing, and forks workers.

    python -m kg.engine.isolation.zygote DESCRIPTOR

Forking from here rather than from the server keeps the server's threads, sockets and memory out of
the workers. When the server goes, so does the zygote, and with it every worker.
"""

import gc
import os
import signal
import socket
import sys

from kg.engine.isolation import scribe
from kg.engine.isolation import worker
from kg.engine.isolation.channel import Message
from kg.engine.isolation.channel import receive
from kg.engine.isolation.channel import send
from kg.engine.isolation.sandbox import die_with_parent


def main(descriptor: int) -> None:
    """Fork a worker for each order that comes in on ``descriptor``, until that is closed.

    Each order brings two descriptors: the worker's end of its channel, and a file for its errors.
    """
    # Stopping is the server's business, and what is under way may finish first. The zygote ends
    # when its channel closes; die_with_parent() would tie it to one thread of the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    control = socket.socket(fileno=descriptor)
    gc.freeze()  # what is imported stays, and no worker need look through it
    while (order := receive(control)) is not None:
        channel, errors = order.descriptors
        child = os.fork()
        if child == 0:
            _become_worker(control, channel, errors, order)
        order.close()
        send(control, Message({"pid": child}))


def _become_worker(control: socket.socket, channel: int, errors: int, order: Message) -> None:
    try:
        die_with_parent()
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(errors, 2)
        os.close(errors)
        role = scribe.run if order.values["role"] == "scribe" else worker.run
        role(socket.socket(fileno=channel), dict(order.values))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
