"""How long a start and a build take, each as a ratio to a peer that is measured in the same run.

    python bench/start.py [--runs N]

start: `policykg serve` on a built graph, from the start of the process to the answer of a first
query, against `python -c "import flask, pyoxigraph"`. Goal: at most 2.
build: a full build of the packaged report without the reasoner, against parsing the report's
Turtle with rdflib. Goal: below 20.
"""

import argparse
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

QUERY = "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D"
BUILD = """
import sys, time
from pathlib import Path
from rdflib import Graph
from kg.build.layout import packaged_layout
from kg.build.pipeline import build
from kg.settings import Settings
files = [f for folder in packaged_layout().reports for f in sorted(folder.rglob("*.ttl"))]
def parse():
    for file in files:
        Graph().parse(file, format="turtle")
def built(number):
    build(Settings(data=Path(sys.argv[1]) / str(number)))
# Each once before the clock runs, so that imports count for neither.
parse(), built(0)
for number in range(1, int(sys.argv[2]) + 1):
    before = time.perf_counter(); parse(); between = time.perf_counter(); built(number)
    print(time.perf_counter() - between, between - before)
"""


def serve_once(data: Path) -> float:
    """Return the seconds from starting the server to its first answer."""
    before = time.perf_counter()
    command = [sys.executable, "-m", "server.cli", "serve", "--no-build", "--port", "0"]
    with subprocess.Popen(
        [*command, "--data", str(data)], stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output")
        address = process.stdout.readline().split()[-1].rstrip("/")
        with urllib.request.urlopen(address + QUERY) as answer:
            answer.read()
        took = time.perf_counter() - before
        process.send_signal(signal.SIGTERM)
    return took


def import_once() -> float:
    """Return the seconds that a bare import of the two big libraries takes."""
    before = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask, pyoxigraph"], check=True)
    return time.perf_counter() - before


def report(name: str, ours: list[float], peers: list[float], goal: str) -> None:
    """Print the medians and the ratio of the medians, and the spread of the pairwise ratios."""
    ratios = sorted(a / b for a, b in zip(ours, peers, strict=True))
    ratio = statistics.median(ratios)
    print(
        f"{name}: {statistics.median(ours):.3f} s against {statistics.median(peers):.3f} s, "
        f"ratio {ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), goal {goal}"
    )


def alternate(
    runs: int, ours: Callable[[], float], peer: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Return the seconds of ``runs`` runs of each, in turn, after one that is not counted."""
    ours(), peer()
    pairs = [(ours(), peer()) for _ in range(runs)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    # Without Java on the path, so that the reasoner is left out of the build.
    environment = {**os.environ, "PATH": "", "JAVA_HOME": ""}
    with tempfile.TemporaryDirectory(prefix="policykg-bench-") as folder:
        command = [sys.executable, "-c", BUILD, folder, str(runs)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        pairs = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
        data = Path(folder) / "1"
        started = alternate(runs, lambda: serve_once(data), import_once)
        report("start", *started, goal="2")
        report("build", [pair[0] for pair in pairs], [pair[1] for pair in pairs], goal="20")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
