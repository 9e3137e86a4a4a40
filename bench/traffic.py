"""Mixed traffic at a fixed rate, as a portal has it, beside servers that do parts of it.

    python bench/traffic.py [--rate 100] [--minutes 10] [--triples 100000] [--only policykg]

Of the requests 60 % are for pages, 20 % for answers of the catalogue, 15 % for SPARQL queries and
5 % for searches. Requests begin when they are due, whether those before have been answered or not,
and their time counts from then, so that a server which stalls is charged for all that had to
wait. What is not a 200 counts as an error.
The same pages and queries then go to Datasette and `oxigraph serve`, side by side; they have no
search. docs/operations.md says where the rate comes from. The client shares the processors with
the servers. Needs the packages of the dependency group `bench`.
"""

import argparse
import http.client
import queue
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Final
from urllib.parse import quote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import generate
import page_data
import questions
import servers

from kg.catalogue import CatalogueQuery
from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.engine.remote.binding import with_values
from kg.engine.versions import VersionStore
from kg.namespaces import POL

SHARES: Final = {"page": 60, "catalogue": 20, "SPARQL": 15, "search": 5}  # in a hundred
_CLIENTS: Final = 64  # connections, of which no more are busy than there are requests under way
_TIMEOUT: Final = 60  # seconds
_WARM: Final = 200  # requests that do not count


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: on our server, and where else the same is found, if anywhere."""

    kind: str
    ours: str
    peer: str
    peer_path: str


@dataclass(slots=True)
class Told:
    """The seconds of all requests of a kind, and how often which status came that is no 200.

    0 stands for no answer.
    """

    seconds: list[float] = field(default_factory=list)
    errors: Counter[int] = field(default_factory=Counter)


class Mix:
    """Draws requests; the same seed draws the same ones."""

    def __init__(self, entities: Sequence[str], claims: Sequence[str], triples: int) -> None:
        self._random = random.Random(1)
        self._entities = entities
        self._claims = claims
        self._triples = triples
        self._questions = list(load_catalogue(generate.BASE).values())

    def draw(self) -> Request:
        """Return the next request."""
        (kind,) = self._random.choices(list(SHARES), list(SHARES.values()))
        if kind == "page":
            return self._page()
        if kind == "catalogue":
            return self._question(self._random.choice(self._questions))
        if kind == "SPARQL":
            text = self._sparql()
            return Request(kind, f"/sparql?{urlencode({'query': text})}", "oxigraph", _query(text))
        return Request(kind, f"/api/search?q={quote(self._words())}", "", "")

    def _page(self) -> Request:
        place = self._random.random()
        if place < 0.7:
            name = self._popular(self._entities)
            return Request("page", f"/page/{name}", "datasette", f"/bench/entity/{name}")
        if place < 0.9:
            name = self._popular(self._claims)
            return Request("page", f"/page/{name}", "datasette", f"/bench/claim/{name}")
        number = self._random.randrange(1, max(2, len(self._claims) // 100))
        after = self._claims[number * 100 % len(self._claims)]
        peer = f"/bench/claim?_next={after}&_size=100"
        return Request("page", f"/list/claims?page={number}", "datasette", peer)

    def _question(self, question: CatalogueQuery) -> Request:
        """Return a request for the answer, about one of the things that are generated if any."""
        values = {
            parameter.name: f"{generate.BASE}id/{self._popular(self._entities)}"
            if "/id/" in parameter.example
            else parameter.example
            for parameter in question.parameters
        }
        text = with_values(question.text, bind(question, values))
        path = f"/queries/{question.name}.csv?{urlencode(values)}"
        return Request("catalogue", path, "oxigraph", _query(text))

    def _sparql(self) -> str:
        number = self._random.randrange(10**6)
        if self._random.random() < 0.9:
            return questions.lookup(number, self._triples)
        return questions.analytic(number, self._triples).replace(generate.VOCABULARY, POL)

    def _words(self) -> str:
        return self._popular(self._entities).replace("-", " ")

    def _popular(self, things: Sequence[str]) -> str:
        """Return one of ``things``; the first are drawn most, as few pages get most visits."""
        return things[int(len(things) ** self._random.random()) - 1]


def _query(text: str) -> str:
    return f"/query?{urlencode({'query': text})}"


def run(
    addresses: dict[str, str], requests: Sequence[tuple[str, str, str]], rate: float
) -> tuple[dict[str, Told], float]:
    """Send ``requests``, each a kind, the name of a server and a path, at ``rate`` a second.

    Returns what came of each kind, and how many seconds late the sender was at most.
    """
    told = {kind: Told() for kind in SHARES}
    due: queue.Queue[tuple[float, str, str, str] | None] = queue.Queue()
    lock = threading.Lock()
    late = [0.0]

    def work() -> None:
        kept: dict[str, http.client.HTTPConnection] = {}
        while (item := due.get()) is not None:
            when, kind, server, path = item
            late[0] = max(late[0], time.perf_counter() - when)
            status = _ask(kept, server, addresses[server], path)
            seconds = time.perf_counter() - when
            with lock:
                told[kind].seconds.append(seconds)
                if status != 200:
                    told[kind].errors[status] += 1
        for connection in kept.values():
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    arrivals = random.Random(2)
    when = time.perf_counter()
    for request in requests:
        when += arrivals.expovariate(rate)
        time.sleep(max(0.0, when - time.perf_counter()))
        due.put((when, *request))
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    return told, late[0]


def _ask(kept: dict[str, http.client.HTTPConnection], server: str, address: str, path: str) -> int:
    """Return the status of the answer; 0 if there is none."""
    for _ in range(2):  # a connection that was kept may have been closed meanwhile
        fresh = server not in kept
        if fresh:
            kept[server] = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_TIMEOUT)
        try:
            headers = {"Accept": "text/csv, text/html, */*;q=0.1", "Accept-Encoding": "gzip"}
            kept[server].request("GET", path, headers=headers)
            answer = kept[server].getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            kept.pop(server).close()
            if fresh:
                return 0
    return 0


def report(name: str, told: dict[str, Told], late: float, seconds: float) -> None:
    """Print the rows of one run."""
    everything = Told(
        [second for one in told.values() for second in one.seconds],
        sum((one.errors for one in told.values()), Counter()),
    )
    for kind, one in (*told.items(), ("all", everything)):
        if len(one.seconds) < 2:
            continue
        cut = statistics.quantiles(one.seconds, n=1000, method="inclusive")
        times = " | ".join(f"{cut[place] * 1000:.1f}" for place in (499, 949, 989, 998))
        errors = f"{one.errors.total()} ({one.errors.total() / len(one.seconds):.3%})"
        print(f"| {name} | {kind} | {len(one.seconds)} | {errors} | {times} |", flush=True)
    if everything.errors:
        print(f"<!-- {name}, errors by status: {dict(everything.errors)} -->")
    rate = len(everything.seconds) / seconds
    print(
        f"<!-- {name}: {rate:.1f} a second; the sender was late by {late * 1000:.0f} ms at most -->"
    )


def compare(folder: Path, database: Path, mix: Mix, arguments: argparse.Namespace) -> None:
    """Run our server alone, then the others side by side, on the same requests."""
    count = int(arguments.rate * arguments.minutes * 60)
    drawn = [mix.draw() for _ in range(_WARM + count)]
    print("| server | requests | number | errors | p50 ms | p95 ms | p99 ms | p99.9 ms |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with servers.policykg(folder, BASE_IRI=generate.BASE) as ours:
        # The index of the search is made when the first one asks; builds make it beforehand.
        while _ask({}, "policykg", ours.address, "/api/search?q=entity") == 503:
            time.sleep(1)
        asked = [(one.kind, "policykg", one.ours) for one in drawn]
        _measure("policykg", {"policykg": ours.address}, asked, arguments.rate)
    if arguments.only:
        return
    with servers.oxigraph(folder) as oxigraph, servers.datasette(database) as datasette:
        addresses = {"oxigraph": oxigraph.address, "datasette": datasette.address}
        asked = [(one.kind, one.peer, one.peer_path) for one in drawn if one.peer]
        # As much less as there is nothing to ask them.
        rate = arguments.rate * len(asked) / len(drawn)
        _measure("Datasette, oxigraph", addresses, asked, rate)


def _measure(
    name: str, addresses: dict[str, str], asked: Sequence[tuple[str, str, str]], rate: float
) -> None:
    run(addresses, asked[:_WARM], rate)
    began = time.perf_counter()
    told, late = run(addresses, asked[_WARM:], rate)
    report(name, told, late, time.perf_counter() - began)


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--only", choices=["policykg"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page_data.load_policykg(folder, arguments.triples)
        database = page_data.load_sqlite(folder, arguments.triples)
        versions = VersionStore(folder / "policykg")
        # `oxigraph serve` reads what the library of the same version wrote.
        shutil.copytree(versions.store_path(versions.current()), folder / "oxigraph")
        compare(folder, database, Mix(*page_data.names(database), arguments.triples), arguments)


if __name__ == "__main__":
    main()
