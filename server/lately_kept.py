"""What was worked out from the version in service not long ago, such as the facets of a list.

Unlike :mod:`server.kept` it is for what depends on the request: only so many are kept.
"""

from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Hashable
from threading import Lock
from typing import Any
from typing import Final
from typing import TypeVar
from typing import cast

from flask import current_app

from server.service import service

MOST: Final = 64  # of one name; each may be a few hundred rows
_EXTENSION: Final = "policykg-lately-kept"

T = TypeVar("T")


class _Lately:
    def __init__(self) -> None:
        self._digest = ""
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def find(self, digest: str, key: Hashable) -> Any:
        with self._lock:
            if digest != self._digest or key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key]

    def keep(self, digest: str, key: Hashable, value: Any) -> None:
        with self._lock:
            if digest != self._digest:
                self._found.clear()
                self._digest = digest
            self._found[key] = value
            if len(self._found) > MOST:
                self._found.popitem(last=False)


def lately_kept(name: str, key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` returned, other than ``None``, when it was last asked for by ``name``
    and ``key`` in the version in service; what was asked for the longest ago is forgotten.
    """
    engine = service().engine
    digest = engine.version().digest
    known = cast(dict[str, _Lately], current_app.extensions.setdefault(_EXTENSION, {}))
    lately = known.setdefault(name, _Lately())
    found = lately.find(digest, key)
    if found is None:
        found = make()
        # A write meanwhile, and it would be of either version.
        if engine.version().digest == digest:
            lately.keep(digest, key, found)
    return cast(T, found)
