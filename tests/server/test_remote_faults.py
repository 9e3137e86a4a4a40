"""A server over an engine that is slow, lies or breaks off: told as such, and over when it is."""

import socket
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from served import Served

from tests.kg.engine.remote.test_hostile_service import Behaviour
from tests.kg.engine.remote.test_hostile_service import Liar
from tests.kg.engine.remote.test_hostile_service import sends
from tests.kg.engine.remote.test_hostile_service import whole
from tests.server.test_reloading import until
from tests.server.writing import Reply
from tests.server.writing import Writer

RESULT = '{"head":{"vars":["n"]},"results":{"bindings":[]}}'
_NUMBERS = count()


def hangs(connection: socket.socket) -> None:
    connection.settimeout(60)
    connection.recv(1)


def drips(connection: socket.socket) -> None:
    connection.sendall(whole(RESULT)[:-20])
    while True:  # until nobody listens any more
        time.sleep(0.1)
        connection.sendall(b" ")


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    with closing(Liar()) as liar:
        yield liar


@pytest.fixture(scope="module")
def served(
    liar: Liar,
    start_for_module: Callable[..., Served],
    tmp_path_factory: pytest.TempPathFactory,
) -> Served:
    folder = tmp_path_factory.mktemp("remote-faults")
    config = folder / "policykg.toml"
    config.write_text(
        f'engine = "remote"\nquery_url = "{liar.address}"\n'
        "query_seconds = 1\npage_query_seconds = 1\n",
        encoding="utf-8",
    )
    return start_for_module("--data", folder / "data", "--config", config, "--port", "0")


def ask(served: Served, name: str) -> Reply:
    return Writer(served.address, {}).ask(f"SELECT (1 AS ?{name}) {{}}")


@pytest.mark.parametrize(
    ("behaviour", "status", "title"),
    [
        (hangs, 504, "Query took too long"),
        (drips, 504, "Query took too long"),
        (sends(whole(RESULT)[:-20]), 502, "The engine failed"),
        (sends(b""), 503, "The engine cannot be reached"),
        (sends(b"\x00\xff not HTTP\r\n\r\n"), 503, "The engine cannot be reached"),
        (sends(whole("<html>sorry</html>", "text/html")), 502, "The engine failed"),
        (sends(whole("ok").replace(b"200 OK", b"500 No")), 502, "The engine failed"),
        (sends(whole("ok").replace(b"200 OK", b"503 No")), 503, "The engine cannot be reached"),
    ],
    ids=["hangs", "drips", "half", "nothing", "garbage", "html", "500", "503"],
)
def test_it_is_told_and_found_again(
    served: Served, liar: Liar, behaviour: Behaviour, status: int, title: str
) -> None:
    liar.behaviour = lambda connection: connection.sendall(whole(RESULT))
    fresh = (f"v{n}" for n in _NUMBERS)  # what was asked before is kept
    name = next(fresh)
    until(lambda: ask(served, name).status == 200, "the engine is not found again")
    liar.behaviour = behaviour
    refused = ask(served, next(fresh))
    assert (refused.status, refused.json["title"]) == (status, title)
    assert ask(served, name).status == 200  # it is kept
    ready = Writer(served.address, {}).send("GET", "/readyz")
    assert ready.status == 503
    figures = Writer(served.address, {}).send("GET", "/metrics").body.decode()
    assert "\npolicykg_engine_up 0.0\n" in figures
    liar.behaviour = lambda connection: connection.sendall(whole(RESULT))
    until(lambda: ask(served, next(fresh)).status == 200, "the engine is not found again")
    until(
        lambda: Writer(served.address, {}).send("GET", "/readyz").status == 200, "it is not ready"
    )
