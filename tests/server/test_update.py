"""Updates: all or nothing, only with a token, visible at once, never lost."""

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from served import Served

from kg.engine.versions import VersionStore
from kg.namespaces import GRAPH
from tests.server.writing import TOKEN
from tests.server.writing import Writer

Start = Callable[..., Served]
E = "http://example.org/"
FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"
ALL = f"SELECT ?o {{ GRAPH <{E}g> {{ ?s ?p ?o }} }}"


def insert(value: str) -> str:
    return f'INSERT DATA {{ GRAPH <{E}g> {{ <{E}s> <{E}p> "{value}" }} }}'


@pytest.fixture
def served(start: Start, tmp_path: Path) -> Served:
    return start("--empty", "--data", tmp_path, "--port", "0", "--write-token", TOKEN)


@pytest.fixture
def writer(served: Served) -> Writer:
    return Writer(served.address)


def test_an_update_is_visible_at_once_as_a_new_version(writer: Writer) -> None:
    reply = writer.update(insert("one"))
    assert (reply.status, reply.json) == (200, {"version": 2, "statements": 1})
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Cache-Control"] == "no-store"
    assert writer.values(ALL) == ["one"]
    assert writer.send("GET", "/healthz").json["version"] == 2


def test_an_update_by_form(writer: Writer) -> None:
    assert writer.send("POST", "/update", urlencode({"update": insert("a&b")}), FORM).status == 200
    assert writer.values(ALL) == ["a&b"]


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer t\u00f6ken"},
        {"Authorization": "Bearer " + "x" * 10_000},
        {"Cookie": f"token={TOKEN}"},
        {"X-HTTP-Method-Override": "POST"},
    ],
)
def test_without_the_token_nothing_changes(served: Served, credentials: dict[str, str]) -> None:
    stranger = Writer(served.address, credentials)
    requests = [
        ("POST", f"/update?access_token={TOKEN}", insert("x"), UPDATE),
        ("POST", "/update", f"update={insert('x')}", FORM),
        ("PUT", f"/store?graph={E}g", "<a:> <b:> 1 .", "text/turtle"),
        ("POST", f"/store?graph={E}g", "<a:> <b:> 1 .", "text/turtle"),
        ("PATCH", f"/store?graph={E}g", insert("x"), UPDATE),
        ("DELETE", "/store?default", None, None),
    ]
    for method, path, body, content_type in requests:
        reply = stranger.send(method, path, body, content_type)
        assert (reply.status, reply.json["title"]) == (401, "Token needed"), (method, path)
        assert reply.headers["WWW-Authenticate"] == 'Bearer realm="policykg"'
    assert Writer(served.address).send("GET", "/healthz").json["version"] == 1


def test_a_server_without_tokens_takes_no_writes(start: Start, tmp_path: Path) -> None:
    served = start("--empty", "--data", tmp_path, "--port", "0")
    reply = Writer(served.address).update(insert("x"))
    assert (reply.status, reply.json["detail"]) == (403, "This server takes no writes")


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status"),
    [
        ("GET", "/update?update=CLEAR%20ALL", None, None, 405),
        ("GET", "/sparql?update=CLEAR%20ALL", None, None, 403),
        ("POST", "/sparql", "CLEAR ALL", UPDATE, 403),
        ("POST", "/sparql", "CLEAR ALL", "application/sparql-query", 400),
        ("POST", "/update", "CLEAR ALL", "text/plain", 415),
        ("POST", "/update", "CLEAR ALL", "application/sparql-update; charset=utf-16", 415),
        ("POST", "/update?update=CLEAR%20ALL", "", FORM, 400),
        ("POST", "/update", "update=CLEAR+ALL&update=CLEAR+ALL", FORM, 400),
        ("POST", "/update", "query=ASK+%7B%7D", FORM, 400),
        ("POST", "/update", b"CLEAR \xff", UPDATE, 400),
        ("POST", "/update", "", UPDATE, 200),
        ("POST", "/update?using-graph-uri=no%20iri", "CLEAR ALL", UPDATE, 400),
        ("POST", "/update", "SELECT * {}", UPDATE, 400),
        ("POST", "/update", "LOAD <http://127.0.0.1:1/>", UPDATE, 403),
        ("POST", "/update", "INSERT {} WHERE { SERVICE <http://127.0.0.1:1/> {} }", UPDATE, 403),
    ],
)  # fmt: skip
def test_what_is_no_proper_update(
    writer: Writer, method: str, path: str, body: str | None, content_type: str, status: int
) -> None:
    writer.update(insert("kept"))
    reply = writer.send(method, path, body, content_type)
    assert reply.status == status, reply.body
    assert writer.values(ALL) == ["kept"]


@pytest.mark.parametrize(
    "late_failure",
    [
        insert("x") + " ; LOAD <file:///etc/passwd>",
        insert("x") + f" ; CREATE GRAPH <{E}g>",
        insert("x") + f" ; DROP GRAPH <{E}none>",
        insert("x") + " ; INSERT DATA {",
    ],
)
def test_a_late_failure_leaves_all_as_it_was(writer: Writer, late_failure: str) -> None:
    writer.update(insert("kept"))
    assert 400 <= writer.update(late_failure).status < 500
    assert writer.values(ALL) == ["kept"]
    assert writer.send("GET", "/healthz").json["version"] == 2


def test_what_the_build_made_is_not_for_users(start: Start, built: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    # A copy, because the built graph is shared by all tests.
    shutil.copytree(built, data, symlinks=True)
    served = start("--no-build", "--data", data, "--port", "0", "--write-token", TOKEN)
    writer = Writer(served.address)
    derived = f"{GRAPH}derived"
    for reply in (
        writer.update(f"CLEAR GRAPH <{derived}>"),
        writer.update(f"INSERT DATA {{ GRAPH <{derived}> {{ <a:> <b:> <c:> }} }}"),
        writer.send("PUT", f"/store?graph={derived}", "", "text/turtle"),
        writer.send("DELETE", f"/store?graph={derived}"),
    ):
        assert (reply.status, reply.json["title"]) == (409, "Graph belongs to the build")
    assert writer.update(insert("mine")).status == 200
    assert writer.values(ALL) == ["mine"]


def test_concurrent_writers_queue(writer: Writer) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: statuses.append(writer.update(insert(str(n))).status))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert writer.values(ALL) == sorted(map(str, range(8)))


@pytest.fixture
def restarting(start: Start, tmp_path: Path) -> Callable[[], Served]:
    def again() -> Served:
        return start("--empty", "--data", tmp_path, "--port", "0", "--write-token", TOKEN)

    return again


def processes_of(served: Served) -> list[int]:
    """Return the server's process and all below it."""
    found = [served.process.pid]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*"):
            with suppress(FileNotFoundError):  # it has just ended
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


@pytest.mark.parametrize("round_number", range(5))
def test_an_acknowledged_write_survives_a_kill_at_any_moment(
    restarting: Callable[[], Served], tmp_path: Path, round_number: int
) -> None:
    served = restarting()
    writer = Writer(served.address)
    acknowledged: list[str] = []

    def write() -> None:
        for number in range(1000):
            try:
                if writer.update(insert(str(number))).status != 200:
                    return
            except OSError:
                return
            acknowledged.append(str(number))

    writing = threading.Thread(target=write)
    writing.start()
    time.sleep(0.2 + random.Random(round_number).random() / 2)
    for pid in processes_of(served):
        with suppress(ProcessLookupError):  # a write that has just ended
            os.kill(pid, signal.SIGKILL)
    writing.join()
    assert acknowledged
    after = Writer(restarting().address)
    left = set(after.values(ALL))
    assert set(acknowledged) <= left
    # At most the write that was under way has come into service besides.
    assert len(left) <= len(acknowledged) + 1
    assert after.update(insert("after")).status == 200
    assert not list((tmp_path / "versions").glob(".new-*"))
    last = list(VersionStore(tmp_path).journal())[-1]
    assert (last["by"], last["kind"], last["change"]) == ("given to serve", "update", 1)
