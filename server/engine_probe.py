"""Whether the engine answers, found out without waiting for one that does not."""

import threading
from typing import Final

from kg.engine.interface import Engine
from kg.engine.interface import Query
from kg.errors import PolicykgError

_PATIENCE: Final = 2.0  # seconds; a query of this kind takes milliseconds
_PLACES: Final = threading.Semaphore(4)  # lest an engine that stalls gather threads


def is_up(engine: Engine) -> bool:
    """Return whether ``engine`` answers a query at once."""
    if not _PLACES.acquire(blocking=False):
        return False
    answers: list[bool] = []

    def ask() -> None:
        try:
            answers.append(bool(engine.rows(Query("SELECT (1 AS ?up) {}"))))
        except PolicykgError:
            answers.append(False)
        finally:
            _PLACES.release()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_PATIENCE)
    return any(answers)
