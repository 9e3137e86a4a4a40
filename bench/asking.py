"""Suggestions and search beside Datasette's full-text search on the same texts.

    python bench/asking.py --triples 10000,1000000

Every address is asked once, so that no cache helps. `/healthz` tells what a request costs that asks
nothing.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

import generate
import load
import page_data
import servers
from pages import request
from servers import Server

from kg.search.files import index_current
from kg.settings import Settings

_CONNECTIONS: Final = (1, 8)


def full_text(index: Path, folder: Path) -> tuple[Path, list[str]]:
    """Return a database for Datasette with the texts of ``index``, and the names in it."""
    path = folder / "asking.db"
    with closing(sqlite3.connect(index)) as source, closing(sqlite3.connect(path)) as target:
        rows = source.execute("SELECT iri, name, texts FROM thing").fetchall()
        target.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT, name, body TEXT)")
        target.executemany(
            "INSERT INTO thing (iri, name, body) VALUES (?, ?, ?)",
            ((i, n, " ".join(one[1] for one in json.loads(texts))) for i, n, texts in rows),
        )
        target.execute(
            "CREATE VIRTUAL TABLE thing_fts USING fts5(name, body, content='thing', "
            "content_rowid='id', tokenize='porter unicode61')"
        )
        target.execute("INSERT INTO thing_fts (thing_fts) VALUES ('rebuild')")
        target.commit()
    return path, [name for _, name, _ in rows]


def compare(ours: Server, peer: Server, names: Sequence[str], rounds: int, asked: int) -> None:
    """Print the times of both servers for suggestions and searches, and those of `/healthz`."""
    words = sorted({word for name in names for word in name.split() if len(word) > 3})

    def typed(number: int) -> str:
        name = names[number * 7919 % len(names)]
        return quote(name[: 2 + number % 9].strip() or "a")

    def searched(number: int) -> str:
        return quote(f"{words[number * 31 % len(words)]} {words[number * 7 % len(words)]}")

    table = "/asking/thing.json?_shape=array"
    works: tuple[tuple[str, Callable[[int], str], Callable[[int], str] | None], ...] = (
        ("nothing (/healthz)", lambda n: f"/healthz?n={n}", None),
        (
            "suggestion",
            lambda n: f"/api/suggest?q={typed(n)}",
            lambda n: f"{table}&_size=10&_searchmode=raw&_search=%22{typed(n)}%22*&_n={n}",
        ),
        (
            "search",
            lambda n: f"/api/search?q={searched(n)}",
            lambda n: f"{table}&_size=10&_search={searched(n)}&_n={n}",
        ),
    )
    print(
        "| what | connections | p50 ms: policykg / Datasette | p99 ms |\n| --- | --- | --- | --- |"
    )
    for name, own, other in works:
        for connections in _CONNECTIONS:
            cells = []
            timings = []
            for server, address in ((ours, own), (peer, other)):
                if address is None:
                    continue
                runs = []
                for number in range(rounds):
                    first = (number * 2 + (connections > 1)) * asked
                    paths = [request(server, address(first + place)) for place in range(asked)]
                    runs.append(load.run(server.address, paths, connections))
                timings.append(runs)
            for percent in (50, 99):
                values = [statistics.median(t.percentile(percent) for t in r) for r in timings]
                cells.append(" / ".join(f"{value:.2f}" for value in values))
            print(f"| {name} | {connections} | {' | '.join(cells)} |", flush=True)


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
            page_data.load_policykg(folder, triples)
            started = time.monotonic()
            settings = Settings(data=folder / "policykg", base_iri=generate.BASE)
            index = index_current(settings)
            print(f"\n{triples:,} statements; the index was made in", end=" ")
            print(f"{time.monotonic() - started:.1f} s, {index.stat().st_size:,} bytes\n")
            database, names = full_text(index, folder)
            with (
                servers.policykg(folder, BASE_IRI=generate.BASE) as ours,
                servers.datasette(database) as peer,
            ):
                compare(ours, peer, names, arguments.rounds, arguments.asked)


if __name__ == "__main__":
    main()
