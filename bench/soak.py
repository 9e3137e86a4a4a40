"""A long run of good and hostile clients against one server, and kills at random moments.

    python bench/soak.py [--minutes N] [--kills ROUNDS]

Prints memory, descriptors, threads and processes at the start, every minute and at the end, and
what clients were told. Wrong, or short without a sign of it, is an answer of a good client that is
not what it was at first; a crash is a server that ended or said 500. The exit status is 0 if there
was neither and no acknowledged write was lost.
"""

import argparse
import http.client
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from urllib.parse import quote

TOKEN = "a-token-for-the-soak"
E = "http://example.org/"
TEN = "{ 0 1 2 3 4 5 6 7 8 9 }"
PRODUCT = " ".join(f"VALUES ?v{n} {TEN}" for n in range(12))
FIXED = (
    "SELECT ?s ?o FROM <https://w3id.org/policykg/graph/derived> { ?s ?p ?o } "
    "ORDER BY ?s ?o LIMIT 5000",
    "SELECT ?c (COUNT(*) AS ?n) FROM <https://w3id.org/policykg/graph/derived> { ?s a ?c } "
    "GROUP BY ?c ORDER BY ?c",
    f"SELECT * {{ {PRODUCT[: PRODUCT.index('VALUES ?v4')]} }} ORDER BY ?v0 ?v1 ?v2 ?v3",
)
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    f"SELECT * {{ {PRODUCT} }} ORDER BY ?v1",
    f"SELECT DISTINCT * {{ {PRODUCT} }}",
    f"SELECT (GROUP_CONCAT(?v0) AS ?t) {{ {PRODUCT} }}",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT { ?a ?e ?c } { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a (!<a:>|^!<a:>)+ ?b . ?b (!<a:>)* ?c }",
    f"ASK {{ FILTER ({'(' * 100_000}1{')' * 100_000}) }}",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "ASK { FILTER",
    "-" * 900_000,
)
PAGES = ("/", "/page/national-action-plan", "/queries", "/timeline")
RAW = (
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000,
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    b"\x16\x03\x01\x00\r\n\r\n",
    b"GET /sparql?query=SELECT%20*%7B?a%20?b%20?c.?d%20?e%20?f%7D HTTP/1.1\r\nHost: x\r\n\r\n",
)


@dataclass
class Server:
    """A server on the data folder ``data``."""

    data: Path
    process: "subprocess.Popen[str]" = field(init=False)
    port: int = field(init=False)

    def start(self, *options: str) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "server.cli", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            [*command, "--data", str(self.data), "--write-token", TOKEN],
            stdout=subprocess.PIPE,
            stderr=(self.data.parent / "log").open("a"),
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            told = (self.data.parent / "log").read_text()[-2000:]
            raise SystemExit(f"the server did not start ({self.process.wait()}): {told}")
        self.port = int(line.strip().rstrip("/").rsplit(":", 1)[1])

    def ask(
        self, source: str, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Return status and body; raises if the transfer breaks off."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, 60, (source, 0))
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, given)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def query(self, source: str, query: str, get: bool = False) -> tuple[int, bytes]:
        """Return status and body of the answer to ``query``, as CSV or N-Triples."""
        accept = "text/csv, application/n-triples"
        if get:
            return self.ask(source, "GET", f"/sparql?query={quote(query)}", Accept=accept)
        return self.ask(
            source, "POST", "/sparql", query, Accept=accept, Content_Type="application/sparql-query"
        )

    def insert(self, source: str, number: int) -> bool:
        """Write a number; return whether that was acknowledged."""
        update = f"INSERT DATA {{ GRAPH <{E}g> {{ <{E}s> <{E}p> {number} }} }}"
        kind, bearer = "application/sparql-update", f"Bearer {TOKEN}"
        status, _ = self.ask(
            source, "POST", "/update", update, Content_Type=kind, Authorization=bearer
        )
        return status == 200

    def numbers(self, source: str) -> set[int]:
        """Return the numbers that were written."""
        status, body = self.query(source, f"SELECT ?o {{ GRAPH <{E}g> {{ ?s ?p ?o }} }}")
        return set(map(int, body.split()[1:])) if status == 200 else set()

    def processes(self) -> list[int]:
        """Return its process and those below it."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*"):
                with suppress(OSError):
                    found += map(int, (task / "children").read_text().split())
        return found

    def state(self) -> "State":
        """Return what it takes of the machine."""
        memory = 0
        for pid in self.processes():
            with suppress(OSError, ValueError):
                _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
                memory += (resident - shared) * 4096
        pid = self.process.pid
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        return State(
            memory >> 20,
            own >> 20,
            len(os.listdir(f"/proc/{pid}/fd")),
            len(os.listdir(f"/proc/{pid}/task")),
            len(self.processes()),
        )


@dataclass(frozen=True)
class State:
    """What a server takes: memory in megabytes with and without its workers, and so on."""

    memory: int
    own: int
    descriptors: int
    threads: int
    processes: int

    def __str__(self) -> str:
        return (
            f"memory {self.memory} MB (server {self.own} MB), descriptors {self.descriptors}, "
            f"threads {self.threads}, processes {self.processes}"
        )

    def grown(self, before: "State") -> list[str]:
        """Return what is far more than ``before``."""
        most = {"memory": 250, "own": 250, "descriptors": 30, "threads": 60, "processes": 8}
        return [
            f"{name} grew from {getattr(before, name)} to {getattr(self, name)}"
            for name, much in most.items()
            if getattr(self, name) > getattr(before, name) + much
        ]


@dataclass
class Soak:
    """Clients at work, and what they were told."""

    server: Server
    told: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    briefest: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    expected: list[bytes] = field(default_factory=list)
    written: set[int] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    def good(self) -> None:
        """Ask what has always the same answer, and compare."""
        number = 0
        while not self.ended.wait(0.05):
            for query, expected in zip(FIXED, self.expected, strict=True):
                number += 1
                began = time.monotonic()
                # Another query each time, lest it be answered from what is kept.
                asked = f"{query} # {number}" if number % 5 else query
                status, body = self.server.query("127.0.0.2", asked, get=number % 2 == 0)
                self.slowest.append(time.monotonic() - began)
                self.told[f"good {status}"] += 1
                if status == 200 and body != expected:
                    self.faults.append(f"wrong or short: {query[:60]}")

    def brief(self) -> None:
        """Ask one line."""
        number = 0
        while not self.ended.wait(0.1):
            number += 1
            began = time.monotonic()
            status, _ = self.server.query("127.0.0.5", f"ASK {{ ?s ?p ?o }} # {number}", get=True)
            self.briefest.append(time.monotonic() - began)
            self.told[f"brief {status}"] += 1

    def visits(self) -> None:
        """Look at pages."""
        while not self.ended.wait(0.2):
            for path in PAGES:
                began = time.monotonic()
                status, body = self.server.ask("127.0.0.4", "GET", path, Accept="text/html")
                self.pages.append(time.monotonic() - began)
                self.told[f"page {status}"] += 1
                if status == 500 or (status == 200 and not body.rstrip().endswith(b"</html>")):
                    self.faults.append(f"{path} was {status} with {len(body)} bytes")

    def writes(self) -> None:
        """Write numbers and read them back at once."""
        while not self.ended.wait(0.5):
            number = len(self.written)
            if self.server.insert("127.0.0.3", number):
                self.written.add(number)
                self.told["write acknowledged"] += 1
                if number % 10 == 0 and not self.written <= self.server.numbers("127.0.0.3"):
                    self.faults.append(f"write {number} was acknowledged and is not there")

    def hostile(self) -> None:
        """Ask what is heavy or makes no sense."""
        while not self.ended.wait(0.02):
            source = f"127.0.1.{random.randrange(1, 5)}"
            query = random.choice(HOSTILE)
            get = len(query) < 1000 and random.random() < 0.5
            status, _ = self.server.query(source, query, get)
            self.told[f"hostile {status}"] += 1
            if status == 500:
                self.faults.append("a hostile query was told 500")

    def rude(self) -> None:
        """Send bytes that are no request, or leave before the answer."""
        import socket

        while not self.ended.wait(0.02):
            address = ("127.0.0.1", self.server.port)
            with socket.create_connection(address, 10) as client:
                client.sendall(random.choice(RAW))
                client.settimeout(random.random())
                client.recv(1000)

    def repeat(self, client: Callable[[], None]) -> None:
        """Have ``client`` go on, whatever breaks off, until the end."""
        while not self.ended.is_set():
            try:
                client()
            except (OSError, http.client.HTTPException) as error:
                self.told[f"{client.__name__} {type(error).__name__}"] += 1

    def run(self, minutes: float) -> None:
        """Let all of them work for so long."""
        self.server.start("--no-build")
        for query in FIXED:
            status, body = self.server.query("127.0.0.2", query)
            assert status == 200, body
            self.expected.append(body)
        self.server.ask("127.0.0.2", "GET", "/")
        before = self.server.state()
        print(f"start: {before}", flush=True)
        clients = [
            self.good,
            self.good,
            self.brief,
            self.visits,
            self.writes,
            *[self.hostile] * 12,
            *[self.rude] * 6,
        ]
        threads = [threading.Thread(target=self.repeat, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        until = time.monotonic() + minutes * 60
        minute = 0
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(60, left))
            minute += 1
            print(f"minute {minute}: {self.server.state()}", flush=True)
            if self.server.process.poll() is not None:
                self.faults.append("the server ended")
                break
        self.ended.set()
        for thread in threads:
            thread.join()
        time.sleep(10)
        after = self.server.state()
        print(f"10 s after the end: {after}")
        self.faults += after.grown(before)
        kinds = (
            ("large answers", self.slowest),
            ("one line", self.briefest),
            ("pages", self.pages),
        )
        for who, took in kinds:
            times = sorted(took)
            p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            print(f"{who}: p50 {p50:.3f} s, p99 {p99:.3f} s")
        print("told: " + ", ".join(f"{what} {count}" for what, count in sorted(self.told.items())))
        self.server.process.send_signal(signal.SIGTERM)
        if self.server.process.wait(60):
            self.faults.append(f"the server ended with {self.server.process.returncode}")


def kills(server: Server, rounds: int) -> list[str]:
    """Kill every process at a random moment while numbers are written; return what was lost."""
    lost = []
    acknowledged: set[int] = set()
    if rounds:
        server.start("--no-build")
    for count in range(rounds):
        ended = threading.Event()
        known = len(acknowledged)

        def write(ended: threading.Event = ended, first: int = 1_000_000 * (count + 1)) -> None:
            number = first
            with suppress(OSError, http.client.HTTPException):
                while not ended.is_set() and server.insert("127.0.0.1", number):
                    acknowledged.add(number)
                    number += 1

        writer = threading.Thread(target=write)
        writer.start()
        until = time.monotonic() + 20
        while len(acknowledged) == known and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(3 * random.random())
        for pid in server.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        ended.set()
        writer.join()
        server.process.wait()
        server.start("--no-build")
        if missing := acknowledged - server.numbers("127.0.0.1"):
            lost.append(f"round {count + 1} lost {sorted(missing)}")
        print(f"round {count + 1}: {len(acknowledged)} writes acknowledged", flush=True)
    if rounds:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)
    print(
        f"{rounds} rounds of kill -9: {len(acknowledged)} writes acknowledged, "
        f"{len(lost)} rounds lost some"
    )
    return lost


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kills", type=int, default=0, metavar="ROUNDS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policykg-soak-") as folder:
        data = Path(folder) / "data"
        subprocess.run(
            [sys.executable, "-m", "server.cli", "build", "--data", str(data)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        soak = Soak(Server(data))
        if options.minutes:
            soak.run(options.minutes)
        soak.faults += kills(soak.server, options.kills)
        log = (data.parent / "log").read_text()
        if "unexpected failure" in log or "Traceback" in log:
            soak.faults.append(
                "the log has an unexpected failure:\n" + log[log.index("Traceback") :][:2000]
            )
    print("\n".join(soak.faults) or "no crash, no wrong or silently short answer, no write lost")
    return 1 if soak.faults else 0


if __name__ == "__main__":
    sys.exit(main())
