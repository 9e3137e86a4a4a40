"""Good, hostile, rude and writing clients all at once leave nothing behind."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from served import Served

from tests.server.processes import burning
from tests.server.processes import descriptors
from tests.server.processes import memory
from tests.server.processes import processes_of
from tests.server.raw_http import connect
from tests.server.raw_http import exchange
from tests.server.raw_http import only
from tests.server.raw_http import replies
from tests.server.raw_http import request
from tests.server.writing import TOKEN
from tests.server.writing import Writer

SECONDS = 5.0  # of each round; the second one must not leave more behind than the first
TEN = "{ 0 1 2 3 4 5 6 7 8 9 }"
PRODUCT = " ".join(f"VALUES ?v{number} {TEN}" for number in range(12))
HOSTILE = [
    *("SELECT (COUNT(*) AS ?n) { " + PRODUCT + " }", "SELECT * { " + PRODUCT + " } ORDER BY ?v1"),
    *(
        "SELECT * { " + PRODUCT + " }",
        "ASK {",
        "ASK { FILTER (" + "(" * 900 + "1" + ")" * 900 + ") }",
    ),
    *("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "CONSTRUCT { ?s ?p"),
]
RUDE = [
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000,
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    request("GET", f"/sparql?query={quote(HOSTILE[2])}", close=False),
]
GOOD = "SELECT * { " + " ".join(f"VALUES ?w{number} {TEN}" for number in range(3)) + " }"


@pytest.fixture(scope="module")
def served(
    start_for_module: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory
) -> Served:
    folder: Path = tmp_path_factory.mktemp("mixed")
    config = folder / "policykg.toml"
    config.write_text("query_seconds = 2\nclient_query_seconds = 0\nresult_mb = 4\n", "utf-8")
    options = ["--empty", "--port", "0", "--write-token", TOKEN, "--config", config]
    return start_for_module("--data", folder / "data", *options)


def round_of_all(served: Served, faults: list[str]) -> None:
    """Have all kinds of clients at work for some seconds, and wait until they have gone."""
    address = served.address
    ended = threading.Event()
    writer = Writer(address)

    def good(number: int) -> None:
        path = f"/sparql?format=csv&query={quote(GOOD)}%20%23{random.random()}"
        reply = only(exchange(address, request("GET", path), source=f"127.0.0.{number}"))
        if reply.status == 200 and len(reply.body.split()) != 1001:
            faults.append(f"a good client had {len(reply.body.split())} lines")
        elif reply.status not in (200, 503, 504):
            faults.append(f"a good client was told {reply.status}")

    def hostile(number: int) -> None:
        path = f"/sparql?query={quote(random.choice(HOSTILE))}"
        data = exchange(address, request("GET", path), source=f"127.0.0.{number}")
        with suppress(ValueError):  # an answer that was broken off
            if any(reply.status == 500 for reply in replies(data)):
                faults.append("a hostile client was told 500")

    def rude(number: int) -> None:
        with connect(address, f"127.0.0.{number}") as client:
            client.sendall(random.choice(RUDE))
            client.settimeout(random.random() / 2)
            client.recv(1000)

    def write(number: int) -> None:
        status = writer.update(f"INSERT DATA {{ <a:s> <a:p> {random.randrange(1000)} }}").status
        if status != 200:
            faults.append(f"a write was told {status}")

    def repeat(client: Callable[[int], None], number: int) -> None:
        while not ended.is_set():
            with suppress(OSError):
                client(number)
            ended.wait(0.02)

    clients = [good, good, write, *[hostile] * 6, *[rude] * 4]
    threads = [
        threading.Thread(target=repeat, args=(client, number))
        for number, client in enumerate(clients, 2)
    ]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    ended.set()
    for thread in threads:
        thread.join()
    until = time.monotonic() + 20
    while burning(served.process.pid) > 0.2:
        assert time.monotonic() < until, "work is left over"


def test_all_kinds_of_clients_leave_nothing_behind(served: Served) -> None:
    faults: list[str] = []
    pid = served.process.pid

    def taken() -> tuple[int, int, int]:
        return memory(pid), descriptors(pid), len(list(Path(f"/proc/{pid}/task").iterdir()))

    round_of_all(served, faults)
    before = taken()
    round_of_all(served, faults)
    after = taken()
    assert not faults
    assert after[0] - before[0] < 150 << 20
    assert after[1] <= before[1] + 20
    assert after[2] <= before[2] + 8
    assert len(processes_of(pid)) <= 2 + 4 + 2
    assert only(exchange(served.address, request("GET", "/healthz"))).status == 200
