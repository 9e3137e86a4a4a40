"""Suggestions, search and a question of the catalogue, side by side with Datasette.

    python bench/asking.py --triples 10000,1000000

Datasette has the same texts in a full-text index, and the same question as a canned query over
the same facts; that both give the same answers is checked first. Our caches are turned off, and
Datasette is asked each address once. `/healthz` tells what a request costs that asks nothing. "CPU"
is processor time of the server and its processes, which counts on a machine that does other things
as well.
"""

import argparse
import csv
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote
from urllib.request import urlopen

import asking_data
import generate
import load
import servers
from asking_data import DATABASE
from asking_data import PARAMETER
from asking_data import QUESTION
from pages import request
from servers import Server

from kg.search.files import index_current
from kg.settings import Settings

_CONNECTIONS: Final = (1, 8)
_CHECKED: Final = 20  # answers


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked: the ``number``-th address on our server, and on the other if it has that."""

    name: str
    ours: Callable[[int], str]
    peer: Callable[[int], str] | None


def works(names: Sequence[str], entities: Sequence[str]) -> Sequence[Work]:
    """Return what is asked of a graph with these names of things, and these entities."""
    words = sorted({word for name in names for word in name.split() if len(word) > 3})
    table = f"/{DATABASE}/thing.json?_shape=array"

    def typed(number: int) -> str:
        name = names[number * 7919 % len(names)]
        return quote(name[: 2 + number % 9].strip() or "a")

    def searched(number: int) -> str:
        return quote(f"{words[number * 31 % len(words)]} {words[number * 7 % len(words)]}")

    def value(number: int) -> str:
        return f"{PARAMETER}={quote(entities[number * 13 % len(entities)], safe='')}"

    return (
        Work("nothing (/healthz)", lambda n: f"/healthz?n={n}", None),
        Work(
            "suggestion",
            lambda n: f"/api/suggest?q={typed(n)}",
            lambda n: f"{table}&_size=10&_searchmode=raw&_search=%22{typed(n)}%22*&_n={n}",
        ),
        Work(
            "search",
            lambda n: f"/api/search?q={searched(n)}",
            lambda n: f"{table}&_size=10&_search={searched(n)}&_n={n}",
        ),
        Work(
            "question, page",
            lambda n: f"/queries/{QUESTION}?{value(n)}",
            lambda n: f"/{DATABASE}/{QUESTION}?{value(n)}&_n={n}",
        ),
        Work(
            "question, CSV",
            lambda n: f"/queries/{QUESTION}.csv?{value(n)}",
            lambda n: f"/{DATABASE}/{QUESTION}.csv?{value(n)}&_n={n}",
        ),
    )


def check(ours: Server, peer: Server, work: Work) -> int:
    """Return how many rows both servers gave alike. Raises ``RuntimeError`` where they differ."""
    rows = 0
    for number in range(_CHECKED):
        answers = []
        for server, address in ((ours, work.ours), (peer, work.peer)):
            if address is None:
                raise RuntimeError(work.name)
            with urlopen(server.address + address(number)) as answer:
                table = list(csv.DictReader(io.StringIO(answer.read().decode())))
            # Ours repeats the value of the parameter in a column of its own.
            answers.append([{k: v for k, v in row.items() if k != PARAMETER} for row in table])
        if answers[0] != answers[1]:
            raise RuntimeError(f"{work.ours(number)} gives {answers[0]}, not {answers[1]}")
        rows += len(answers[0])
    if not rows:
        raise RuntimeError("No answer had a row")
    return rows


def compare(ours: Server, peer: Server, kinds: Sequence[Work], rounds: int, asked: int) -> None:
    """Print the times of both servers for each of ``kinds``."""
    print("| what | connections | p50 ms: policykg / Datasette | p99 ms | CPU ms each |")
    print("| --- | --- | --- | --- | --- |")
    for work in kinds:
        for connections in _CONNECTIONS:
            timings, used = [], []
            for server, address in ((ours, work.ours), (peer, work.peer)):
                if address is None:
                    continue
                runs = []
                before = server.processor_seconds()
                for number in range(rounds):
                    first = (number * 2 + (connections > 1)) * asked
                    paths = [request(server, address(first + place)) for place in range(asked)]
                    runs.append(load.run(server.address, paths, connections))
                timings.append(runs)
                used.append((server.processor_seconds() - before) * 1000 / (rounds * asked))
            cells = [
                " / ".join(
                    f"{statistics.median(t.percentile(percent) for t in runs):.2f}"
                    for runs in timings
                )
                for percent in (50, 99)
            ]
            cells.append(" / ".join(f"{one:.2f}" for one in used))
            print(f"| {work.name} | {connections} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Run the comparison for each size that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", default="10000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--asked", type=int, default=100)
    arguments = parser.parse_args()
    for triples in map(int, arguments.triples.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            asking_data.load(folder, triples)
            started = time.monotonic()
            settings = Settings(data=folder / "policykg", base_iri=generate.BASE)
            index = index_current(settings)
            print(f"\n{triples:,} statements; the index was made in", end=" ")
            print(f"{time.monotonic() - started:.1f} s, {index.stat().st_size:,} bytes", end="; ")
            database, metadata, names = asking_data.sqlite_files(folder, index)
            kinds = works(names, asking_data.entities(folder))
            with (
                servers.policykg(
                    folder, BASE_IRI=generate.BASE, CACHE_MB="0", PAGE_CACHE_MB="0"
                ) as ours,
                servers.datasette(database, metadata) as peer,
            ):
                print(f"{check(ours, peer, kinds[-1])} rows of {_CHECKED} answers were alike\n")
                compare(ours, peer, kinds, arguments.rounds, arguments.asked)


if __name__ == "__main__":
    main()
