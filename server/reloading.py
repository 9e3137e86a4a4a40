"""Taking changed settings into a running server, as far as that can be done without a break."""

import logging
from collections.abc import Callable
from dataclasses import fields
from dataclasses import replace
from typing import Final

from kg.errors import PolicykgError
from kg.settings import Settings
from server.logs import set_level

_LOGGER: Final = logging.getLogger("policykg.server")

# Those that the application alone reads. All others are built into the web server, the workers or
# the engine: they take a restart; docs/operations.md tells how to do that without a failed request.
RELOADABLE: Final = frozenset(
    ("cache_seconds", "log_level", "metrics", "page_cache_mb", "page_rows", "reconcile_batch")
)


class Reloading:
    """Reads the settings again, by ``read``, and has ``use`` make use of them.

    Tokens and versions need none of it: they are looked at for each request.
    """

    def __init__(
        self,
        settings: Settings,
        read: Callable[[], Settings],
        use: Callable[[Settings], None],
    ) -> None:
        self._settings = settings
        self._read = read
        self._use = use

    def reload(self) -> None:
        """Take what has changed; a mistake in the settings is told, and all stays as it was."""
        try:
            read = self._read()
        except PolicykgError as error:
            _LOGGER.error("The settings were read again, and stay as they were: %s", error)
            return
        # The port is the one that was taken, where any was asked for.
        read = replace(read, port=self._settings.port)
        names = [f.name for f in fields(Settings)]
        changed = [n for n in names if getattr(read, n) != getattr(self._settings, n)]
        taken = sorted(RELOADABLE.intersection(changed))
        late = sorted(set(changed) - RELOADABLE)
        if taken:
            values = {name: getattr(read, name) for name in taken}
            self._settings = replace(self._settings, **values)
            self._use(self._settings)
        # By a warning and before the level changes: whoever asked for it is to see it.
        _LOGGER.warning(
            "The settings were read again. Changed: %s. To be changed by a restart: %s.",
            ", ".join(taken) or "nothing",
            ", ".join(late) or "nothing",
        )
        set_level(self._settings.log_level)
