"""A client that sends batch after batch has its share of reconciling, and others have theirs."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from urllib.parse import urlsplit

from served import Served

HOSTILE, OTHER = "127.0.0.66", "127.0.0.77"
LONG = ("of the government national internal security policy of Pakistan (PAK) " * 6)[:396]
BATCH = {f"q{n}": {"query": f"{LONG}{n:03}", "limit": 50} for n in range(200)}
STATUSES = {200, 429, 503, 504}


def ask(address: str, source: str, path: str, body: str = "") -> tuple[int, bytes]:
    """Return status and body of a request from the address ``source``."""
    parts = urlsplit(address)
    there = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=120, source_address=(source, 0)
    )
    try:
        there.request(
            "POST" if body else "GET",
            path,
            body or None,
            {"Content-Type": "application/x-www-form-urlencoded"} if body else {},
        )
        answer = there.getresponse()
        return answer.status, answer.read()
    finally:
        there.close()


def queries(batch: object) -> str:
    return urlencode({"queries": json.dumps(batch)})


def test_a_flood_of_batches_holds_nobody_up(
    start_for_module: Callable[..., Served], built: Path
) -> None:
    address = start_for_module("--no-build", "--data", built, "--port", "0").address
    assert ask(address, OTHER, "/reconcile")[0] == 200
    statuses: Counter[int] = Counter()
    over = threading.Event()
    begun = threading.Barrier(13)

    def flood() -> None:
        begun.wait(60)
        while not over.is_set():
            statuses[ask(address, HOSTILE, "/reconcile", queries(BATCH))[0]] += 1

    threads = [threading.Thread(target=flood) for _ in range(12)]
    for thread in threads:
        thread.start()
    begun.wait(60)
    try:
        for _ in range(3):
            status, body = ask(address, OTHER, "/reconcile", queries({"a": {"query": "Pakstan"}}))
            assert status == 200
            assert json.loads(body)["a"]["result"][0]["match"] is True
            assert ask(address, OTHER, "/page/pakistan")[0] == 200
            assert ask(address, OTHER, "/sparql?query=ASK%7B%7D")[0] == 200
    finally:
        over.set()
        for thread in threads:
            thread.join(120)
    assert set(statuses) <= STATUSES
    assert ask(address, OTHER, "/reconcile", queries({"a": {"query": "NAP"}}))[0] == 200


def test_what_one_query_may_hold_is_bounded(
    start_for_module: Callable[..., Served], built: Path
) -> None:
    address = start_for_module("--no-build", "--data", built, "--port", "0").address
    values = {"query": "NAP", "properties": [{"pid": "wikidata", "v": ["Q1"] * 51}]}
    types = {"query": "NAP", "type": ["Policy"] * 51}
    for query, where in ((values, "queries.a.properties[0].v"), (types, "queries.a.type")):
        status, body = ask(address, OTHER, "/reconcile", queries({"a": query}))
        assert status == 400
        assert where in body.decode()
    assert ask(address, OTHER, "/reconcile", queries({**BATCH, "more": {"query": "x"}}))[0] == 413
