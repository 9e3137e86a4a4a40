"""The event loop of waitress, for descriptors other than connections."""

import logging
from collections.abc import Callable
from typing import Any
from typing import Final

_LOGGER: Final = logging.getLogger("policykg.server")


class Watching:
    """What :class:`kg.engine.isolation.dispatch.Loop` asks, by waitress's map of descriptors."""

    def __init__(self, descriptors: dict[int, Any], wake: Callable[[], None]) -> None:
        self._descriptors = descriptors
        self.wake = wake

    def watch(self, descriptor: int, readable: Callable[[], None]) -> None:
        """Call ``readable`` whenever ``descriptor`` can be read."""
        self._descriptors[descriptor] = _Watched(readable)

    def forget(self, descriptor: int) -> None:
        """Watch ``descriptor`` no longer."""
        self._descriptors.pop(descriptor, None)


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
