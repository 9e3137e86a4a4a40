"""Spans by OpenTelemetry, where its library is installed and tracing is set.

What clients ask for is not in them: no query, no address of a client. Where spans are sent is said
by the library's own variables, such as ``OTEL_EXPORTER_OTLP_ENDPOINT``.
"""

import hashlib
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Final

from kg import __version__
from kg.errors import PolicykgError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

_LOGGER: Final = logging.getLogger("policykg.server")
_NANOSECONDS: Final = 1_000_000_000
STATUS: Final = "http.response.status_code"
_ABSENT: Final = (
    "Tracing was asked for (POLICYKG_TRACING), but OpenTelemetry is not installed; the server goes "
    "on without. `pip install 'policykg[tracing]'` brings it."
)


class Tracing:
    """Makes spans and has them sent; several threads may use it."""

    def __init__(self, provider: "TracerProvider") -> None:
        self.tracer = provider.get_tracer("policykg", __version__)
        self._provider = provider

    @contextmanager
    def span(self, name: str, **values: str | int) -> Iterator["Span"]:
        """Make a span of what is done within; an error of ours is told by its kind alone."""
        with self.tracer.start_as_current_span(
            name, attributes=_named(values), record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except PolicykgError as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def answered(
        self, identifier: str, method: str, route: str, status: int, seconds: float
    ) -> None:
        """Make a span of a request that was answered just now, after so many seconds."""
        from opentelemetry.trace import SpanKind

        now = time.time_ns()
        begun = now - int(seconds * _NANOSECONDS)
        values = request_values(identifier, method, route)
        span = self.tracer.start_span(
            f"{method} {route}", kind=SpanKind.SERVER, attributes=values, start_time=begun
        )
        span.set_attribute(STATUS, status)
        span.end(now)

    def flush(self) -> None:
        """Send what has not been sent."""
        self._provider.force_flush()

    def close(self) -> None:
        """Send what has not been sent, and make no more."""
        self._provider.shutdown()


def start_tracing(kind: str, exporter: "SpanExporter | None" = None) -> Tracing | None:
    """Return what makes spans and sends them to ``exporter``, or else to where ``kind`` says.

    ``kind`` is ``console`` or ``otlp``. Returns ``None``, and says so in the log, if the library is
    not installed.
    """
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        sent_to = exporter or _exporter(kind)
    except ImportError:
        _LOGGER.warning("%s", _ABSENT)
        return None
    name = os.environ.get("OTEL_SERVICE_NAME", "policykg")
    resource = Resource.create({"service.name": name, "service.version": __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(sent_to))
    return Tracing(provider)


def request_values(identifier: str, method: str, route: str) -> dict[str, str]:
    """Return the attributes of a request's span, named by OpenTelemetry's conventions for HTTP."""
    return {
        "http.request.method": method,
        "http.route": route,
        "policykg.request_id": identifier,
    }


def digest(query: str) -> str:
    """Return what tells one query from another without telling what it asks."""
    return hashlib.sha256(query.encode()).hexdigest()[:16]


def _exporter(kind: str) -> "SpanExporter":
    if kind == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: span.to_json(None) + "\n")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def _named(values: dict[str, str | int]) -> dict[str, str | int]:
    return {f"policykg.{name}": value for name, value in values.items()}
