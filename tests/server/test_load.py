"""Crowds of slow, idle and greedy clients, while another one is served in time."""

import http.client
import selectors
import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from urllib.parse import quote

import pytest
from served import Served

from tests.server.processes import burning
from tests.server.processes import descriptors
from tests.server.processes import memory
from tests.server.processes import processes_of
from tests.server.processes import resident
from tests.server.raw_http import connect
from tests.server.raw_http import exchange
from tests.server.raw_http import only
from tests.server.raw_http import replies
from tests.server.raw_http import request

OTHER = "127.0.0.2"  # the address of the client that has done nothing
ASK = "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a a ?b . ?c ?d ?e }"
SECONDS = 3


@pytest.fixture(scope="module")
def served(
    start_for_module: Callable[..., Served],
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Served:
    config = tmp_path_factory.mktemp("load") / "policykg.toml"
    config.write_text(
        f"query_seconds = {SECONDS}\nclient_query_seconds = 0\nresult_mb = 16\n", encoding="utf-8"
    )
    served = start_for_module("--no-build", "--data", built, "--port", "0", "--config", config)
    # What is imported and opened with the first requests is not to be counted.
    for path in (ASK, "/", "/page/national-action-plan"):
        exchange(served.address, request("GET", path))
    return served


@dataclass
class Modest:
    """A client that asks one line again and again, each time by a new connection.

    Each line is another one to the server, lest it answer from what it keeps.
    """

    address: str
    took: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def ask(self) -> None:
        began = time.monotonic()
        try:
            path = f"{ASK}%20%23{len(self.took)}"
            status = only(exchange(self.address, request("GET", path), source=OTHER)).status
            if status != 200:
                self.failures.append(str(status))
        except (OSError, ValueError) as error:
            self.failures.append(repr(error))
        self.took.append(time.monotonic() - began)

    def ask_for(self, seconds: float) -> None:
        """Ask for so many seconds, and at least 20 times."""
        until = time.monotonic() + seconds
        while time.monotonic() < until or len(self.took) < 20:
            self.ask()
            time.sleep(0.02)

    def assert_served(self, errors: float) -> None:
        """Assert that at most the share ``errors`` failed, and that it took at most 2 s at p99."""
        assert len(self.failures) <= errors * len(self.took), (len(self.took), self.failures)
        slowest = sorted(self.took)
        assert slowest[int(0.99 * (len(slowest) - 1))] <= 2, slowest[-5:]


@pytest.fixture
def modest(served: Served) -> Modest:
    return Modest(served.address)


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Repeat ``work`` in a thread until the block ends."""
    ended = threading.Event()

    def repeat() -> None:
        while not ended.is_set():
            work()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def crowd(served: Served, size: int, crowded: ExitStack) -> list[socket.socket]:
    """Return ``size`` connections that are closed when ``crowded`` is."""
    return [crowded.enter_context(connect(served.address)) for _ in range(size)]


def test_two_hundred_slow_senders(served: Served, modest: Modest) -> None:
    with ExitStack() as crowded:
        senders = crowd(served, 200, crowded)
        for number, sender in enumerate(senders):
            body = number % 2 == 0
            start = request("POST", "/sparql", ["Content-Length: 500"]) if body else b"GET / HT"
            sender.sendall(start)

        def trickle() -> None:
            for sender in senders:
                with suppress(OSError):
                    sender.sendall(b"x")
            time.sleep(0.2)

        with meanwhile(trickle):
            modest.ask_for(4)
    modest.assert_served(0.02)


def test_sixty_slow_readers(served: Served, modest: Modest) -> None:
    before = resident(served.process.pid)
    with ExitStack() as crowded:
        readers = crowd(served, 60, crowded)
        for reader in readers:
            reader.sendall(request("GET", f"/sparql?format=csv&query={quote(LARGE)}"))

        def sip() -> None:
            for reader in readers:
                reader.setblocking(False)
                with suppress(OSError):
                    reader.recv(100)
            time.sleep(0.2)

        with meanwhile(sip):
            modest.ask_for(6)
        # What waits for slow readers lies in files.
        assert resident(served.process.pid) - before < 200 << 20
    modest.assert_served(0.02)
    until = time.monotonic() + 10
    while burning(served.process.pid) > 0.2:
        assert time.monotonic() < until


def test_five_hundred_idle_connections(served: Served, modest: Modest) -> None:
    with ExitStack() as crowded:
        crowd(served, 500, crowded)
        modest.ask_for(3)
    modest.assert_served(0.02)


@pytest.mark.parametrize(("size", "path"), [(1500, ASK), (300, "/page/national-action-plan")])
def test_a_crowd_at_once(served: Served, modest: Modest, size: int, path: str) -> None:
    with ExitStack() as crowded:
        clients = crowd(served, size, crowded)
        asking = threading.Thread(target=modest.ask_for, args=(4,))
        asking.start()
        for client in clients:
            with suppress(OSError):
                client.sendall(request("GET", path))
        answered = read_all(clients, 6)
        asking.join()
    modest.assert_served(0.02)
    # Of so many at once from one address most are told to wait, but all that are read are answered.
    assert answered


def read_all(clients: list[socket.socket], seconds: float) -> int:
    """Read what comes to ``clients`` for so long at most; return how many got an answer."""
    answered = set()
    with selectors.DefaultSelector() as selector:
        for client in clients:
            client.setblocking(False)
            selector.register(client, selectors.EVENT_READ)
        until = time.monotonic() + seconds
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(0.1):
                data = b""
                with suppress(OSError):
                    data = key.fileobj.recv(1 << 20)  # type: ignore[union-attr]
                if data:
                    answered.add(key.fd)
                else:
                    selector.unregister(key.fileobj)
    return len(answered)


def test_thirty_two_runaways_from_one_address(served: Served, modest: Modest) -> None:
    before = memory(served.process.pid)
    statuses: list[int] = []
    ended = threading.Event()

    def run_away() -> None:
        while not ended.is_set():
            # An attacker may be turned away in any manner.
            with suppress(OSError):
                data = exchange(served.address, request("GET", f"/sparql?query={quote(ENDLESS)}"))
                statuses.extend(reply.status for reply in replies(data))
            time.sleep(0.05)

    threads = [threading.Thread(target=run_away) for _ in range(32)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    modest.ask_for(5)
    ended.set()
    for thread in threads:
        thread.join()
    modest.assert_served(0.05)
    assert set(statuses) <= {429, 503, 504}
    assert 429 in statuses
    time.sleep(5)
    nothing_is_left(served, before)


def test_thirty_two_runaways_from_each_of_five_addresses(served: Served, modest: Modest) -> None:
    before = memory(served.process.pid)
    statuses: list[int] = []
    ended = threading.Event()

    def run_away(source: str) -> None:
        while not ended.is_set():
            with suppress(OSError):
                asked = request("GET", f"/sparql?query={quote(ENDLESS)}")
                data = exchange(served.address, asked, source=source)
                statuses.extend(reply.status for reply in replies(data))
            time.sleep(0.2)  # five times as many as one address would have the test itself busy

    sources = [f"127.0.0.{number}" for number in range(3, 8)] * 32
    threads = [threading.Thread(target=run_away, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    modest.ask_for(6)
    ended.set()
    for thread in threads:
        thread.join()
    modest.assert_served(0.05)
    assert set(statuses) <= {429, 503, 504}
    time.sleep(5)
    nothing_is_left(served, before)


def nothing_is_left(served: Served, before: int) -> None:
    """Assert that nobody works any more, and that memory is what it was ``before``."""
    assert burning(served.process.pid) < 0.2
    assert memory(served.process.pid) - before < 150 << 20
    # The server and what starts workers, those of queries, and those of pages.
    assert len(processes_of(served.process.pid)) <= 2 + 4 + 2


@pytest.mark.parametrize("ahead", [0, 2])
@pytest.mark.parametrize("query", [ENDLESS, LARGE])
def test_work_for_clients_that_left_stops(served: Served, query: str, ahead: int) -> None:
    before = memory(served.process.pid)
    files = descriptors(served.process.pid)
    asked = request("GET", f"/sparql?format=csv&query={quote(query)}", close=False)
    began = time.monotonic()
    for _ in range(8):
        with connect(served.address) as client:
            client.sendall(asked)
            # Requests that were sent ahead do not hide that the client has left.
            client.sendall(asked * ahead)
            time.sleep(0.1)
    until = began + SECONDS - 0.5
    while burning(served.process.pid, 0.3) > 0.2:
        assert time.monotonic() < until, "still at work, though all clients have left"
    nothing_is_left(served, before)
    assert descriptors(served.process.pid) <= files + 20


def test_a_growing_answer_that_is_cut_frees_its_worker(served: Served) -> None:
    host = served.address.removeprefix("http://")
    # As many as one client may have at once: with one of them left over, the last is refused.
    for _ in range(20):
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request("GET", f"/sparql?format=csv&query={quote(LARGE)}")
        response = connection.getresponse()
        assert response.status == 200
        assert response.getheader("Transfer-Encoding") == "chunked"
        assert response.read(1000)
        connection.close()
        response.close()
    time.sleep(0.5)
    assert burning(served.process.pid) < 0.2


def test_one_address_does_not_take_the_whole_service_by_pages(
    served: Served, modest: Modest
) -> None:
    ended = threading.Event()

    def browse() -> None:
        while not ended.is_set():
            with suppress(OSError):
                exchange(served.address, request("GET", "/page/national-action-plan"))

    threads = [threading.Thread(target=browse) for _ in range(24)]
    for thread in threads:
        thread.start()
    modest.ask_for(4)
    ended.set()
    for thread in threads:
        thread.join()
    modest.assert_served(0.02)


def test_http_1_0_gets_a_growing_answer_whole_or_not_at_all(served: Served) -> None:
    path = f"/sparql?format=csv&query={quote('SELECT * { ?a ?p ?b . ?a ?q ?c } LIMIT 60000')}"
    old = only(exchange(served.address, request("GET", path, version="HTTP/1.0")))
    new = only(exchange(served.address, request("GET", path)))
    assert "transfer-encoding" in new.headers
    assert (old.status, int(old.headers["content-length"])) == (200, len(new.body))
    assert sorted(old.body.splitlines()) == sorted(new.body.splitlines())
    too_large = f"/sparql?format=csv&query={quote(LARGE)}"
    failed = only(exchange(served.address, request("GET", too_large, version="HTTP/1.0")))
    assert failed.status in (413, 504)
    assert b"POLICYKG_" in failed.body
