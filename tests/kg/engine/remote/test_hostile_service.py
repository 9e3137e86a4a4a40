"""A service that lies, breaks off, hangs or cuts: each is told, and never taken for an answer."""

import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.isolation.limits import Limits
from kg.engine.remote.engine import RemoteEngine
from kg.errors import ClientGone
from kg.errors import EngineDown
from kg.errors import EngineFailed
from kg.errors import QueryRefused
from kg.errors import QuerySyntaxError
from kg.errors import QueryTimeout
from kg.errors import ResultTooLarge
from kg.settings import load_settings

CSV = Formats("text/csv", "text/turtle")
LIMITS = Limits(query_seconds=1.0, result=1 << 20)
VERSION = (
    '{"head":{"vars":["number","digest","quads"]},"results":{"bindings":[{'
    '"number":{"type":"literal","value":"7"},"digest":{"type":"literal","value":"ab"},'
    '"quads":{"type":"literal","value":"3"}}]}}'
)
NO_GRAPHS = '{"head":{"vars":["g"]},"results":{"bindings":[]}}'
Behaviour = Callable[[socket.socket], None]


def whole(body: str, kind: str = "application/sparql-results+json", more: str = "") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body.encode()


class Liar:
    """A service that says which version it holds, and behaves as it is told for all else."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = lambda connection: connection.sendall(
            whole("a\r\n1\r\n", "text/csv")
        )
        self.asked = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while request := _request(connection):
                if b"versionInfo" in request:
                    connection.sendall(whole(VERSION))
                elif b"GROUP+BY+%3Fg" in request:
                    connection.sendall(whole(NO_GRAPHS))
                else:
                    self.asked += 1
                    self.behaviour(connection)


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + body


@pytest.fixture
def liar() -> Iterator[Liar]:
    with closing(Liar()) as liar:
        yield liar


@pytest.fixture
def engine(liar: Liar, tmp_path: Path) -> Iterator[RemoteEngine]:
    settings = load_settings({}, data=tmp_path, engine="remote", query_url=liar.address)
    with closing(RemoteEngine(settings, LIMITS)) as engine:
        yield engine


def ask(engine: RemoteEngine, caller: Caller | None = None) -> bytes:
    query = Query("SELECT * { ?s ?p ?o }")
    return engine.answer(query, CSV, caller or Caller()).body


def sends(data: bytes) -> Behaviour:
    def send(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    return send


def test_an_honest_answer_comes_through_on_kept_connections(
    engine: RemoteEngine, liar: Liar
) -> None:
    assert [ask(engine), ask(engine)] == [b"a\r\n1\r\n"] * 2
    assert liar.asked == 2
    assert (engine.version().number, engine.version().digest) == (7, "ab")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 100\r\n\r\na\r\n1\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\na\r\n1\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\na",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n1\r\n",
        whole("a\r\n1\r\n", "text/csv", "X-SPARQL-MaxRows: 10000\r\n"),
        whole("a\r\n1\r\n", "text/csv", "X-SQL-State: S1TAT\r\n"),
        whole("<p>Welcome", "text/html"),
        b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\n\x1b[31mx",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_is_never_taken_for_one(
    engine: RemoteEngine, liar: Liar, data: bytes
) -> None:
    liar.behaviour = sends(data)
    with pytest.raises(EngineFailed) as error:
        ask(engine)
    assert "\x1b" not in str(error.value)
    liar.behaviour = lambda connection: connection.sendall(whole("a\r\n", "text/csv"))
    assert ask(engine) == b"a\r\n"


def test_a_large_answer_that_breaks_off_raises_within_it(engine: RemoteEngine, liar: Liar) -> None:
    rows = b"x" * 300_000
    liar.behaviour = sends(HEAD + b"Content-Length: 900000\r\n\r\n" + rows)
    answer = engine.answer(Query("SELECT * { ?s ?p ?o }"), CSV)
    assert answer.size is None
    with pytest.raises(EngineFailed, match="broke its answer off"):
        assert answer.body
    assert engine.load() == (0, 0)


def test_an_answer_that_is_too_large_is_cut_visibly(engine: RemoteEngine, liar: Liar) -> None:
    liar.behaviour = sends(HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 3_000_000)
    with pytest.raises(ResultTooLarge, match="1048576 bytes"):
        ask(engine)


@pytest.mark.parametrize("before", [b"", HEAD + b"Content-Length: 1000\r\n\r\n"])
def test_a_service_that_drips_or_hangs_reaches_the_time_limit(
    engine: RemoteEngine, liar: Liar, before: bytes
) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(before)
        for _ in range(100):
            if before:
                connection.sendall(b"x")
            time.sleep(0.1)

    liar.behaviour = drip
    with pytest.raises(QueryTimeout, match="POLICYKG_QUERY_SECONDS"):
        ask(engine)
    assert engine.load() == (0, 0)


def test_a_client_that_leaves_ends_the_exchange(engine: RemoteEngine, liar: Liar) -> None:
    liar.behaviour = lambda connection: time.sleep(30)
    left = threading.Event()
    threading.Timer(0.3, left.set).start()
    with pytest.raises(ClientGone):
        ask(replace_seconds(engine), Caller("client", left.is_set))


def replace_seconds(engine: RemoteEngine) -> RemoteEngine:
    engine._limits = replace(engine._limits, query_seconds=20.0)
    return engine


def test_what_the_service_says_of_a_query_is_told_with_its_place(
    engine: RemoteEngine, liar: Liar
) -> None:
    said = "error at 1:37: expected }"
    head = f"HTTP/1.1 400 Bad\r\nContent-Length: {len(said)}\r\n\r\n"
    liar.behaviour = sends((head + said).encode())
    with pytest.raises(QuerySyntaxError, match="expected }") as error:
        engine.answer(Query("SELECT * {", base_iri="http://example.org/"), CSV)
    assert (error.value.line, error.value.column) == (1, 37 - len("BASE <http://example.org/> "))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        'define get:soft "replace" SELECT * FROM <http://example.org/> { ?s ?p ?o }',
        'BASE <urn:x> DeFiNe input:inference "x" ASK {}',
    ],
)
def test_what_makes_a_service_fetch_is_never_sent(
    engine: RemoteEngine, liar: Liar, query: str
) -> None:
    with pytest.raises(QueryRefused):
        engine.answer(Query(query), CSV)
    assert liar.asked == 0


def test_a_literal_that_says_define_is_fine(engine: RemoteEngine) -> None:
    assert engine.answer(Query('SELECT ("define" AS ?define) {}'), CSV).body == b"a\r\n1\r\n"


def test_a_service_that_is_gone_fails_at_once_and_is_found_again(tmp_path: Path) -> None:
    with ExitStack() as opened:
        liar = opened.enter_context(closing(Liar()))
        settings = load_settings({}, data=tmp_path, engine="remote", query_url=liar.address)
        engine = opened.enter_context(closing(RemoteEngine(settings, LIMITS)))
        known = engine.version()
        liar.behaviour = sends(b"")
        with pytest.raises(EngineDown) as error:
            ask(engine)
        assert error.value.retry_after is not None
        began = time.monotonic()
        with pytest.raises(EngineDown):
            ask(engine)
        assert time.monotonic() - began < 1
        assert engine.version() == known
        liar.behaviour = lambda connection: connection.sendall(whole("a\r\n", "text/csv"))
        until = time.monotonic() + 20
        while True:
            with suppress(EngineDown):
                assert ask(engine) == b"a\r\n"
                break
            assert time.monotonic() < until
            time.sleep(0.2)


def test_another_address_answers_when_one_is_gone(liar: Liar, tmp_path: Path) -> None:
    addresses = f"http://127.0.0.1:1/,{liar.address}"
    settings = load_settings({}, data=tmp_path, engine="remote", query_url=addresses)
    with closing(RemoteEngine(settings, LIMITS)) as engine:
        assert [ask(engine) for _ in range(4)] == [b"a\r\n1\r\n"] * 4
