"""The event loop: waitress's connections, and the channels of workers beside them.

waitress asks every connection before it waits what it is to wait for. Here only those are asked
about which something has happened, so that a round costs what happens in it, not what is open.
"""

import logging
import select
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from typing import Final

from waitress import wasyncore

_LOGGER: Final = logging.getLogger("policykg.server")
_IN: Final = select.EPOLLIN | select.EPOLLPRI
_OUT: Final = select.EPOLLOUT
_ALL_SECONDS: Final = 1.0  # after which all are asked in any case: some wait for a time to come


class Watching(dict[int, Any]):
    """What is watched, by its descriptor: waitress's map, which it fills and empties.

    It is used in the thread of the loop only. That one of ``bell`` can be read tells that another
    thread did something about any of the others; ``wake`` makes it so.
    """

    wake: Callable[[], None]
    bell = -1

    def __init__(self) -> None:
        super().__init__()
        self._epoll = select.epoll()
        self._awaited: dict[int, int] = {}  # the events that are waited for
        self._changed: set[int] = set()  # for which other events may have to be waited for
        self._next_all = 0.0  # when all are to be asked

    def __setitem__(self, descriptor: int, channel: Any) -> None:
        """Watch ``descriptor`` for ``channel``, a dispatcher of waitress or the like."""
        self._await(descriptor, 0)
        super().__setitem__(descriptor, channel)
        self._changed.add(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        """Watch ``descriptor`` no longer."""
        super().__delitem__(descriptor)
        self._await(descriptor, 0)

    def watch(self, descriptor: int, readable: Callable[[], None]) -> None:
        """Call ``readable`` whenever ``descriptor`` can be read."""
        self.forget(descriptor)
        super().__setitem__(descriptor, _Watched(readable))
        self._epoll.register(descriptor, _IN)
        self._awaited[descriptor] = _IN

    def forget(self, descriptor: int) -> None:
        """Watch ``descriptor`` no longer."""
        if descriptor in self:
            del self[descriptor]

    def ask(self, descriptor: int) -> None:
        """Have the channel of ``descriptor`` asked again what is to be waited for."""
        self._changed.add(descriptor)

    def go_round(self, seconds: float) -> None:
        """Wait for events at most so many seconds, and tell those whom they concern."""
        now = time.monotonic()
        if now >= self._next_all:
            self._next_all = now + _ALL_SECONDS
            self._changed.update(self)
        while self._changed:
            self._ask(self._changed.pop())
        for descriptor, events in self._epoll.poll(seconds):
            # One that has been closed meanwhile, and perhaps replaced, is not awaited.
            if descriptor in self._awaited:
                channel = self[descriptor]
                wasyncore.readwrite(channel, events)
                if descriptor == self.bell:
                    self._next_all = 0.0
                elif channel.__class__ is not _Watched:
                    self._changed.add(descriptor)

    def close(self) -> None:
        """Close all that is watched."""
        wasyncore.close_all(self)
        self._epoll.close()

    def _ask(self, descriptor: int) -> None:
        channel = self.get(descriptor)
        if channel is not None:
            events = _IN if channel.readable() else 0
            if channel.writable() and not channel.accepting:
                events |= _OUT
            self._await(descriptor, events)

    def _await(self, descriptor: int, events: int) -> None:
        before = self._awaited.get(descriptor, 0)
        if events == before:
            return
        if not events:
            del self._awaited[descriptor]
            with suppress(OSError):  # closed by now, and so forgotten
                self._epoll.unregister(descriptor)
            return
        self._awaited[descriptor] = events
        if before:
            self._epoll.modify(descriptor, events)
        else:
            self._epoll.register(descriptor, events)


class _Watched:
    """A descriptor as the loop of waitress sees it."""

    accepting = False

    def __init__(self, readable: Callable[[], None]) -> None:
        self.handle_read_event = self.handle_close = readable

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_expt_event(self) -> None:
        """Do nothing: there is no such event of a channel between processes."""

    def handle_error(self) -> None:
        _LOGGER.exception("a query could not go on")

    def close(self) -> None:
        """Do nothing: whoever watches closes."""
