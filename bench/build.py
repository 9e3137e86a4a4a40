"""How long a build of a large collection takes and how much memory, and what a version costs then.

    python bench/build.py --triples 100000
    python bench/build.py --triples 10000000 --folder FOLDER --only build,again
    python bench/build.py --triples 10000000 --folder FOLDER --only plain,load,switch,start

build: a full build of generated reports (bench/reports.py), without the reasoner, step by step.
again: the same after one claim of one report was changed.
plain: in place of a build: the statements of the reports, unchecked and as they are, in service.
load: the built statements into a new store, against `oxigraph load` of the same file. Goal: at
      least 0.8 of its speed.
switch: a small change of the built graph while 16 clients read: until it is in service, and until a
      server answers from it. Goals: each below 1 s, no failed request.
start: `policykg serve` until its first answer. Goal: below 1 s.

All statements are counted that are in the reports; as many again or more are derived. Processor
time says more than the clock on a machine that does something else. A FOLDER that is given is kept.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from load import request
from load import run
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse
from reports import write
from servers import policykg
from start import serve_once

from kg.engine.committing import VersionWriter
from kg.engine.statement_file import StatementFile

STEPS: Final = ("build", "again", "load", "switch", "start")  # all but "plain"
CLIENTS: Final = 16
RUNS: Final = 3
CHANGES: Final = 5
_SCRIPTS: Final = Path(sys.executable).parent
BUILD: Final = """
import resource, sys, time
from pathlib import Path
from kg.build.layout import Layout, packaged_layout
from kg.build.pipeline import Options, build
from kg.settings import Settings
folder, packaged = Path(sys.argv[1]), packaged_layout()
reports = tuple(sorted((folder / "reports").iterdir()))
layout = Layout(packaged.ontology, packaged.queries, folder / "links", reports)
marks = []
def mark(step):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    marks.append((step, time.process_time(), time.perf_counter(), peak))
outcome = build(Settings(data=folder / "policykg"), Options(layout=layout, progress=mark))
mark("end")
for (step, used, clock, _), (_, used_then, clock_then, peak) in zip(marks, marks[1:]):
    print(f"{step}\\t{used_then - used}\\t{clock_then - clock}\\t{peak}")
parts = len(outcome.taken), len(outcome.kept)
print("\\t".join(map(str, (outcome.version.quads, outcome.dataset.derived, *parts))))
"""
LOAD: Final = """
import sys
from pathlib import Path
from pyoxigraph import Store
from kg.engine.replacing import fill
from kg.engine.statement_file import StatementFile
store = Store(sys.argv[1])
fill(store, StatementFile(Path(sys.argv[2]), Store()))
store.flush()
"""
CHANGE: Final = """
import sys, time, urllib.parse, urllib.request
from pathlib import Path
from pyoxigraph import NamedNode, Quad
from kg.engine.committing import VersionWriter
writer, address = VersionWriter(Path(sys.argv[1]), 30), sys.argv[2]
for number in range(int(sys.argv[3])):
    node = NamedNode(f"https://bench.example.org/written/{time.time_ns()}")
    def change(store, last):
        store.add(Quad(node, node, node, node))
        return {"by": "bench", "change": 1}
    began = time.perf_counter()
    writer.change(change)
    committed = time.perf_counter()
    query = urllib.parse.urlencode({"query": f"ASK {{ {node} {node} {node} }}"})
    while b"true" not in urllib.request.urlopen(f"{address}/sparql?{query}").read():
        pass
    print(committed - began, time.perf_counter() - began, flush=True)
    time.sleep(1)
"""


@dataclass(frozen=True, slots=True)
class Used:
    """What a process took: processor and clock seconds, and its largest size in megabytes."""

    processor: float
    clock: float
    peak: float


def used(command: Sequence[str | Path]) -> Used:
    """Return what ``command`` takes. Raises ``RuntimeError`` if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command!r} failed")
    processor = usage.ru_utime + usage.ru_stime
    return Used(processor, time.perf_counter() - began, usage.ru_maxrss / 1024)


def build(folder: Path, name: str) -> None:
    """Build what is in ``folder`` and print what each step took."""
    # Without Java on the path, so that the reasoner is left out of the build.
    environment = {**os.environ, "PATH": "", "JAVA_HOME": ""}
    done = subprocess.run(
        [sys.executable, "-c", BUILD, folder],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    *steps, last = (line.split("\t") for line in done.stdout.splitlines())
    quads, derived, taken, kept = map(int, last)
    total = sum(float(step[1]) for step in steps)
    for step, processor, clock, peak in steps:
        print(f"{name}: {step}: {float(processor):.1f} s of the processor, {float(clock):.1f} s, "
              f"so far at most {float(peak):.0f} MB")  # fmt: skip
    print(f"{name}: {taken} parts checked, {kept} kept; {quads} statements, {derived} derived; "
          f"{total:.1f} s of the processor, {total / quads * 1e6:.0f} s a million")  # fmt: skip


def change_a_claim(folder: Path) -> None:
    """Let a claim of report 3 say something else."""
    file = folder / "reports" / "bench-00003" / "claims.ttl"
    text = file.read_text(encoding="utf-8")
    other = re.sub(r' 2[^"]*"@en', f' 2, at {time.time_ns()}."@en', text, count=1)
    file.write_text(other, encoding="utf-8")


def plain(folder: Path) -> None:
    """Put the statements of the reports into service without building anything of them."""
    target = folder / "all.nq"
    with target.open("w", encoding="utf-8") as file:
        for path in sorted((folder / "reports").glob("*/*.ttl")):
            end = f" <https://w3id.org/policykg/graph/{path.parent.name}> .\n"
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                file.write(f"{quad.triple}{end}")
    statements = StatementFile(target, Store())
    writer = VersionWriter(folder / "policykg")
    began = time.perf_counter()
    version = writer.publish(statements, f"{time.time_ns():064}", lambda dumps: None)
    print(f"plain: {version.quads} statements in service after {time.perf_counter() - began:.1f} s")


def unpacked(folder: Path) -> Path:
    """Return the dump of all statements of the version in service, not compressed."""
    target = folder / "all.nq"
    if target.exists():
        return target
    dumps = (folder / "policykg" / "dumps").iterdir()
    numbers = sorted(dumps, key=lambda path: int(path.name))
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with (numbers[-1] / "policykg.nq.gz").open("rb") as packed, target.open("wb") as file:
        while piece := packed.read(1 << 20):
            file.write(inflate.decompress(piece))
    return target


def load(folder: Path) -> None:
    """Load the built statements in turn by both, and print the ratio of the medians."""
    file, store = unpacked(folder), folder / "loaded"
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-c", LOAD, store, file],
        [_SCRIPTS / "oxigraph", "load", "--location", store, "--file", file],
    )
    ours: list[Used] = []
    theirs: list[Used] = []
    for _ in range(RUNS):
        for command, each in zip(commands, (ours, theirs), strict=True):
            shutil.rmtree(store, ignore_errors=True)
            each.append(used(command))
    shutil.rmtree(store)
    for what in ("clock", "processor"):
        a, b = (statistics.median(getattr(one, what) for one in some) for some in (ours, theirs))
        print(f"load ({what}): {a:.1f} s against {b:.1f} s, {b / a:.2f} of its speed, goal 0.8")
    peaks = [max(one.peak for one in some) for some in (ours, theirs)]
    print(f"load: at most {peaks[0]:.0f} MB against {peaks[1]:.0f} MB")


def switch(folder: Path) -> None:
    """Change the graph while clients read, and print how long each change took."""
    claims = [
        f"<https://w3id.org/policykg/id/{report.name}-c{number:03}>"
        for report in sorted((folder / "reports").iterdir())[1:200]
        for number in range(1, 20)
    ]
    lookups = [f"SELECT ?p ?o WHERE {{ {claim} ?p ?o }}" for claim in claims]
    faults: list[Exception] = []
    answers = 0
    done = threading.Event()

    def read(address: str) -> None:
        nonlocal answers
        while not done.is_set():
            try:
                run(address, [request(address, "/sparql", query) for query in lookups], CLIENTS)
                answers += len(lookups)
            except (OSError, RuntimeError) as error:
                faults.append(error)

    with policykg(folder) as server:
        reader = threading.Thread(target=read, args=(server.address,))
        reader.start()
        data = str(folder / "policykg")
        command = [sys.executable, "-c", CHANGE, data, server.address, str(CHANGES)]
        try:
            out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        finally:
            done.set()
            reader.join()
    times = [tuple(map(float, line.split())) for line in out.splitlines()]
    for name, place in (("in service", 0), ("answered from", 1)):
        each = [one[place] for one in times]
        print(f"switch: {name} after {statistics.median(each):.3f} s, at most {max(each):.3f} s, "
              "goal 1 s")  # fmt: skip
    print(f"switch: {len(faults)} failures, {answers} answers and more; {faults[:1]}")


def start(folder: Path) -> None:
    """Start a server several times and print how long it takes to its first answer."""
    each = [serve_once(folder / "policykg") for _ in range(RUNS + 1)][1:]
    print(f"start: {statistics.median(each):.3f} s, at most {max(each):.3f} s, goal 1 s")


def measure(folder: Path, triples: int, only: Sequence[str]) -> None:
    """Measure and print the steps ``only``; reports are generated where there are none."""
    if not (folder / "reports").is_dir():
        began = time.process_time()
        number = write(triples, folder)
        print(f"{number} statements written in {time.process_time() - began:.1f} s")
    if "plain" in only:
        plain(folder)
    if "build" in only:
        build(folder, "build")
    if "again" in only:
        change_a_claim(folder)
        build(folder, "again")
    for step in (load, switch, start):
        if step.__name__ in only:
            step(folder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", default=",".join(STEPS))
    given = parser.parse_args()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        measure(given.folder, given.triples, given.only.split(","))
        return
    with tempfile.TemporaryDirectory(prefix="policykg-bench-") as folder:
        measure(Path(folder), given.triples, given.only.split(","))


if __name__ == "__main__":
    main()
