"""How quick the endpoint is, side by side with `oxigraph serve` and rdflib-endpoint.

    python bench/endpoint.py [--triples 100000] [--rounds 5] [--only rates,large,busy]

The same generated data in each server, the same questions, in turn within one run: so the ratios
count, not the numbers, which depend on the machine and on what else it does. Answers are compared.
The client shares the processors with the servers. rdflib-endpoint takes part up to 100,000
triples and answers fewer questions. Needs the packages of the dependency group `bench`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Final

import load
import questions
import servers
from load import Timing
from servers import Server

_CONNECTIONS: Final = (1, 16)
_LOOKUPS: Final = 400  # of each round, because they are quick
_RDFLIB_QUESTIONS: Final = 5
_RDFLIB_TRIPLES: Final = 100_000
_TURTLE: Final = "text/turtle"
_BUSY: Final = (("4 runaways", 4, False), ("8 slow readers", 8, True))


def rates(compared: Sequence[Server], triples: int, rounds: int, questions_asked: int) -> None:
    """Print how many answers a second each server gives, and how long one takes."""
    print("| work | connections | policykg | oxigraph | ratio | p50 ms | p99 ms | rdflib: ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind, question in questions.KINDS.items():
        for again in (False, True):
            for connections in _CONNECTIONS:
                name = f"{kind}, {'repeated' if again else 'distinct'}"
                count = _LOOKUPS if kind == "lookup" else questions_asked
                _rate(name, question, compared, triples, rounds, connections, again, count)


def _rate(
    name: str,
    question: Callable[[int, int], str],
    compared: Sequence[Server],
    triples: int,
    rounds: int,
    connections: int,
    again: bool,
    count: int,
) -> None:
    timings: dict[str, list[Timing]] = {server.name: [] for server in compared}
    for number in range(rounds):
        answers: list[list[bytes]] = []
        for server in compared:
            # Each number of connections gets other questions, so that no cache knows them.
            first = (number + (rounds if connections > 1 else 0)) * count
            asked_here = _RDFLIB_QUESTIONS if server.name == "rdflib-endpoint" else count
            texts = [question(7 if again else first + i, triples) for i in range(asked_here)]
            asked = [load.request(server.address, server.path, text) for text in texts]
            bodies: list[bytes] = []
            timings[server.name].append(load.run(server.address, asked, connections, bodies))
            answers.append(bodies)
        if number == 0:
            _compare(name, answers)
    ours, peer, *others = ([t.rate for t in timings[server.name]] for server in compared)
    ratios = [a / b for a, b in zip(ours, peer, strict=True)]
    latencies = {
        percent: " / ".join(
            f"{statistics.median(t.percentile(percent) for t in timings[server.name]):.2f}"
            for server in compared[:2]
        )
        for percent in (50, 99)
    }
    rdflib = f"{statistics.median(ours) / statistics.median(others[0]):.0f}" if others else "–"
    print(
        f"| {name} | {connections} | {statistics.median(ours):.0f} | {statistics.median(peer):.0f} "
        f"| {statistics.median(ratios):.2f} | {latencies[50]} | {latencies[99]} | {rdflib} |",
        flush=True,
    )


def _compare(name: str, answers: Sequence[Sequence[bytes]]) -> None:
    for bodies in zip(*answers, strict=False):
        solutions = [_solutions(body) for body in bodies]
        if any(other != solutions[0] for other in solutions):
            raise SystemExit(f"{name}: the servers do not agree: {[b[:300] for b in bodies]}")


def _solutions(body: bytes) -> list[list[tuple[str, str, str | float]]]:
    """Return the solutions of a result in JSON, in an order of their own, decimals as numbers."""
    rows = json.loads(body)["results"]["bindings"]
    return sorted(
        sorted((name, term["type"], _value(term)) for name, term in row.items()) for row in rows
    )


def _value(term: dict[str, Any]) -> str | float:
    if term.get("datatype", "").endswith(("#decimal", "#integer")):
        return round(float(term["value"]), 9)  # engines differ in the digits of an average
    return str(term["value"])


def large(compared: Sequence[Server], rounds: int) -> None:
    """Print how soon and how quickly large answers come, and what memory the servers hold."""
    print(f"\n| {questions.LARGE} rows | policykg | oxigraph | ratio | first byte, ms |")
    print("| --- | --- | --- | --- | --- |")
    asked = (
        ("SELECT as JSON", questions.SELECT_LARGE, load.JSON),
        ("CONSTRUCT as Turtle", questions.CONSTRUCT_LARGE, _TURTLE),
    )
    for name, query, accept in asked:
        streams: dict[str, list[load.Stream]] = {server.name: [] for server in compared[:2]}
        for _ in range(rounds):
            sizes = set()
            for server in compared[:2]:
                request = load.request(server.address, server.path, query, accept)
                measured, received = load.stream(server.address, request)
                streams[server.name].append(measured)
                body = received.partition(b"\r\n\r\n")[2]
                sizes.add(len(load.dechunked(body)))
            if len(sizes) > 1:
                raise SystemExit(f"{name}: the answers differ in size: {sizes}")
        ours, peer = ([s.size / s.seconds / 1e6 for s in found] for found in streams.values())
        first = " / ".join(
            f"{statistics.median(s.first for s in found) * 1000:.0f}" for found in streams.values()
        )
        ratio = statistics.median(a / b for a, b in zip(ours, peer, strict=True))
        print(
            f"| {name} | {statistics.median(ours):.0f} MB/s | {statistics.median(peer):.0f} MB/s "
            f"| {ratio:.2f} | {first} |",
            flush=True,
        )


def busy(compared: Sequence[Server], triples: int) -> None:
    """Print how long a small query takes while others hold the server."""
    print("\n| while | policykg: p50, p99 ms | × idle | oxigraph: p50, p99 ms | × idle |")
    print("| --- | --- | --- | --- | --- |")
    idle = [_small(server, triples, 0) for server in compared[:2]]
    print(_busy_line("idle", idle, idle), flush=True)
    for place, (name, count, slow) in enumerate(_BUSY, start=1):
        measured = []
        for server in compared[:2]:
            query = questions.SELECT_LARGE if slow else questions.RUNAWAY
            with _held(server, query, count):
                measured.append(_small(server, triples, place))
        print(_busy_line(name, measured, idle), flush=True)


def _small(server: Server, triples: int, place: int) -> Timing:
    """Ask lookups from a second address, as another client than those that hold the server."""
    texts = [questions.lookup(6_000 + place * 300 + i, triples) for i in range(300)]
    asked = [load.request(server.address, server.path, text) for text in texts]
    return load.run(server.address, asked, 1, source="127.0.0.2")


def _busy_line(name: str, measured: Sequence[Timing], idle: Sequence[Timing]) -> str:
    cells = [name]
    for now, before in zip(measured, idle, strict=True):
        cells.append(f"{now.percentile(50):.2f}, {now.percentile(99):.2f}")
        cells.append(f"{now.percentile(99) / before.percentile(99):.1f}")
    return f"| {' | '.join(cells)} |"


@contextmanager
def _held(server: Server, query: str, count: int) -> Iterator[None]:
    """Ask ``query`` ``count`` times, and read none of the answers."""
    connections = [load.connect(server.address, receive_buffer=4096) for _ in range(count)]
    for connection in connections:
        connection.sendall(load.request(server.address, server.path, query))
    threading.Event().wait(1)
    try:
        yield
    finally:
        for connection in connections:
            connection.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=30, help="of each kind and round")
    parser.add_argument("--only", default="rates,large,busy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policykg-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        data = folder / "data.nq"
        with data.open("w") as file:
            command = [sys.executable, "bench/generate.py", str(options.triples)]
            subprocess.run(command, stdout=file, check=True, cwd=Path(__file__).parents[1])
        servers.load(folder, data)
        compared = [
            stack.enter_context(servers.policykg(folder)),
            stack.enter_context(servers.oxigraph(folder)),
        ]
        if options.triples <= _RDFLIB_TRIPLES:
            compared.append(stack.enter_context(servers.rdflib_endpoint(data)))
        for server in compared:
            print(f"{server.name}: started in {server.started:.2f} s, {server.memory():.0f} MB")
        parts = options.only.split(",")
        if "rates" in parts:
            rates(compared, options.triples, options.rounds, options.questions)
        if "large" in parts:
            large(compared, options.rounds)
        if "busy" in parts:
            busy(compared, options.triples)
        for server in compared:
            print(f"{server.name}: {server.memory():.0f} MB in the end")


if __name__ == "__main__":
    main()
