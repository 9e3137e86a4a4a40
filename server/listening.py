"""The socket on which the server listens: its own, or one that the system keeps for it."""

import os
import socket
from typing import Final

from kg.errors import ListenError
from kg.settings import Settings

_BACKLOG: Final = 2048  # connections that may wait to be accepted
_FIRST_INHERITED: Final = 3  # sd_listen_fds(3): SD_LISTEN_FDS_START


def inherited_listener() -> socket.socket | None:
    """Return the socket that systemd, or what does the same, opened for this process, if it did.

    Such a socket outlives the process, so that clients that come while it restarts wait.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        os.environ.pop(name, None)  # they are meant for this process alone
    os.set_inheritable(_FIRST_INHERITED, False)
    return socket.socket(fileno=_FIRST_INHERITED)


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens on the host and port of ``settings``.

    Raises :class:`~kg.errors.ListenError`.
    """
    place = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
    except (OSError, UnicodeError):
        raise ListenError(
            "There is no such host", where=place, remedy="Give another with --host."
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ListenError(
            f"Cannot listen: {(error.strerror or str(error)).lower()}",
            where=place,
            remedy="Give another port with --port (0 takes a free one), or another --host.",
        ) from None
    return listener
