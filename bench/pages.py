"""How quick pages are, side by side with Datasette, which serves the same facts from SQLite.

    python bench/pages.py [--triples 10000,1000000] [--rounds 3] [--pages 100]

Pages of things against Datasette's pages of rows, their Turtle against its JSON of a row, and a
list against its page of a table, in turn within one run: so the ratios count, not the numbers,
which depend on the machine and on what else it does. "Distinct" pages are asked for once, of a
server that keeps no page, so that each is a first visit; "repeated" ones again and again, of one
that does. The time of the processor is that of the server with all its processes. The client shares
the processors with the servers. Needs the packages of the dependency group `bench`.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import generate
import load
import page_data
import servers
from load import Timing
from processor_time import ProcessorTime
from servers import Server

_CONNECTIONS: Final = (1, 16)
# Of so many entities most is said; the pages of most things are those from there on.
_HUBS: Final = 5


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of page: where the ``number``-th is on our server and on the other."""

    name: str
    ours: Callable[[int], str]
    peer: Callable[[int], str]


def works(entities: Sequence[str], claims: Sequence[str]) -> Sequence[Work]:
    """Return the kinds of pages for these entities and claims."""

    def entity(number: int) -> str:
        return entities[_HUBS + number * 7 % (len(entities) - _HUBS)]

    def claim(number: int) -> str:
        return claims[number * 11 % len(claims)]

    return (
        Work(
            "thing, HTML",
            lambda n: f"/page/{entity(n)}",
            lambda n: f"/bench/entity/{entity(n)}",
        ),
        Work(
            "hub, HTML",
            lambda n: f"/page/{entities[n % _HUBS]}?x={n}",
            lambda n: f"/bench/entity/{entities[n % _HUBS]}?_x={n}",
        ),
        Work(
            "claim, HTML",
            lambda n: f"/page/{claim(n)}",
            lambda n: f"/bench/claim/{claim(n)}",
        ),
        Work(
            "claim, Turtle",
            lambda n: f"/data/{claim(n)}.ttl",
            lambda n: f"/bench/claim/{claim(n)}.json",
        ),
        Work(
            "list, HTML",
            lambda n: f"/list/claims?page={n % max(1, len(claims) // 100) + 1}",
            lambda n: f"/bench/claim?_facet=certainty&_next={claim(n)}&_size=100",
        ),
    )


def request(server: Server, path: str) -> bytes:
    """Return the bytes of a request for a page or a file."""
    host = urlsplit(server.address).netloc
    lines = (f"GET {path} HTTP/1.1", f"Host: {host}", "Accept: */*", "Accept-Encoding: gzip")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def compare(
    first: Server, kept: Server, peer: Server, kinds: Sequence[Work], rounds: int, pages: int
) -> None:
    """Print for each kind of page the times of our servers, of which ``first`` keeps no page, and
    the ratio of ours to the other.
    """
    heads = ("page", "connections", "p50 ms: policykg / Datasette", "ratio", "p99 ms", "ratio")
    print(f"| {' | '.join((*heads, 'processor ms', 'ratio'))} |")
    print(f"| {' | '.join(['---'] * (len(heads) + 2))} |")
    for work in kinds:
        for again in (False, True):
            ours = kept if again else first
            for connections in _CONNECTIONS:
                timings: dict[str, list[Timing]] = {ours.name: [], peer.name: []}
                spent = dict.fromkeys(timings, 0.0)
                for number in range(rounds):
                    start = (number * 2 + (connections > 1)) * pages
                    for server, address in ((ours, work.ours), (peer, work.peer)):
                        asked = [
                            request(server, address(7 if again else start + place))
                            for place in range(pages)
                        ]
                        taken = ProcessorTime(server.pid)
                        timings[server.name].append(load.run(server.address, asked, connections))
                        spent[server.name] += taken.seconds()
                pairs = [
                    tuple(
                        statistics.median(t.percentile(percent) for t in timings[one.name])
                        for one in (ours, peer)
                    )
                    for percent in (50, 99)
                ]
                pairs.append(tuple(spent[one.name] * 1000 / rounds / pages for one in (ours, peer)))
                cells = " | ".join(f"{a:.2f} / {b:.2f} | {a / b:.2f}" for a, b in pairs)
                name = f"{work.name}, {'repeated' if again else 'distinct'}"
                print(f"| {name} | {connections} | {cells} |", flush=True)


def main() -> None:
    """Run the comparison for each size that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", default="10000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--only", default="", help="kinds of pages whose names have this in them")
    arguments = parser.parse_args()
    for triples in map(int, arguments.triples.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            page_data.load_policykg(folder, triples)
            database = page_data.load_sqlite(folder, triples)
            kinds = [
                work for work in works(*page_data.names(database)) if arguments.only in work.name
            ]
            with (
                servers.policykg(folder, BASE_IRI=generate.BASE, PAGE_CACHE_MB="0") as first,
                servers.policykg(folder, BASE_IRI=generate.BASE) as kept,
                servers.datasette(database) as peer,
            ):
                print(f"\n{triples:,} statements\n")
                compare(first, kept, peer, kinds, arguments.rounds, arguments.pages)


if __name__ == "__main__":
    main()
