"""Spans of requests, queries and pages, without what was asked; a clear line if there are none."""

import json
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from served import Served

from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.limits import Limits
from kg.settings import Settings
from server import tracing
from server.app import create_app
from server.traced_engine import TracedEngine
from server.traced_requests import register
from server.tracing import start_tracing
from tests.server.writing import TOKEN
from tests.server.writing import Writer

Start = Callable[..., Served]
SECRET = "wholly-private"
CLIENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(built: Path) -> Iterator[Callable[..., list[ReadableSpan]]]:
    """Return a function that gets an address and returns the spans of that, the last one first."""
    exporter = InMemorySpanExporter()
    tracing = start_tracing("console", exporter)
    assert tracing
    engine = IsolatedEngine(built, Limits())
    app = create_app(Settings(data=built), TracedEngine(engine, tracing))
    register(app, tracing)

    def get(path: str, **headers: str) -> list[ReadableSpan]:
        exporter.clear()
        app.test_client().get(path, headers={"Accept": "text/html", **headers})
        tracing.flush()
        return list(reversed(exporter.get_finished_spans()))

    yield get
    tracing.close()
    engine.close()


def said(spans: list[ReadableSpan]) -> str:
    return " ".join(span.to_json() for span in spans)


def test_a_page_has_spans_for_its_queries_and_for_what_is_rendered(
    spans: Callable[..., list[ReadableSpan]],
) -> None:
    top, *below = spans("/page/pakistan", traceparent=CLIENT)
    assert top.name == "GET /page/<slug>"
    assert top.parent is not None
    assert f"{top.parent.span_id:x}" == "b7ad6b7169203331"
    values = dict(top.attributes or {})
    assert len(str(values.pop("policykg.request_id"))) == 12
    assert values == {
        "http.request.method": "GET",
        "http.route": "/page/<slug>",
        "http.response.status_code": 200,
    }
    assert {span.name for span in below} == {"page", "page query"}
    assert all(span.parent and span.parent.span_id == top.context.span_id for span in below)
    [kept] = spans("/page/pakistan")  # without a query, and rendered before
    assert kept.name == "GET /page/<slug>"


def test_a_query_is_told_by_a_digest_alone(spans: Callable[..., list[ReadableSpan]]) -> None:
    found = spans(f"/sparql?query={quote(f'ASK {{ <urn:{SECRET}> ?p ?o }}')}", Accept="text/csv")
    assert [span.name for span in found] == ["GET /sparql", "query"]
    assert len(str((found[1].attributes or {})["policykg.query_digest"])) == 16
    assert SECRET not in said(found)


def test_what_fails_is_told_by_its_kind_alone(spans: Callable[..., list[ReadableSpan]]) -> None:
    found = spans(f"/sparql?query={quote(f'ASK {{ {SECRET}')}", Accept="text/csv")
    assert (found[0].attributes or {})["http.response.status_code"] == 400
    assert (found[1].attributes or {})["error.type"] == "QuerySyntaxError"
    assert SECRET not in said(found)
    [top] = [span for span in spans(f"/nothing/{SECRET}") if span.name.startswith("GET")]
    assert (top.name, SECRET in said([top])) == ("GET -", False)


@contextmanager
def collector() -> Iterator[tuple[str, list[str]]]:
    """Run what takes spans by OTLP; yield its address and the names of the spans that came."""
    names: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 (the name is that of the library)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    names.extend(span.name for span in scope.spans)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", names
        server.shutdown()


def test_a_server_sends_its_spans(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "policykg.toml"
    config.write_text('tracing = "otlp"\n', encoding="utf-8")
    with collector() as (address, names):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        options = ("--empty", "--data", tmp_path / "data", "--port", "0", "--config", config)
        served = start(*options, "--write-token", TOKEN)
        # Without a token, so that it is answered by the short way.
        assert Writer(served.address, {}).values("SELECT (1 AS ?n) {}") == ["1"]
        assert Writer(served.address).update("INSERT DATA { <urn:s> <urn:p> 1 }").status == 200
        assert served.stop()[0] == 0
    assert names == ["GET /sparql", "write", "POST /update"]


def test_without_the_library_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert start_tracing("otlp") is None
    [record] = caplog.records
    assert record.getMessage() == (
        "Tracing was asked for (POLICYKG_TRACING), but OpenTelemetry is not installed; the server "
        "goes on without. `pip install 'policykg[tracing]'` brings it."
    )


def test_the_console_gets_a_line_a_span(capsys: pytest.CaptureFixture[str]) -> None:
    traced = start_tracing("console")
    assert traced
    traced.answered("0123456789ab", "GET", "/sparql", 200, 0.25)
    traced.close()
    span = json.loads(capsys.readouterr().err)
    assert (span["name"], span["attributes"]["policykg.request_id"]) == (
        "GET /sparql",
        "0123456789ab",
    )
    assert tracing.digest("ASK {}") == tracing.digest("ASK {}") != tracing.digest("ASK { }")
