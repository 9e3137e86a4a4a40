"""What is read once for each version of the graph, such as the names of its classes."""

from collections.abc import Callable
from typing import Any
from typing import Final
from typing import TypeVar
from typing import cast

from flask import current_app

from server.service import service

_EXTENSION: Final = "policykg-kept"

T = TypeVar("T")


def kept(name: str, make: Callable[[], T]) -> T:
    """Return what ``make`` returned for the version in service when it was first asked for by
    ``name``.

    What was kept for an older version is forgotten. Meant for small things.
    """
    digest = service().engine.version().digest
    known = cast(dict[str, tuple[str, Any]], current_app.extensions.setdefault(_EXTENSION, {}))
    found = known.get(name)
    if found is None or found[0] != digest:
        # Two threads may both make it, which is harmless: they make the same.
        found = known[name] = digest, make()
    return cast(T, found[1])
