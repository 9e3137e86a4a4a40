"""Clients that read on while something happens to the server, and what they were told."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PATHS = (
    "/sparql?query=ASK%7B%7D",
    "/page/pakistan",
    "/sparql?query=SELECT%20(1%20AS%20%3Fn)%7B%7D",
)

_PAUSE = 0.01  # seconds, lest the readers take the machine from those they read


class Readers:
    """What readers were told: how often which status, and failures of the connection."""

    def __init__(self) -> None:
        self.told: Counter[int] = Counter()
        self.failures: list[str] = []

    def answered(self) -> int:
        """Return how many requests were answered by now."""
        return self.told.total()


@contextmanager
def reading(
    address: Callable[[], str], readers: int = 4, keep_alive: bool = True
) -> Iterator[Readers]:
    """Have so many readers ask the server at ``address()`` until the end.

    Each keeps its connection, if ``keep_alive``, until the server closes it: a request on a
    connection that turns out to have been closed meanwhile is sent again once on a new one, as
    RFC 9112 (section 9.3.1) lets clients do.
    """
    found = Readers()
    ended = threading.Event()

    def read(path: str) -> None:
        connection = None
        while not ended.is_set():
            fresh = connection is None
            connection = connection or _connection(address())
            try:
                connection.request("GET", path, headers={"Accept": "text/csv, text/html"})
                response = connection.getresponse()
                response.read()
                found.told[response.status] += 1
                ended.wait(_PAUSE)
                if not keep_alive or response.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                connection = None
                if fresh:
                    found.failures.append(f"{path}: {error!r}")
        if connection:
            connection.close()

    threads = [threading.Thread(target=read, args=(PATHS[n % len(PATHS)],)) for n in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
