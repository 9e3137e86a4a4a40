"""Who gets a thread next: clients take turns, so that none waits behind another's hundreds."""

from collections import Counter
from collections import OrderedDict
from collections import deque
from typing import Any

from waitress.task import ThreadedTaskDispatcher


class Turns:
    """Requests that wait, each a connection of waitress; their clients are served in turn.

    Of one client at most ``most`` requests are under way at once; the others wait here, though
    threads may be idle. Its user holds a lock.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: OrderedDict[str, deque[Any]] = OrderedDict()
        self._under_way: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many requests wait and may begin."""
        return sum(
            min(len(waiting), self._most - self._under_way[client])
            for client, waiting in self._waiting.items()
        )

    def append(self, connection: Any) -> None:
        """Let the request of ``connection`` wait for its turn."""
        self._waiting.setdefault(connection.addr[0], deque()).append(connection)

    def popleft(self) -> Any:
        """Return the request whose turn it is. Raises ``IndexError`` if none may begin."""
        for client, waiting in self._waiting.items():
            if self._under_way[client] >= self._most:
                continue
            connection = waiting.popleft()
            self._under_way[client] += 1
            if waiting:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
            return connection
        raise IndexError("no request may begin")

    def ended(self, client: str) -> None:
        """Take note that a request of ``client`` has ended."""
        self._under_way[client] -= 1
        if not self._under_way[client]:
            del self._under_way[client]


class Threads(ThreadedTaskDispatcher):
    """Threads that serve requests by :class:`Turns`."""

    def __init__(self, threads: int, most: int) -> None:
        super().__init__()
        self.queue: Any = Turns(most)
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """Have the request of the connection ``task`` served when its turn comes."""
        with self.lock:
            self.queue.append(_Turn(task, self))
            self.queue_cv.notify()

    def ended(self, client: str) -> None:
        """Take note that a request of ``client`` has ended."""
        with self.lock:
            self.queue.ended(client)


class _Turn:
    """A request as waitress's threads see it."""

    def __init__(self, connection: Any, threads: Threads) -> None:
        self.addr = connection.addr
        self.cancel = connection.cancel
        self._connection = connection
        self._threads = threads

    def service(self) -> None:
        """Answer the request."""
        try:
            self._connection.service()
        finally:
            self._threads.ended(self.addr[0])
