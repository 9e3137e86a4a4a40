"""A real `policykg serve`: it says where it listens, answers, and stops; its failures are told."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import parse
from served import Served
from SPARQLWrapper import JSON
from SPARQLWrapper import POST
from SPARQLWrapper import POSTDIRECTLY
from SPARQLWrapper import TURTLE
from SPARQLWrapper import SPARQLWrapper

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.versions import FORMAT
from kg.errors import ListenError
from kg.namespaces import ID
from kg.settings import Settings
from server.listening import listen

Start = Callable[..., Served]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

NAP = ID + "national-action-plan"
LABEL = f"""SELECT ?label WHERE {{
  <{NAP}> <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(LANG(?label) = "en")
}}"""


def get(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.status, response.read()


def children(pid: int) -> list[int]:
    """Return the processes whose parent is ``pid``."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_from_start_to_stop(start: Start, built: Path, with_signal: int) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    assert re.fullmatch(r"policykg listens on http://127\.0\.0\.1:[1-9]\d*/\n", served.first_line)
    status, body = get(served.address + "/healthz")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    _, description = get(served.address + "/sparql")
    assert f"<{served.address}/sparql>" in description.decode()
    code, out, err = served.stop(with_signal)
    assert (code, out) == (0, "")
    lines = [line for line in err.splitlines() if " path=" in line]
    assert [line.split(" path=")[1].split(" ms=")[0] for line in lines] == [
        '"/healthz" route="/healthz" status=200',
        '"/sparql" route="/sparql" status=200',
    ], err


def test_nothing_is_left_behind(start: Start, built: Path) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    (zygote,) = children(served.process.pid)
    workers = children(zygote)
    assert workers
    assert served.stop()[0] == 0
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in (zygote, *workers)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("method", "request_method"), [("GET", None), (POST, None), (POST, POSTDIRECTLY)]
)
def test_sparqlwrapper(start: Start, built: Path, method: str, request_method: str | None) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    endpoint = SPARQLWrapper(served.address + "/sparql")
    endpoint.setMethod(method)
    if request_method:
        endpoint.setRequestMethod(request_method)
    endpoint.setReturnFormat(JSON)
    endpoint.setQuery(LABEL)
    answer = endpoint.query()
    try:
        found = answer.convert()
    finally:
        answer.response.close()
    bindings = found["results"]["bindings"]
    assert [row["label"]["value"] for row in bindings] == ["National Action Plan"]


def test_sparqlwrapper_gets_graphs(start: Start, built: Path, engine: EmbeddedEngine) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    endpoint = SPARQLWrapper(served.address + "/sparql")
    endpoint.setQuery(f"CONSTRUCT {{ <{NAP}> ?p ?o }} WHERE {{ <{NAP}> ?p ?o }}")
    endpoint.setReturnFormat(TURTLE)
    answer = endpoint.query()
    try:
        found = set(parse(answer.convert(), format=RdfFormat.TURTLE))
    finally:
        answer.response.close()
    assert len(found) == len(engine.rows(Query(f"SELECT DISTINCT * {{ <{NAP}> ?p ?o }}"))) > 3


def test_the_command_line_of_the_page_runs(start: Start, built: Path) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    request = urllib.request.Request(served.address + "/sparql", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=30) as response:
        page = response.read().decode()
    match = re.search(r"<pre[^>]*>(curl .*?)</pre>", page, re.DOTALL)
    assert match
    done = subprocess.run(
        unescape(match.group(1)).replace("curl ", "curl -sS ", 1),
        shell=True,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "recommendation,says,certainty"
    assert len(lines) == 11


@pytest.mark.parametrize("whom", ["worker", "zygote"])
def test_a_process_that_dies_is_replaced(start: Start, built: Path, whom: str) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    (zygote,) = children(served.process.pid)
    for process in children(zygote) if whom == "worker" else [zygote]:
        os.kill(process, signal.SIGKILL)
    time.sleep(0.1)
    ask = served.address + "/sparql?query=ASK%7B%7D"
    assert get(ask) == (200, b'{"head":{},"boolean":true}')
    code, out, _ = served.stop()
    assert (code, out) == (0, "")


@pytest.fixture
def impatient(tmp_path: Path) -> Path:
    """Return a settings file by which queries may take a second."""
    path = tmp_path / "policykg.toml"
    path.write_text("query_seconds = 1\n", encoding="utf-8")
    return path


def test_an_answer_that_fails_half_way_is_broken_off(
    start: Start, built: Path, impatient: Path
) -> None:
    served = start("--no-build", "--port", "0", "--data", built, "--config", impatient)
    query = "SELECT * WHERE { ?a ?p ?x . ?b ?q ?y }"
    address = f"{served.address}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    with (
        urllib.request.urlopen(address, timeout=30) as response,
        Path(os.devnull).open("wb") as sink,
    ):
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead):
            shutil.copyfileobj(response, sink)
    assert get(served.address + "/healthz")[0] == 200


def test_running_requests_may_end(start: Start, built: Path, impatient: Path) -> None:
    served = start("--no-build", "--port", "0", "--data", built, "--config", impatient)
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?x . ?b ?q ?y } LIMIT 1"
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            + f"Content-Length: {len(slow)}\r\n\r\n{slow}".encode()
        )
        time.sleep(0.3)
        served.process.send_signal(signal.SIGTERM)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    # The query takes far longer than it may, so that it was running when the signal came.
    assert answer.startswith(b"HTTP/1.1 504 ")
    assert b"The query took longer than 1 seconds" in answer
    assert served.process.wait(30) == 0


def test_a_port_in_use(run: Run, built: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--no-build", "--port", str(port), "--data", built)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: Cannot listen: address already in use (127.0.0.1:{port}). "
        "Give another port with --port (0 takes a free one), or another --host.\n"
    )


def test_no_graph_and_no_build(run: Run, tmp_path: Path) -> None:
    done = run("serve", "--no-build", "--port", "0", "--data", tmp_path / "none")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: No graph has been built here ({tmp_path / 'none'}). "
        "Run `policykg build`, or start `policykg serve` without --no-build.\n"
    )
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("options", [["--no-build"], []])
def test_a_store_from_a_newer_version(run: Run, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "format.json").write_text(f'{{"format": {FORMAT + 1}}}', encoding="ascii")
    done = run("serve", *options, "--port", "0", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: The data folder has format {FORMAT + 1}; this policykg knows formats up to "
        f"{FORMAT} ({tmp_path}). Upgrade policykg, or give another folder with --data.\n"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "70000"], "70000"),
        (["--host", "no.such.host.invalid"], "There is no such host (no.such.host.invalid:0)"),
        (["--host", "203.0.113.1"], "Cannot listen: cannot assign requested address"),
        (["--config", "nothing.toml"], "nothing.toml"),
    ],
)
def test_options_that_do_not_fit(run: Run, built: Path, options: list[str], told: str) -> None:
    done = run("serve", "--no-build", "--port", "0", "--data", built, *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"Error: .*\n", done.stderr)
    assert told in done.stderr


def test_the_graph_is_built_first(start: Start, tmp_path: Path) -> None:
    served = start("--port", "0", "--data", tmp_path / "data")
    assert json.loads(get(served.address + "/healthz")[1])["version"] == 1
    assert served.stop()[0] == 0
    # What is built already is not built again.
    stamp = (tmp_path / "data" / "built-from").stat().st_mtime_ns
    served = start("--port", "0", "--data", tmp_path / "data")
    assert served.stop()[0] == 0
    assert (tmp_path / "data" / "built-from").stat().st_mtime_ns == stamp


def test_a_socket_that_listens(built: Path) -> None:
    with listen(Settings(data=built, port=0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ListenError) as caught:
            listen(Settings(data=built, port=port))
    assert caught.value.where == f"127.0.0.1:{port}"
    with listen(Settings(data=built, host="localhost", port=0)) as other:
        assert other.getsockname()[1] > 0
